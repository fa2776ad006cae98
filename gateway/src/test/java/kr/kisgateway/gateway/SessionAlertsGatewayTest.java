package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of the KIS session that need a person, in the list of alerts and on the stream. */
@Tag("slow")
class SessionAlertsGatewayTest {
    @TempDir
    Path folder;

    private static void awaitSettled(GatewayFixture gateway, String event) {
        Await.until(
                event + " is settled",
                () -> gateway.alert(event)
                        .filter(it -> !it.path("settled_at").isNull())
                        .isPresent());
        gateway.contract().check("GET", "/v1/alerts", gateway.get("/v1/alerts"));
    }

    @Test
    @Requirement(value = "A-13", clause = "feed")
    void a_feed_outage_of_thirty_seconds_raises_an_alert_that_settles_on_recovery() throws Exception {
        try (var gateway = GatewayFixture.start(folder);
                var client = HttpClient.newHttpClient()) {
            gateway.awaitReady();
            var frames = new LinkedBlockingQueue<String>();
            var socket = client.newWebSocketBuilder()
                    .buildAsync(
                            URI.create(gateway.gateway().baseUri().toString().replace("http:", "ws:") + "/v1/stream"),
                            new Texts(frames))
                    .get(30, TimeUnit.SECONDS);
            try {
                socket.sendText("{\"op\":\"subscribe\",\"channels\":[\"alerts\"],\"id\":\"1\"}", true)
                        .get(30, TimeUnit.SECONDS);
                gateway.fault("{\"forget_approvals\":true,\"unavailable_before\":{\"on\":\"tokens\",\"for\":\"10m\"},"
                        + "\"drop_sockets\":true}");
                Await.until("the socket is closed", () -> gateway.blockers().contains("WS_DISCONNECTED"));
                Await.until("the feed is down", () -> {
                    gateway.jump(Duration.ofSeconds(1));
                    return gateway.alert("feed_down").isPresent();
                });
                assertThat(gateway.alert("feed_down")
                                .orElseThrow()
                                .path("level")
                                .asString(""))
                        .isEqualTo("P1");
                await(frames, "\"feed_down\"", "\"settled_at\":null");
                gateway.fault("{\"clear\":true}");
                Await.until("the gateway can trade", () -> {
                    gateway.jump(Duration.ofSeconds(1));
                    return gateway.blockers().isEmpty();
                });
                awaitSettled(gateway, "feed_down");
                await(frames, "\"feed_down\"", "\"settled_at\":\"20");
            } finally {
                socket.abort(); // the client waits for it when it closes
            }
        }
    }

    private static void await(LinkedBlockingQueue<String> frames, String... parts) throws InterruptedException {
        while (true) {
            var frame = frames.poll(60, TimeUnit.SECONDS);
            assertThat(frame)
                    .as("a message with " + String.join(" and ", parts))
                    .isNotNull();
            if (java.util.List.of(parts).stream().allMatch(String.valueOf(frame)::contains)) {
                return;
            }
        }
    }

    /** Each text as it arrives; alerts are short and come in one part. */
    private record Texts(LinkedBlockingQueue<String> frames) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            frames.add(data.toString());
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    @Test
    @Requirement(value = "G-09", clause = "tenth")
    void the_tenth_failed_reconnect_raises_an_alert_that_settles_with_the_next_connection() {
        var config = SimulatorConfig.defaults(folder.resolve("broker.db"));
        var simulator = KisSimulator.start(config);
        int port = simulator.port();
        try (var gateway = GatewayFixture.start(
                folder,
                simulator.restBase(),
                Map.of("SIMULATOR_URL", simulator.restBase().toString()))) {
            gateway.awaitReady();
            simulator.close();
            Await.until("ten attempts have failed", () -> {
                gateway.jump(Duration.ofSeconds(5));
                gateway.get("/v1/session/status");
                return gateway.alert("ws_reconnect_exhausted").isPresent();
            });
            var alert = gateway.alert("ws_reconnect_exhausted").orElseThrow();
            assertThat(alert.path("level").asString("")).isEqualTo("P1");
            assertThat(alert.path("message").asString("")).contains("10 times");
            try (var restarted = KisSimulator.start(config.withPort(port))) {
                Await.until("the socket is back", () -> {
                    gateway.jump(Duration.ofSeconds(20));
                    return gateway.json("/v1/session/live-readiness")
                            .path("ws_connected")
                            .asBoolean();
                });
                awaitSettled(gateway, "ws_reconnect_exhausted");
            }
        }
    }

