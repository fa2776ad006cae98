package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Whatever a client sends, the answer is a code of the contract, no request is half done, and no internals are shown. */
@Tag("slow")
class BadInputTest {
    private static final String VALID_ORDER_FIELDS = "\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\"";
    private static final byte[] EMPTY_BODY = {};

    @TempDir
    static Path folder;

    private static Running gateway;
    private static OpenApi contract;
    private static int port;
    private static JsonNode initialOrders;

    @BeforeAll
    static void start() {
        gateway = Running.start(Programs.gateway(folder));
        contract = new OpenApi(gateway.get("/openapi.json"));
        port = gateway.program().gatewayPort();
        var id = gateway.placed("used", "005930", "BUY", 1, Optional.of(150_000L));
        gateway.client().post("/v1/orders/" + id + "/cancel", "{}");
        gateway.awaitStatus(id, "CANCELED");
        initialOrders = gateway.get("/v1/orders");
    }

    @AfterAll
    static void stop() {
        var log = gateway.log();
        gateway.close();
        assertThat(log.lines().filter(line -> line.contains(" ERROR ")))
                .as("bad input is no internal error")
                .isEmpty();
    }

    /** @param request all bytes that are sent */
    private record BadRequest(String name, byte[] request, int status, String code) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static BadRequest order(String name, String body, int status, String code) {
        return order(name, body.getBytes(StandardCharsets.UTF_8), status, code);
    }

    private static BadRequest order(String name, byte[] body, int status, String code) {
        return post(name, List.of("Content-Type: application/json", "Idempotency-Key: bad"), body, status, code);
    }

    private static BadRequest post(String name, List<String> headers, byte[] body, int status, String code) {
        return new BadRequest(name, RawHttp.request(port, "POST /v1/orders", headers, body), status, code);
    }

    private static BadRequest call(String name, String line, int status, String code, String... headers) {
        return new BadRequest(name, RawHttp.request(port, line, List.of(headers), EMPTY_BODY), status, code);
    }

    private static BadRequest orderWith(String member, int status, String code) {
        return order(member, "{" + VALID_ORDER_FIELDS + "," + member + "}", status, code);
    }

