package kr.kisgateway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.bench.result.BenchException;
import org.junit.jupiter.api.Test;

class HttpLoadTest {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @Test
    void an_answer_is_complete_with_its_last_byte_only() {
        var text = "HTTP/1.1 200 OK\r\nX: 7\r\ncontent-Length: 5\r\n\r\nhello";
        for (int bytes = 0; bytes < text.length(); bytes++) {
            assertThat(HttpLoad.status(buffer(text.substring(0, bytes))))
                    .as("after %d bytes", bytes)
                    .isZero();
        }
        assertThat(HttpLoad.status(buffer(text))).isEqualTo(200);
    }

    @Test
    void an_answer_without_a_length_is_refused_because_its_end_is_unknown() {
        var chunked = buffer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");

        assertThatThrownBy(() -> HttpLoad.status(chunked)).isInstanceOf(BenchException.class);
    }

    @Test
    void a_run_with_more_than_a_few_refusals_of_the_expected_kind_or_with_another_is_no_figure() {
        outcome(Map.of(200, 995L, 409, 5L)).requireOkBut(409, 0.005, "A request");

        for (var statuses :
                List.of(Map.of(200, 994L, 409, 6L), Map.of(200, 999L, 503, 1L), Map.of(200, 995L, 409, 4L, 503, 1L))) {
            assertThatThrownBy(() -> outcome(statuses).requireOkBut(409, 0.005, "A request"))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("A request was not answered by 200 alone");
        }
        assertThatThrownBy(() -> outcome(Map.of(200, 999L, 409, 1L)).requireAllOk("A request"))
                .isInstanceOf(BenchException.class);
        assertThatThrownBy(() -> outcome(Map.of()).requireAllOk("A request")).isInstanceOf(BenchException.class);
    }

    private static HttpLoad.Outcome outcome(Map<Integer, Long> statuses) {
        return new HttpLoad.Outcome(1, new Latency(), new Latency(), statuses, "", 0);
    }

    @Test
    void an_open_loop_measures_latency_from_the_scheduled_time_of_each_request() throws IOException {
        var release = new CountDownLatch(1);
        var requests = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var server = server(exchange -> {
                // The first answer waits until the clock of this test stands a second later.
                if (requests.incrementAndGet() == 1) awaitQuietly(release);
            });
            server.setExecutor(threads);
            server.start();
            // A clock that jumps: the first request is sent at 0, and all others are due by the time it is answered.
            var reads = new AtomicInteger();
            try (var load = HttpLoad.connect(server.getAddress().getPort(), 1, () -> {
                if (reads.incrementAndGet() < 4) return 0;
                release.countDown();
                return 1_000_000_000;
            })) {
                var outcome = load.run(Pace.open(0, 10, 1), n -> REQUEST, Duration.ofSeconds(10));

                assertThat(outcome.statuses()).containsOnlyKeys(200).containsEntry(200, 10L);
                assertThat(outcome.latency().count()).isEqualTo(10);
                assertThat(outcome.latency().ms(100))
                        .as("the stalled first one")
                        .isBetween(999.0, 1_001.0);
                assertThat(outcome.latency().ms(50)).as("the delayed ones").isBetween(499.0, 601.0);
            } finally {
                server.stop(0);
            }
        }
    }

    @Test
    void an_answer_of_48_kB_is_complete() throws IOException {
        var server = server(exchange -> {});
        server.createContext("/long", exchange -> {
            exchange.sendResponseHeaders(200, 48_000);
            exchange.getResponseBody().write(new byte[48_000]);
            exchange.close();
        });
        server.start();
        try (var load = HttpLoad.connect(server.getAddress().getPort(), 1, System::nanoTime)) {
            var request = "GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

            var outcome = load.run(Pace.open(System.nanoTime(), 2, 1), _ -> request, Duration.ofSeconds(10));

            assertThat(outcome.statuses()).containsOnlyKeys(200);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_run_with_refusals_has_no_result() throws IOException {
        var server = server(exchange -> {});
        server.createContext("/no", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
        try (var load = HttpLoad.connect(server.getAddress().getPort(), 2, System::nanoTime)) {
            var bad = "GET /no HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            var outcome =
                    load.run(Pace.open(System.nanoTime(), 100, 1), n -> n == 3 ? bad : REQUEST, Duration.ofSeconds(10));

            assertThat(outcome.statuses()).containsEntry(503, 1L);
            assertThatThrownBy(() -> outcome.requireAllOk("the test")).hasMessageContaining("503");
        } finally {
            server.stop(0);
        }
    }

    private interface Before {
        void answer(com.sun.net.httpserver.HttpExchange exchange);
    }

    private static HttpServer server(Before before) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            before.answer(exchange);
            exchange.sendResponseHeaders(200, 2);
            try (var body = exchange.getResponseBody()) {
                body.write(new byte[] {'o', 'k'});
            }
        });
        return server;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ByteBuffer buffer(String text) {
        return ByteBuffer.allocate(1_024).put(text.getBytes(StandardCharsets.US_ASCII));
    }
}
