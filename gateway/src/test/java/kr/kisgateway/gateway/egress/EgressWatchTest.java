package kr.kisgateway.gateway.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.gateway.access.Network;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.egress.OwnAddress.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressWatchTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T01:00:00Z"));

    private final AlertLog alerts = new AlertLog();
    private final AtomicReference<Answer> answer = new AtomicReference<>(new Answer.Unknown("not asked"));
    private final EgressWatch watch = new EgressWatch(
            List.of(
                    Network.parse("203.0.113.0/24").orElseThrow(),
                    Network.parse("2001:db8::/32").orElseThrow()),
            URI.create("http://127.0.0.1:1"),
            _ -> answer.get(),
            new AlertSource(alerts, AlertEvent.EGRESS_ADDRESS_DIFFERS, CLOCK));

    private Duration see(Answer next) {
        answer.set(next);
        return watch.check();
    }

    @Test
    void nothing_is_allowed_before_an_allowed_address_was_seen() {
        assertThat(watch.blockers()).containsExactly("EGRESS_ADDRESS");
        assertThat(see(new Answer.Unknown("away"))).isEqualTo(Duration.ofSeconds(10));
        assertThat(watch.blockers()).containsExactly("EGRESS_ADDRESS");
        assertThat(alerts.newest(10)).isEmpty();
        assertThat(see(new Answer.Seen("2001:db8::7"))).isEqualTo(Duration.ofMinutes(5));
        assertThat(watch.blockers()).isEmpty();
    }

    @Test
    void
            another_address_blocks_with_an_alert_until_an_allowed_one_is_seen_and_an_outage_of_the_service_changes_nothing() {
        see(new Answer.Seen("203.0.113.1"));
        see(new Answer.Unknown("away"));
        assertThat(watch.blockers()).isEmpty();
        see(new Answer.Seen("203.0.114.1"));
        assertThat(watch.blockers()).containsExactly("EGRESS_ADDRESS");
        see(new Answer.Seen("203.0.114.1"));
        see(new Answer.Unknown("away"));
        assertThat(watch.blockers()).containsExactly("EGRESS_ADDRESS");
        assertThat(alerts.newest(10)).singleElement().satisfies(alert -> {
            assertThat(alert.message()).contains("203.0.114.1");
            assertThat(alert.settledAt()).isEmpty();
        });
        see(new Answer.Seen("203.0.113.255"));
        assertThat(watch.blockers()).isEmpty();
        assertThat(watch.lastAddress()).contains("203.0.113.255");
        assertThat(alerts.newest(10))
                .singleElement()
                .satisfies(alert -> assertThat(alert.settledAt()).isPresent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "200;203.0.113.7;203.0.113.7",
                "200;2001:db8::1;2001:db8::1",
                "200;203.0.113.0/24;",
                "200;<html>203.0.113.7</html>;",
                "200;localhost;",
                "302;203.0.113.7;",
                "500;203.0.113.7;",
            })
    void only_an_answer_that_is_an_address_alone_is_taken(int status, String text, String expected) throws Exception {
        var service = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        service.createContext("/", call -> {
            byte[] bytes = (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
            call.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
            call.sendResponseHeaders(status, bytes.length);
            call.getResponseBody().write(bytes);
            call.close();
        });
        service.start();
        try {
            var seen = OwnAddress.request(
                    URI.create("http://127.0.0.1:" + service.getAddress().getPort()));
            if (expected == null) {
                assertThat(seen).isInstanceOf(Answer.Unknown.class);
            } else {
                assertThat(seen).isEqualTo(new Answer.Seen(expected));
            }
        } finally {
            service.stop(0);
        }
    }

    @Test
    void a_service_that_sends_without_an_end_is_left_after_some_bytes() throws Exception {
        var service = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        service.createContext("/", call -> {
            call.sendResponseHeaders(200, 0);
            try (var body = call.getResponseBody()) {
                for (int i = 0; i < 1_000_000; i++) {
                    body.write("1".repeat(1_000).getBytes(StandardCharsets.US_ASCII));
                }
            }
        });
        service.start();
        try {
            assertThat(OwnAddress.request(URI.create(
                            "http://127.0.0.1:" + service.getAddress().getPort())))
                    .isInstanceOf(Answer.Unknown.class);
        } finally {
            service.stop(0);
        }
    }
}
