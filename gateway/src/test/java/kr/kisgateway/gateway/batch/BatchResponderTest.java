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
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.batch.BatchKind.Resolution;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that read the answers of batches slowly, or not at all. */
@Requirement("P-09")
class BatchResponderTest {
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
    void a_key_uses_at_most_half_of_the_batch_slots() throws Exception {
        serve(Duration.ofMinutes(1));
        try (var _ = openReader("slow");
                var _ = openReader("slow")) {
            until(() -> requestBatch("slow").statusCode() == 429);
            var refused = requestBatch("slow");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body()).contains("QUOTA_EXCEEDED", "2 batches of your key");
            assertThat(requestBatch("other").body()).contains("\"succeeded\":400");
            // A caller without a key shares the rest with all others without one.
            try (var _ = openReader(Caller.LOCAL_NAME);
                    var _ = openReader(Caller.LOCAL_NAME)) {
                until(() -> requestBatch("other").statusCode() == 429);
                assertThat(requestBatch("other").body()).contains("4 batches are running");
            }
        }
    }

    @Test
    void an_unread_batch_ends_and_frees_its_slot() throws Exception {
        serve(Duration.ofSeconds(1));
        try (var _ = openReader("slow");
                var slowReader = openReader("slow")) {
            until(() -> requestBatch("slow").statusCode() == 429);
            var in = slowReader.getInputStream();
            var bytes = new byte[512];
            until(() -> {
                assertThat(in.read(bytes)).isPositive();
                return requestBatch("slow").statusCode() == 200;
            });
        }
    }

    @Test
    void a_slow_reader_receives_every_line() throws Exception {
        serve(Duration.ofSeconds(5));
        try (var socket = openReader("steady")) {
            var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("\"succeeded\":400");
        }
    }

    private void serve(Duration writeTimeout) {
        var answer = new BatchResponder(
                new BatchRunner(InstantSource.system(), workers), new ThreadTaskRunner(), writeTimeout, 1 << 30);
        var big = "x".repeat(64 * 1_024);
        var table = new RouteTable()
                .get(
                        Role.QUOTE,
                        "/batch",
                        call -> answer.respond(
                                call,
                                SYMBOLS,
                                new ListedKind(),
                                (json, value) -> json.beginObject()
                                        .field("symbol", value)
                                        .field("text", big)
                                        .endObject()));
        edge = Optional.of(HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0),
                table,
                (knock, _) -> new Caller(
                        knock.apiKey().orElse(Caller.LOCAL_NAME), Role.QUOTE, Optional.empty(), Optional.empty()),
                new TraceIds(1),
                new ThreadTaskRunner()));
    }

    /** A connection that has started a batch of 25 MB and for now reads only its status. */
    private Socket openReader(String key) throws IOException {
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
            // The slot of a batch that was read to its end is free a moment later.
            socket.close();
        }
        throw new AssertionError("no batch began");
    }

    private HttpResponse<String> requestBatch(String key) throws Exception {
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
        boolean isTrue() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 500; i++) {
            if (condition.isTrue()) {
                return;
            }
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(condition.isTrue()).isTrue();
    }

    private static final class ListedKind implements BatchKind<String> {
        @Override
        public Resolution<String> resolve(String text) {
            return new Resolution.Immediate<>(Result.success(text));
        }

        @Override
        public int groupSizeMax(Listed listed) {
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
        public Map<MarketSymbol, Result<String>> request(List<Listed> group) {
            throw new IllegalStateException("every value is cached");
        }
    }
}
