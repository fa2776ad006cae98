package kr.kisgateway.gatewayclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GatewayClientTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private ServerSocket server;
    private GatewayClient client;

    @BeforeEach
    void a_server_that_refuses_everything() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::refuseAll);
        client = GatewayClient.onPort(server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void a_refusal_is_an_answer_with_its_code_headers_and_body() {
        var answer = client.post("/v1/orders", "{\"qty\":0}", "key-1");
        assertThat(answer.ok()).isFalse();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_QTY");
        assertThat(answer.header("retry-after")).contains("3");
        assertThat(answer.body().path("price").intValue()).isEqualTo(71000);
        assertThat(requests).containsExactly("POST /v1/orders key-1 application/json {\"qty\":0}");
    }

    @Test
    void a_body_that_is_no_json_stays_readable_as_text() {
        var answer = client.get("/html?x=1");
        assertThat(answer.body().isMissingNode()).isTrue();
        assertThat(answer.text()).isEqualTo("<html>");
        assertThat(answer.code()).isEmpty();
    }

    @Test
    void what_the_gateway_must_refuse_can_be_sent_as_it_is() {
        client.send("PATCH", "/v1/orders", Optional.of("{broken"), Map.of("Content-Type", "text/plain"));
        assertThat(requests).containsExactly("PATCH /v1/orders - text/plain {broken");
    }

    @Test
    void the_failure_names_a_gateway_that_does_not_run() throws IOException {
        int closedPort;
        // A port that never accepted: closing one that does races with the connection it may still take.
        try (var reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = reserved.getLocalPort();
        }
        try (var unconnected = GatewayClient.onPort(closedPort)) {
            assertThatThrownBy(() -> unconnected.get("/health/live"))
                    .isInstanceOf(GatewayException.class)
                    .hasMessageContaining("/health/live");
        }
    }

    @Test
    @Requirement("P-09")
    void a_batch_reports_each_line_with_progress_and_ends_with_its_stats() {
        var events = new ArrayList<String>();
        var answer = client.batch("/v1/quotes/batch?lines=250", "{\"symbols\":[]}", new BatchListener() {
            @Override
            public void begins(JsonNode expected) {
                events.add("begins " + expected.path("calls").asInt(0));
            }

            @Override
            public void failed(String symbol, JsonNode refusal) {
                events.add(symbol + " " + refusal.path("code").asString(""));
            }

            @Override
            public void succeeded(String symbol, JsonNode value) {
                assertThat(value.path("price").asInt(0)).isEqualTo(71000);
            }

            @Override
            public void completed(int completed, int total, String symbol) {
                assertThat(total).isEqualTo(250);
                assertThat(symbol).isEqualTo("S" + completed);
            }

            @Override
            public void milestone(int completed, int total) {
                events.add(completed + " of " + total);
            }
        });
        assertThat(events)
                .containsExactly("begins 9", "100 of 250", "200 of 250", "S250 SYMBOL_NOT_FOUND", "250 of 250");
        assertThat(answer.ok()).isTrue();
        assertThat(answer.body().at("/stats/succeeded").asInt(0)).isEqualTo(249);
    }

    @Test
    @Requirement("P-09")
    void a_batch_that_breaks_off_is_no_answer_and_one_that_is_refused_is() {
        assertThatThrownBy(() -> client.batch("/v1/bars/batch?broken", "{}", new BatchListener() {}))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("no complete answer");
        assertThat(client.batch("/v1/bars/batch", "{}", new BatchListener() {}).code())
                .isEqualTo("INVALID_QTY");
    }

    private static String batch(int symbols) {
        var lines = new StringBuilder("{\"expected\":{\"symbols\":" + symbols + ",\"calls\":9}}\n");
        for (int i = 1; i < symbols; i++) {
            lines.append("{\"symbol\":\"S" + i + "\",\"price\":71000}\n");
        }
        return lines + "{\"symbol\":\"S" + symbols + "\",\"code\":\"SYMBOL_NOT_FOUND\"}\n{\"stats\":{\"succeeded\":"
                + (symbols - 1) + "}}\n";
    }

    private void refuseAll() {
        while (true) {
            try (var socket = server.accept()) {
                var in = new DataInputStream(socket.getInputStream());
                var head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) head.append((char) in.readByte());
                var length =
                        header(head, "content-length").map(Integer::parseInt).orElse(0);
                var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                requests.add(head.substring(0, head.indexOf(" HTTP")) + " "
                        + header(head, "idempotency-key").orElse("-") + " "
                        + header(head, "content-type").orElse("-") + " " + body);
                var answer = head.indexOf("/html") > 0 ? "<html>" : "{\"code\":\"INVALID_QTY\",\"price\":71000}";
                var reply = "HTTP/1.1 400 Bad Request\r\nRetry-After: 3\r\nConnection: close\r\nContent-Length: "
                        + answer.length() + "\r\n\r\n" + answer;
                if (head.indexOf("?lines") > 0 || head.indexOf("?broken") > 0) {
                    var batchLines = batch(250);
                    // A wrong length would be detected by the transport itself: without one only the end
                    // tells.
                    reply = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
                            + (head.indexOf("?lines") > 0
                                    ? batchLines
                                    : batchLines.substring(0, batchLines.length() / 2));
                }
                socket.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
                return; // the test is over
            }
        }
    }

    private static Optional<String> header(CharSequence head, String name) {
        return head.toString()
                .lines()
                .filter(l -> l.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(l -> l.substring(name.length() + 1).strip())
                .findFirst();
    }
}