    static Stream<BadRequest> bodies() {
        return Stream.of(
                order("nothing", "", 400, "MALFORMED_JSON"),
                order("half an object", "{\"account_id\":", 400, "MALFORMED_JSON"),
                order("an array", "[]", 400, "MALFORMED_JSON"),
                order("null", "null", 400, "MALFORMED_JSON"),
                order("a text", "\"x\"", 400, "MALFORMED_JSON"),
                order("single quotes", "{'qty':1}", 400, "MALFORMED_JSON"),
                order("a comment", "{/* x */}", 400, "MALFORMED_JSON"),
                order("a trailing comma", "{" + VALID_ORDER_FIELDS + ",\"qty\":1,}", 400, "MALFORMED_JSON"),
                order("junk behind", "{" + VALID_ORDER_FIELDS + ",\"qty\":1} x", 400, "MALFORMED_JSON"),
                order("a second object", "{" + VALID_ORDER_FIELDS + ",\"qty\":1}{}", 400, "MALFORMED_JSON"),
                order("bytes that are no text", new byte[] {'{', '"', (byte) 0xC3, '"', '}'}, 400, "MALFORMED_JSON"),
                order("a control character", "{\"account_id\":\"A\u0001\"}", 400, "MALFORMED_JSON"),
                order("deep nesting", "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000), 400, "MALFORMED_JSON"),
                order("deep arrays", "[".repeat(30_000), 400, "MALFORMED_JSON"),
                order("a huge number", "{\"qty\":" + "9".repeat(5_000) + "}", 400, "MALFORMED_JSON"),
                order("a huge body", "{\"x\":\"" + "y".repeat(70_000) + "\"}", 413, "BODY_TOO_LARGE"),
                orderWith("\"qty\":1,\"qty\":2", 400, "MALFORMED_JSON"),
                orderWith("\"qty\":NaN", 400, "MALFORMED_JSON"),
                orderWith("\"qty\":Infinity", 400, "MALFORMED_JSON"),
                orderWith("\"qty\":-Infinity", 400, "MALFORMED_JSON"),
                orderWith("\"qty\":01", 400, "MALFORMED_JSON"),
                orderWith("\"qty\":+1", 400, "MALFORMED_JSON"),
                orderWith("\"qty\":0x10", 400, "MALFORMED_JSON"),
                orderWith("\"qty\":1e99999999999999999999", 400, "MALFORMED_JSON"),
                orderWith("\"qty\":1,\"qtty\":2", 400, "UNKNOWN_FIELD"),
                orderWith("\"qty\":1,\"venue\":\"NYSE\"", 400, "INVALID_ORDER_TYPE"),
                orderWith("\"qty\":1,\"venue\":7", 400, "INVALID_FIELD"),
                orderWith("\"qty\":1,\"session\":\"NIGHT\"", 400, "INVALID_ORDER_TYPE"),
                orderWith("\"qty\":1,\"time_in_force\":\"GTC\"", 400, "INVALID_ORDER_TYPE"),
                orderWith("\"qty\":1,\"price\":1000,\"stop_price\":900", 400, "INVALID_PRICE"),
                orderWith("\"qty\":1,\"venue\":\"NXT\",\"time_in_force\":\"DAY\"", 400, "INVALID_ORDER_TYPE"),
                orderWith("\"price\":100000", 400, "MISSING_FIELD"),
                orderWith("\"qty\":null", 400, "MISSING_FIELD"),
                orderWith("\"qty\":\"1\"", 400, "INVALID_QTY"),
                orderWith("\"qty\":true", 400, "INVALID_QTY"),
                orderWith("\"qty\":[1]", 400, "INVALID_QTY"),
                orderWith("\"qty\":{}", 400, "INVALID_QTY"),
                orderWith("\"qty\":0", 400, "INVALID_QTY"),
                orderWith("\"qty\":-1", 400, "INVALID_QTY"),
                orderWith("\"qty\":-0.0", 400, "INVALID_QTY"),
                orderWith("\"qty\":0.5", 400, "INVALID_QTY"),
                orderWith("\"qty\":1e-400", 400, "INVALID_QTY"),
                orderWith("\"qty\":1e999999999", 400, "INVALID_QTY"),
                orderWith("\"qty\":1e-999999999", 400, "INVALID_QTY"),
                orderWith("\"qty\":9223372036854775807", 400, "INVALID_QTY"),
                orderWith("\"qty\":9223372036854775808", 400, "INVALID_QTY"),
                orderWith("\"qty\":-9223372036854775809", 400, "INVALID_QTY"),
                orderWith("\"qty\":18446744073709551617", 400, "INVALID_QTY"),
                orderWith("\"qty\":10001", 400, "MAX_QTY_EXCEEDED"),
                orderWith("\"qty\":9000", 400, "NOTIONAL_LIMIT_EXCEEDED"),
                orderWith("\"qty\":1,\"price\":0", 400, "INVALID_PRICE"),
                orderWith("\"qty\":1,\"price\":-100", 400, "INVALID_PRICE"),
                orderWith("\"qty\":1,\"price\":100000.5", 400, "INVALID_PRICE"),
                orderWith("\"qty\":1,\"price\":\"100000\"", 400, "INVALID_PRICE"),
                orderWith("\"qty\":1,\"price\":9223372036854775808", 400, "INVALID_PRICE"),
                orderWith("\"qty\":1,\"price\":1e999999999", 400, "INVALID_PRICE"),
                orderWith("\"qty\":1,\"price\":150001", 400, "INVALID_TICK_SIZE"),
                orderWith("\"qty\":1,\"order_type\":\"LIMIT\"", 400, "PRICE_REQUIRED_FOR_LIMIT"),
                orderWith("\"qty\":1,\"order_type\":\"MARKET\",\"price\":100000", 400, "PRICE_NOT_ALLOWED_FOR_MARKET"),
                orderWith("\"qty\":1,\"order_type\":\"STOP\"", 400, "INVALID_ORDER_TYPE"),
                orderWith("\"qty\":1,\"order_type\":1", 400, "INVALID_FIELD"),
                orderWith("\"qty\":1,\"strategy_id\":\"" + "s".repeat(65) + "\"", 400, "INVALID_FIELD"),
                orderWith("\"qty\":1,\"strategy_id\":\"a\\u0000b\"", 400, "INVALID_FIELD"),
                orderWith("\"qty\":1,\"dispatch_by\":\"tomorrow\"", 400, "INVALID_FIELD"),
                orderWith("\"qty\":1,\"dispatch_by\":\"2020-01-01T00:00:00+09:00\"", 400, "INVALID_FIELD"),
                orderWith("\"qty\":1,\"dispatch_by\":\"2999-01-01T00:00:00+09:00\"", 400, "INVALID_FIELD"),
                orderWith("\"qty\":1,\"dispatch_by\":\"+999999999-12-31T23:59:59Z\"", 400, "INVALID_FIELD"),
                order("no account", "{\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1}", 400, "MISSING_FIELD"),
                order("another account", body("A2", "005930", "BUY"), 404, "ACCOUNT_NOT_FOUND"),
                order("a short symbol", body("A1", "5930", "BUY"), 400, "INVALID_SYMBOL"),
                order("a symbol in small letters", body("A1", "00593o", "BUY"), 400, "INVALID_SYMBOL"),
                order("a symbol in other digits", body("A1", "００５９３０", "BUY"), 400, "INVALID_SYMBOL"),
                order("an unlisted symbol", body("A1", "999999", "BUY"), 404, "SYMBOL_NOT_FOUND"),
                order("another side", body("A1", "005930", "HOLD"), 400, "INVALID_SIDE"),
                order("a sale of nothing", body("A1", "005930", "SELL"), 400, "INSUFFICIENT_POSITION_QTY"),
                post(
                        "no key",
                        List.of("Content-Type: application/json"),
                        validOrderBody(),
                        400,
                        "IDEMPOTENCY_KEY_REQUIRED"),
                post("an empty key", json("Idempotency-Key: "), validOrderBody(), 400, "IDEMPOTENCY_KEY_REQUIRED"),
                post("a key with a blank", json("Idempotency-Key: a b"), validOrderBody(), 400, "INVALID_FIELD"),
                post("a long key", json("Idempotency-Key: " + "k".repeat(201)), validOrderBody(), 400, "INVALID_FIELD"),
                post(
                        "a used key",
                        json("Idempotency-Key: used"),
                        validOrderBody(),
                        409,
                        "IDEMPOTENCY_KEY_BODY_MISMATCH"),
                post(
                        "another type",
                        List.of("Content-Type: text/plain", "Idempotency-Key: bad"),
                        validOrderBody(),
                        415,
                        "UNSUPPORTED_MEDIA_TYPE"),
                post(
                        "a form",
                        List.of("Content-Type: application/x-www-form-urlencoded", "Idempotency-Key: bad"),
                        validOrderBody(),
                        415,
                        "UNSUPPORTED_MEDIA_TYPE"),
                post("no type", List.of("Idempotency-Key: bad"), validOrderBody(), 415, "UNSUPPORTED_MEDIA_TYPE"),
                post(
                        "another character set",
                        List.of("Content-Type: application/json; charset=euc-kr", "Idempotency-Key: bad"),
                        validOrderBody(),
                        415,
                        "UNSUPPORTED_MEDIA_TYPE"));
    }

    static Stream<BadRequest> calls() {
        return Stream.of(
                call("an unknown path", "GET /v1/candles", 404, "NOT_FOUND"),
                call("a file that the page does not have", "GET /assets/none.js", 404, "NOT_FOUND"),
                call("a path with another method", "POST /v1/alerts", 405, "METHOD_NOT_ALLOWED"),
                call("the path in capitals", "GET /V1/QUOTES/005930", 404, "NOT_FOUND"),
                call("a way up", "GET /v1/../../etc/passwd", 400, "INVALID_FIELD"),
                call("a hidden way up", "GET /v1/quotes/%2e%2e%2f", 400, "INVALID_SYMBOL"),
                call("a zero byte", "GET /v1/quotes/00%00", 400, "INVALID_FIELD"),
                call("half an escape", "GET /v1/quotes/%4", 400, "INVALID_FIELD"),
                call("a long path", "GET /v1/quotes/" + "0".repeat(20_000), 414, "INVALID_FIELD"),
                call("another method", "DELETE /v1/orders", 405, "METHOD_NOT_ALLOWED"),
                call("a write of a reading", "POST /v1/quotes/005930", 405, "METHOD_NOT_ALLOWED"),
                call("an invented method", "BREW /v1/quotes/005930", 405, "METHOD_NOT_ALLOWED"),
                call("a symbol of bad form", "GET /v1/quotes/59", 400, "INVALID_SYMBOL"),
                call("an unlisted symbol", "GET /v1/quotes/999999", 404, "SYMBOL_NOT_FOUND"),
                call("no symbols", "GET /v1/quotes", 400, "MISSING_FIELD"),
                call("too many symbols", "GET /v1/quotes?symbols=" + symbolCodes(101), 400, "INVALID_FIELD"),
                call("no account", "GET /v1/balances", 400, "MISSING_FIELD"),
                call("another account", "GET /v1/positions?account_id=B7", 404, "ACCOUNT_NOT_FOUND"),
                call("an unknown order", "GET /v1/orders/ord_01M7W1WM5NMPG9NPG8YVKR8PEK", 404, "ORDER_NOT_FOUND"),
                call("no order's form", "GET /v1/orders/1%20OR%201=1/state", 404, "ORDER_NOT_FOUND"),
                call("a cancel of nothing", "POST /v1/orders/x/cancel", 404, "ORDER_NOT_FOUND"),
                call("a limit of 0", "GET /v1/orders?limit=0", 400, "INVALID_FIELD"),
                call("a limit past the bound", "GET /v1/orders?limit=1001", 400, "INVALID_FIELD"),
                call("two limits", "GET /v1/orders?limit=1&limit=2", 400, "INVALID_FIELD"),
                call("an invented status", "GET /v1/orders?status=LOST", 400, "INVALID_FIELD"),
                call("an invented cursor", "GET /v1/orders?cursor=';--", 400, "INVALID_FIELD"),
                call("half a date", "GET /v1/orders?date=2026-13-01", 400, "INVALID_FIELD"),
                call("no token", "POST /v1/session/reconnect", 400, "OPERATOR_TOKEN_REQUIRED"),
                call(
                        "a token when none is set",
                        "POST /v1/session/reconnect",
                        401,
                        "OPERATOR_TOKEN_WRONG",
                        "X-Operator-Token: guess"),
                call("the stream without an upgrade", "GET /v1/stream", 400, "INVALID_FIELD"),
                call("another host", "GET /v1/quotes/005930", 403, "ORIGIN_REFUSED", "Host: evil.example"),
                call(
                        "a host that begins like ours",
                        "GET /health/live",
                        403,
                        "ORIGIN_REFUSED",
                        "Host: 127.0.0.1.evil.example"),
                call("another origin", "GET /v1/quotes/005930", 403, "ORIGIN_REFUSED", "Origin: http://evil.example"),
                call(
                        "two origins, the first of them ours",
                        "GET /v1/quotes/005930",
                        403,
                        "ORIGIN_REFUSED",
                        "Origin: http://127.0.0.1",
                        "Origin: http://evil.example"),
                call("no origin", "GET /v1/quotes/005930", 403, "ORIGIN_REFUSED", "Origin: null"),
                call(
                        "our host at another port",
                        "GET /v1/quotes/005930",
                        403,
                        "ORIGIN_REFUSED",
                        "Origin: http://127.0.0.1:1"),
                call("a file's origin at an unknown path", "GET /nothing", 403, "ORIGIN_REFUSED", "Origin: file://"),
                call(
                        "another origin on the stream",
                        "GET /v1/stream",
                        403,
                        "ORIGIN_REFUSED",
                        "Origin: http://evil.example",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                call(
                        "another host on the stream",
                        "GET /v1/stream",
                        403,
                        "ORIGIN_REFUSED",
                        "Host: evil.example",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                call("a flood in one header", "GET /health/live", 431, "INVALID_FIELD", "X: " + "y".repeat(20_000)),
                call("a flood of headers", "GET /health/live", 431, "INVALID_FIELD", manyHeaders()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    @Requirement(value = "A-19", clause = "symbol")
    void an_invalid_order_is_refused_with_its_error_code(BadRequest bad) throws Exception {
        assertRefused(bad);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void an_invalid_call_is_refused_with_its_error_code(BadRequest bad) throws Exception {
        assertRefused(bad);
    }

    private static void assertRefused(BadRequest bad) throws Exception {
        var reply = RawHttp.send(port, bad.request());
        assertThat(reply.code()).as(bad.name() + ": " + reply).isEqualTo(bad.code());
        assertThat(reply.status()).as(bad.name() + ": " + reply).isEqualTo(bad.status());
        assertThat(contract.violations("ApiError", reply.json())).isEmpty();
        assertThat(reply.header("X-Trace-Id"))
                .contains(reply.json().path("trace_id").asString());
        assertThat(reply.body())
                .as(bad.name())
                .doesNotContain("Exception")
                .doesNotContain("\tat ")
                .doesNotContain("at kr.")
                .doesNotContain("jackson")
                .doesNotContain("StreamRead");
        if (bad.request()[0] == 'P') {
            assertThat(gateway.get("/v1/orders"))
                    .as("orders after " + bad.name())
                    .isEqualTo(initialOrders);
        }
    }

    @Test
    void a_refused_order_leaves_its_idempotency_key_unused() {
        var key = "free-again";
        assertThat(gateway.place(key, "005930", "BUY", 0, Optional.empty()).code())
                .isEqualTo("INVALID_QTY");
        assertThat(gateway.place(key, "999999", "BUY", 1, Optional.empty()).code())
                .isEqualTo("SYMBOL_NOT_FOUND");
        var good = gateway.place(key, "005930", "SELL", 1, Optional.empty());
        assertThat(good.code()).isEqualTo("INSUFFICIENT_POSITION_QTY");
        assertThat(gateway.get("/v1/orders")).isEqualTo(initialOrders);
    }

    @Test
    void bytes_that_are_not_http_are_answered_or_closed_without_affecting_other_clients() throws Exception {
        var noise = new byte[4_096];
        new java.util.Random(20_261_120).nextBytes(noise);
        for (var bytes : List.of(
                "GARBAGE\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "GET /health/live HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII),
                "POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n12345"
                        .getBytes(StandardCharsets.US_ASCII),
                concat(noise, "\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))) {
            var reply = RawHttp.send(port, bytes);
            assertThat(reply.status()).as(reply.toString()).isNotEqualTo(200).isNotEqualTo(500);
            assertThat(reply.body()).doesNotContain("Exception").doesNotContain("INTERNAL_ERROR");
        }
        assertThat(gateway.client().get("/health/live").ok()).isTrue();
    }

    @Test
    void idle_connections_do_not_block_other_clients() throws Exception {
        var silent = new ArrayList<Socket>();
        try {
            for (var i = 0; i < 200; i++) {
                var socket = new Socket("127.0.0.1", port);
                silent.add(socket);
                socket.getOutputStream()
                        .write("POST /v1/orders HTTP/1.1\r\nHost: local".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(gateway.client().get("/v1/quotes/005930").ok()).isTrue();
        } finally {
            for (var socket : silent) socket.close();
        }
    }

    private static String body(String account, String symbol, String side) {
        return "{\"account_id\":\"" + account + "\",\"symbol\":\"" + symbol + "\",\"side\":\"" + side + "\",\"qty\":1}";
    }

    private static byte[] validOrderBody() {
        return body("A1", "005930", "BUY").getBytes(StandardCharsets.UTF_8);
    }

    private static String symbolCodes(int count) {
        return Stream.iterate(100_000, n -> n + 1)
                .limit(count)
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }

    private static List<String> json(String header) {
        return List.of("Content-Type: application/json", header);
    }

    private static String[] manyHeaders() {
        return Stream.iterate(0, i -> i + 1)
                .limit(3_000)
                .map(i -> "X-" + i + ": y")
                .toArray(String[]::new);
    }

    private static byte[] concat(byte[] one, byte[] two) {
        var both = new ByteArrayOutputStream();
        both.writeBytes(one);
        both.writeBytes(two);
        return both.toByteArray();
    }
}
