package kr.kisgateway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.wire.ExecutionNotice;
import org.junit.jupiter.api.Test;

class KisTapTest {
    private static final String ORDER = "/uapi/domestic-stock/v1/trading/order-cash";

    private final BlockingQueue<OrderMix.Terms> sent = new LinkedBlockingQueue<>();
    private final AtomicLong clock = new AtomicLong();

    @Test
    void orders_are_reported_by_their_terms_and_all_bytes_pass_unchanged() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (var tap = KisTap.open(server.getAddress().getPort(), clock::incrementAndGet, watcher());
                var client = HttpClient.newHttpClient()) {
            var order = "{\"PDNO\":\"005930\",\"ORD_DVSN\":\"00\",\"ORD_QTY\":\"7\",\"ORD_UNPR\":\"70100\"}";
            var other = "{\"PDNO\":\"000660\",\"ORD_QTY\":\"1\",\"ORD_UNPR\":\"1\"}";

            assertThat(post(client, tap.port(), "/oauth2/tokenP", other)).isEqualTo(other);
            assertThat(post(client, tap.port(), ORDER, order)).isEqualTo(order);
            assertThat(post(client, tap.port(), ORDER, other)).isEqualTo(other);

            assertThat(List.of(next(), next()))
                    .containsExactly(new OrderMix.Terms("005930", 7, 70_100), new OrderMix.Terms("000660", 1, 1));
            assertThat(sent).isEmpty();
        } finally {
            server.stop(0);
        }
    }

    private OrderMix.Terms next() throws InterruptedException {
        var terms = sent.poll(10, TimeUnit.SECONDS);
        assertThat(terms).isNotNull();
        return terms;
    }

    private static String post(HttpClient client, int port, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private KisTap.Watcher watcher() {
        return new KisTap.Watcher() {
            @Override
            public void orderSent(OrderMix.Terms order, long nanos) {
                sent.add(order);
            }

            @Override
            public void noticeReceived(ExecutionNotice notice, long nanos) {}
        };
    }
}
