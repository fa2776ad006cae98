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
import kr.kisgateway.api.batch.BatchExpected;
import kr.kisgateway.api.batch.BatchFailure;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.BatchCall;
import kr.kisgateway.api.order.CancelAccepted;
import kr.kisgateway.api.order.CancelAllRequest;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderPage;
import kr.kisgateway.api.quote.AnyQuote;
import kr.kisgateway.api.quote.Quote;
import kr.kisgateway.api.quote.QuoteBatchRequest;
import kr.kisgateway.api.quote.QuoteCalls;
import kr.kisgateway.api.session.HealthCalls;
import kr.kisgateway.api.session.Ready;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayClientTest {
    private static final String CANCELED =
            "{\"order_id\":\"o 1\",\"status\":\"CANCEL_PENDING\",\"idempotency_key\":\"key-1\"}";
    private static final Map<String, String> OTHERS = Map.of(
            "html",
            "<html>",
            "null",
            "null",
            "empty",
            "",
            "list",
            "[]",
            "object",
            "{\"status\":\"ok\"}",
            "truncated",
            "{\"code\":");

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
    void an_answer_whose_entries_lack_their_values_is_not_one_of_a_gateway() {
        var call = ApiCall.get("/v1/orders", OrderPage.class);
        assertThatThrownBy(() -> client.send(call))
                .isInstanceOf(UnreadableAnswerException.class)
                .hasMessageContaining("in a form that no gateway has");
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
        var answer = client.batch(batchAt("/v1/quotes/batch?lines=250"), new BatchListener<AnyQuote>() {
            @Override
            public void begins(BatchExpected.Expected expected) {
                events.add("begins " + expected.calls());
            }

            @Override
            public void failed(String symbol, BatchFailure failure) {
                events.add(symbol + " " + failure.code());
            }

            @Override
            public void succeeded(String symbol, AnyQuote quote) {
                assertThat(quote)
                        .isInstanceOfSatisfying(
                                Quote.class, it -> assertThat(it.price()).isEqualTo(71_000));
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
        assertThat(answer.orElseThrow().succeeded()).isEqualTo(249);
    }

    @Test
    @Requirement("P-09")
    void a_batch_that_breaks_off_is_no_answer_and_one_that_is_refused_is() {
        assertThatThrownBy(() -> client.batch(batchAt("/v1/quotes/batch?broken"), new BatchListener<>() {}))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("no complete answer");
        assertThat(client.batch(batchAt("/v1/quotes/batch"), new BatchListener<>() {}))
                .isInstanceOfSatisfying(
                        ApiResult.Refused.class,
                        refused -> assertThat(refused.error().code()).isEqualTo("INVALID_QTY"));
    }

    private static BatchCall<AnyQuote> batchAt(String path) {
        var call = QuoteCalls.batch(new QuoteBatchRequest(List.of()));
        return new BatchCall<>(path, call.body(), call.reader());
    }

    @Test
    void a_call_answers_with_its_record_its_headers_and_the_received_text() {
        try (var operator = client.withOperatorToken("token-1")) {
            var result = operator.send(OrderCalls.cancel("o 1").withKey("key-1"));
            assertThat(result).isInstanceOf(ApiResult.Done.class);
            assertThat(result.orElseThrow()).isEqualTo(new CancelAccepted("o 1", "CANCEL_PENDING", "key-1"));
            assertThat(result.isReplay()).isTrue();
            assertThat(result.received().status()).isEqualTo(200);
            assertThat(result.received().text()).isEqualTo(CANCELED);
        }
        assertThat(requests).containsExactly("POST /v1/orders/o%201/cancel key-1 - token-1 ");
    }

    @Test
    void a_refused_call_is_a_value_with_the_error_and_an_exception_only_where_the_answer_is_required() {
        var result = client.send(OrderCalls.cancelAll(
                new CancelAllRequest(Optional.of("A1"), Optional.empty(), Optional.empty()), "key-2"));
        assertThat(result).isInstanceOfSatisfying(ApiResult.Refused.class, refused -> {
            assertThat(refused.error().code()).isEqualTo("INVALID_QTY");
            assertThat(refused.received().status()).isEqualTo(400);
            assertThat(refused.received().header("retry-after")).contains("3");
            assertThat(refused.isReplay()).isFalse();
        });
        assertThatThrownBy(result::orElseThrow)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("INVALID_QTY");
        assertThat(requests)
                .containsExactly("POST /v1/orders/cancel-all key-2 application/json {\"account_id\":\"A1\"}");
    }

    @Test
    void a_gateway_that_is_not_ready_answers_with_its_blockers() {
        var result = client.send(HealthCalls.ready());
        assertThat(result.orElseThrow()).isEqualTo(new Ready("NOT_READY", List.of("RECONCILING"), Optional.empty()));
        assertThat(result.received().status()).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(strings = {"html", "null", "empty", "list", "object", "truncated"})
    void what_no_gateway_answers_is_no_answer_and_has_its_status(String other) {
        for (int status : List.of(200, 404)) {
            var call = ApiCall.get("/other?" + other + "=" + status, Ready.class);
            assertThatThrownBy(() -> client.send(call))
                    .isInstanceOfSatisfying(
                            UnreadableAnswerException.class,
                            answer -> assertThat(answer.status()).isEqualTo(status));
        }
    }

    private static String batch(int symbols) {
        var lines = new StringBuilder("{\"expected\":{\"symbols\":" + symbols + ",\"calls\":9}}\n");
        for (int i = 1; i < symbols; i++) {
            lines.append("{\"symbol\":\"S" + i + "\",\"price\":71000,\"market_cap\":null}\n");
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
                        + header(head, "content-type").orElse("-") + " "
                        + header(head, "x-operator-token")
                                .map(token -> token + " ")
                                .orElse("")
                        + body);
                var reply = reply(head.substring(0, head.indexOf(" HTTP")));
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

    private static String reply(String request) {
        if (request.contains("/other")) {
            var parts = request.split("[?=]");
            return answer(parts[2] + " Other", OTHERS.get(parts[1]));
        }
        return switch (request) {
            case "POST /v1/orders/o%201/cancel" -> answer("200 OK\r\nIdempotent-Replay: true", CANCELED);
            case "GET /health/ready" ->
                answer("503 Unavailable", "{\"status\":\"NOT_READY\",\"blockers\":[\"RECONCILING\"]}");
            case "GET /v1/orders" -> answer("200 OK", "{\"orders\":[{\"order_id\":null}]}");
            case "GET /html?x=1" -> answer("400 Bad Request", "<html>");
            default -> answer("400 Bad Request\r\nRetry-After: 3", "{\"code\":\"INVALID_QTY\",\"price\":71000}");
        };
    }

    private static String answer(String head, String body) {
        return "HTTP/1.1 " + head + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static Optional<String> header(CharSequence head, String name) {
        return head.toString()
                .lines()
                .filter(l -> l.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(l -> l.substring(name.length() + 1).strip())
                .findFirst();
    }
}
