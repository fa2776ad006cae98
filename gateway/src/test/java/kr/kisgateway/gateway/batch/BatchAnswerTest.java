package kr.kisgateway.gateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.batch.BatchKind.Look;
import kr.kisgateway.gateway.batch.BatchKind.Told;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.http.TraceIds;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who reads the answers of batches slowly, or not at all. */
@Requirement("P-09")
class BatchAnswerTest {
    private static final List<String> SYMBOLS =
            IntStream.range(0, 400).mapToObj("%06d"::formatted).toList();

    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private Optional<HttpEdge> edge = Optional.empty();

    @AfterEach
    void stop() {
        edge.ifPresent(HttpEdge::close);
        workers.close();
        client.close();
    }

    @Test
    void a_key_holds_half_of_the_places_at_most() throws Exception {
        serve(Duration.ofMinutes(1));
        try (var _ = reading("slow");
                var _ = reading("slow")) {
            until(() -> ask("slow").statusCode() == 429);
            var refused = ask("slow");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body()).contains("QUOTA_EXCEEDED", "2 batches of your key");
            assertThat(ask("other").body()).contains("\"succeeded\":400");
            // Whoever needs no key shares what is left with all others who need none.
            try (var _ = reading(Caller.LOCAL_NAME);
                    var _ = reading(Caller.LOCAL_NAME)) {
                until(() -> ask("other").statusCode() == 429);
                assertThat(ask("other").body()).contains("4 batches run already");
            }
        }
    }

    @Test
    void a_batch_that_nobody_reads_ends_and_its_place_is_free() throws Exception {
        serve(Duration.ofSeconds(1));
        try (var _ = reading("slow");
                var trickle = reading("slow")) {
            until(() -> ask("slow").statusCode() == 429);
            var in = trickle.getInputStream();
            var bytes = new byte[512];
            until(() -> {
                assertThat(in.read(bytes)).isPositive();
                return ask("slow").statusCode() == 200;
            });
        }
    }

    @Test
    void a_reader_who_takes_his_time_between_two_lines_gets_all() throws Exception {
        serve(Duration.ofSeconds(5));
        try (var socket = reading("steady")) {
            var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("\"succeeded\":400");
        }
    }

    private void serve(Duration patience) {
        var answer = new BatchAnswer(new Batches(InstantSource.system(), workers), patience, 1 << 30);
        var big = "x".repeat(64 * 1_024);
        var table = new RouteTable()
                .get(
                        Role.QUOTE,
                        "/batch",
                        call -> answer.answer(
                                call,
                                SYMBOLS,
                                new Known(),
                                (json, value) -> json.beginObject()
                                        .field("symbol", value)
                                        .field("text", big)
                                        .endObject()));
        edge = Optional.of(HttpEdge.start(
                EdgeSettings.at("127.0.0.1", 0),
                table,
                (knock, _) -> new Caller(
                        knock.apiKey().orElse(Caller.LOCAL_NAME), Role.QUOTE, Optional.empty(), Optional.empty()),
                new TraceIds(1)));
    }

    /** A connection that has begun a batch of 25 MB, of which it reads nothing beyond the status for now. */
    private Socket reading(String key) throws IOException {
        for (int i = 0; i < 200; i++) {
            var socket = new Socket();
            socket.setReceiveBufferSize(8_192);
            socket.connect(new java.net.InetSocketAddress("127.0.0.1", port()));
            socket.getOutputStream()
                    .write(("GET /batch HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + key + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            if (status.equals("HTTP/1.1 200")) {
                return socket;
            }
            // The place of a batch that was read to its end is free a moment later.
            socket.close();
        }
        throw new AssertionError("no batch began");
    }

    private HttpResponse<String> ask(String key) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/batch"))
                        .timeout(Duration.ofSeconds(30))
                        .header("X-API-Key", key)
                        .build(),
                BodyHandlers.ofString());
    }

    private int port() {
        return edge.orElseThrow().port();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 500; i++) {
            if (condition.holds()) {
                return;
            }
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(condition.holds()).isTrue();
    }

    private static final class Known implements BatchKind<String> {
        @Override
        public Look<String> look(String text) {
            return new Look.AtHand<>(new Told.Known<>(text));
        }

        @Override
        public int most(Listed listed) {
            return 1;
        }

        @Override
        public int calls(List<Listed> group) {
            return 1;
        }

        @Override
        public int callsPerSecond() {
            return 1;
        }

        @Override
        public Map<MarketSymbol, Told<String>> ask(List<Listed> group) {
            throw new IllegalStateException("all is at hand");
        }
    }
}