    @Test
    @Requirement("I-01")
    void a_registration_kis_refuses_after_a_gap_raises_an_alert() {
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            Await.until(
                    "the feed",
                    () -> gateway.json("/v1/quotes/005930")
                            .path("source")
                            .asString("")
                            .equals("kis-ws"));
            gateway.fault("{\"registration_limit\":1,\"drop_sockets\":true}");
            Await.until(
                    "the gap alert about the trades is raised",
                    () -> gateway.alerts("gap_not_repaired").stream()
                            .map(alert -> alert.path("message").asString(""))
                            .anyMatch(message -> message.contains("trades of 005930") && message.contains("OPSP0008")));
            // Raised by another thread than the gap's.
            Await.until(
                    "the refusal's alert is raised",
                    () -> gateway.alert("registration_refused").isPresent());
            var refused = gateway.alert("registration_refused").orElseThrow();
            assertThat(refused.path("level").asString(""))
                    .as("the severity of OPSP0008 is high")
                    .isEqualTo("P2");
        }
    }

    @Test
    @Requirement(value = "I-01", clause = "marked")
    void minutes_kis_fails_to_return_after_a_gap_raise_an_alert_that_settles_when_they_arrive() throws Exception {
        // Minutes of yesterday are not requested again, and this test moves its clock.
        var now = ZonedDateTime.now(ZoneId.of("Asia/Seoul"));
        var ahead = now.getHour() < 20
                ? Duration.ZERO
                : Duration.between(
                        now, now.plusDays(1).truncatedTo(ChronoUnit.DAYS).plusHours(12));
        try (var gateway =
                        GatewayFixture.start(folder, Optional.empty(), ahead, Map.of(), List.of("--simulator-seed=7"));
                var client = HttpClient.newHttpClient()) {
            gateway.awaitReady();
            var frames = new LinkedBlockingQueue<String>();
            var socket = client.newWebSocketBuilder()
                    .buildAsync(
                            URI.create(gateway.gateway().baseUri().toString().replace("http:", "ws:") + "/v1/stream"),
                            new Texts(frames))
                    .get(30, TimeUnit.SECONDS);
            try {
                socket.sendText(
                                "{\"op\":\"subscribe\",\"channels\":[\"bars:1m\"],\"symbols\":[\"005930\"],\"id\":\"1\"}",
                                true)
                        .get(30, TimeUnit.SECONDS);
                var frame = frames.poll(30, TimeUnit.SECONDS);
                while (frame != null && !frame.contains("\"close\"")) {
                    frame = frames.poll(30, TimeUnit.SECONDS);
                }
                assertThat(frame).as("a bar").isNotNull();
                gateway.fault(
                        "{\"query_errors\":{\"on\":\"queries\",\"path\":\"inquire-time-itemchartprice\",\"chance\":1},"
                                + "\"drop_sockets\":true}");
                Await.until("the gap alert is raised", () -> {
                    gateway.jump(Duration.ofSeconds(1));
                    return gateway.alert("gap_not_repaired").isPresent();
                });
                var alert = gateway.alert("gap_not_repaired").orElseThrow();
                assertThat(alert.path("level").asString("")).isEqualTo("P2");
                assertThat(alert.path("message").asString("")).contains("bars of 005930 lack trades", "3 times");
                assertThat(alert.path("settled_at").isNull()).isTrue();
                assertThat(gateway.brokerState().at("/fault_hits/query_errors").asLong(0))
                        .as("calls for the minutes that KIS failed to answer")
                        .isGreaterThanOrEqualTo(3);

                gateway.fault("{\"clear\":true}");
                Await.until("the bars are complete", () -> {
                    gateway.jump(Duration.ofSeconds(1));
                    return !gateway.alert("gap_not_repaired")
                            .orElseThrow()
                            .path("settled_at")
                            .isNull();
                });
                awaitSettled(gateway, "gap_not_repaired");
            } finally {
                socket.abort(); // the client waits for it when it closes
            }
        }
    }
}
