package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("slow")
class HttpEdgeTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch mayLeave = new CountDownLatch(1);
    private HttpEdge edge;
    private RouteTable table;

    @BeforeEach
    void start() {
        table = new RouteTable()
                .get(
                        Role.QUOTE,
                        "/things/{id}",
                        List.of("q"),
                        call -> call.answer(new JsonBuffer()
                                .beginObject()
                                .field("id", call.pathParameter("id"))
                                .field("q", call.query("q"))
                                .endObject()))
                .post(Role.QUOTE, "/things", call -> {
                    var body = call.body().requireOnly(Set.of("qty"));
                    call.answer(new JsonBuffer()
                            .beginObject()
                            .field("qty", body.wholeNumber("qty"))
                            .endObject());
                })
                .get(Role.QUOTE, "/busy", call -> {
                    throw new RefusedException(
                            Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "not now").retryAfter(Duration.ofMillis(1500)));
                })
                .post(Role.QUOTE, "/unread", call -> {
                    throw new RefusedException(Refusal.of(ErrorCode.FORBIDDEN, "not you"));
                })
                .get(Role.QUOTE, "/broken", call -> {
                    throw new IllegalStateException("secret inner words");
                })
                .get(Role.QUOTE, "/slow", call -> {
                    entered.countDown();
                    try {
                        mayLeave.await(20, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    call.answer(
                            new JsonBuffer().beginObject().field("done", true).endObject());
                });
        edge = started(EdgeSettings.defaults("127.0.0.1", 0));
    }

    private HttpEdge started(EdgeSettings settings) {
        return HttpEdge.start(
                settings, table, (knock, needed) -> Caller.local(Role.ADMIN), new TraceIds(1), new ThreadTaskRunner());
    }

    @AfterEach
    void stop() {
        mayLeave.countDown();
        edge.close();
    }

    @Test
    void an_answer_is_json_and_carries_a_new_trace_id() throws Exception {
        var first = get("/things/7?q=x");
        var second = get("/things/7");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).isEqualTo("{\"id\":\"7\",\"q\":\"x\"}");
        assertThat(first.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(traceId(first)).matches("[0-9a-f]{32}").isNotEqualTo(traceId(second));
    }

    @Test
    void a_call_refused_before_its_body_arrives_leaves_the_connection_open() throws Exception {
        for (String path : List.of("/unread", "/no-such-path")) {
            try (var socket = new Socket("127.0.0.1", edge.port())) {
                var out = socket.getOutputStream();
                out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 2\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                // If it were answered now, the rest would be read as the next request, so the connection would be
                // closed.
                socket.setSoTimeout(300);
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                out.write(("{}" + "GET /things/7 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
                socket.setSoTimeout(20_000);
                var answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answers).as(path).contains("\"id\":\"7\"");
            }
        }
    }

    @Test
    void an_unknown_query_parameter_is_refused_by_every_method() throws Exception {
        assertThat(get("/things/7?p=x").statusCode()).isEqualTo(400);
        assertThat(get("/things/7?p=x").body()).contains("\"p\"").contains("it takes q");
        assertThat(get("/things/7?q=x&q=y").body()).contains("more than once");
        assertThat(get("/busy?p").body()).contains("INVALID_FIELD").contains("it takes none");
        var posted = send(request("/things?dry_run=true")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"qty\":1}")));
        assertThat(posted.body()).contains("INVALID_FIELD").contains("dry_run");
    }

    @Test
    void a_usable_trace_id_of_the_caller_is_preserved() throws Exception {
        assertThat(traceId(get("/things/1", "X-Trace-Id", "my-trace_1"))).isEqualTo("my-trace_1");
        assertThat(traceId(get("/things/1", "X-Trace-Id", "bad id\"<>"))).matches("[0-9a-f]{32}");
        assertThat(traceId(get("/things/1", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")))
                .isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(traceId(get("/things/1", "traceparent", "00-" + "0".repeat(32) + "-b7ad6b7169203331-01")))
                .isNotEqualTo("0".repeat(32));
    }

    @Test
    void a_refusal_has_one_form_and_names_the_retry_time() throws Exception {
        var answer = get("/busy");
        var error = json(answer);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("2");
        assertThat(error.get("code").stringValue()).isEqualTo("QUOTE_UNAVAILABLE");
        assertThat(error.get("detail").stringValue()).isEqualTo("QUOTE_UNAVAILABLE");
        assertThat(error.get("retryable").booleanValue()).isTrue();
        assertThat(error.get("retry_after_ms").longValue()).isEqualTo(1500);
        assertThat(error.get("trace_id").stringValue()).isEqualTo(traceId(answer));
    }

    @Test
    void a_defect_reports_its_trace_id_and_no_internals() throws Exception {
        var answer = get("/broken");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(json(answer).get("code").stringValue()).isEqualTo("INTERNAL_ERROR");
        assertThat(answer.body()).doesNotContain("secret inner words").doesNotContain("Exception");
    }

    @Test
    void unknown_paths_and_methods_are_answered_in_the_same_form() throws Exception {
        var unknown = get("/nothing/here");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(json(unknown).get("code").stringValue()).isEqualTo("NOT_FOUND");

        var method = send(request("/things/7").DELETE());
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).contains("GET");
        assertThat(json(method).get("code").stringValue()).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(traceId(method)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                  | {\"qty\":3}        | 200 |",
                "application/json; charset=UTF-8   | {\"qty\":3}        | 200 |",
                "text/plain                        | {\"qty\":3}        | 415 | UNSUPPORTED_MEDIA_TYPE",
                "application/json; charset=euc-kr  | {\"qty\":3}        | 415 | UNSUPPORTED_MEDIA_TYPE",
                "application/json                  | {\"qty\":3         | 400 | MALFORMED_JSON",
                "application/json                  | {\"qty\":3,\"x\":1}| 400 | UNKNOWN_FIELD",
                "application/json                  | {}                 | 400 | MISSING_FIELD",
                "application/json                  | {\"qty\":\"3\"}    | 400 | INVALID_FIELD",
            })
    void a_body_is_read_strictly(String type, String body, int status, String code) throws Exception {
        var answer = send(request("/things").header("Content-Type", type).POST(BodyPublishers.ofString(body)));

        assertThat(answer.statusCode()).isEqualTo(status);
        if (status != 200) {
            assertThat(json(answer).get("code").stringValue()).isEqualTo(code);
        }
    }

    @Test
    void a_caller_that_sends_too_much_is_refused_and_its_connection_stays_open() throws Exception {
        for (int i = 0; i < 50; i++) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/things"))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(" ".repeat(100_000)))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(413);
        }
    }

    @Test
    void a_body_below_the_bound_is_read_completely_with_and_without_a_declared_length() throws Exception {
        for (int blanks : List.of(0, 4_000, 4_086, 4_087, 8_192, 60_000)) {
            var body = "{\"qty\":7" + " ".repeat(blanks) + "}";
            for (var publisher : List.of(
                    BodyPublishers.ofString(body),
                    BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))) {
                var answer = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + "/things"))
                                .header("Content-Type", "application/json")
                                .POST(publisher)
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.body()).as("%s blanks", blanks).isEqualTo("{\"qty\":7}");
            }
        }
    }

    @Test
    void a_body_beyond_64_kib_is_refused_with_and_without_a_declared_length() throws Exception {
        var body = ("{\"qty\":1," + " ".repeat(70_000) + "\"x\":1}").getBytes(StandardCharsets.UTF_8);
        var declared = send(
                request("/things").header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(body)));
        var chunked = send(
                request("/things").header("Content-Type", "application/json").POST(BodyPublishers.ofInputStream(() ->
                        (InputStream) new java.io.ByteArrayInputStream(body))));

        assertThat(declared.statusCode()).isEqualTo(413);
        assertThat(json(declared).get("code").stringValue()).isEqualTo("BODY_TOO_LARGE");
        assertThat(chunked.statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:{port},,200",
        "127.0.0.1:{port},,200",
        "[::1]:{port},,200",
        "evil.example:{port},,403",
        "localhost.evil.example,,403",
        "localhost:{port},http://localhost:{port},200",
        "localhost:{port},http://127.0.0.1:{port},403",
        "localhost:{port},http://localhost:1,403",
        "localhost:{port},https://evil.example,403",
        "localhost:{port},http://localhost.evil.example:{port},403",
        "localhost:{port},null,403",
    })
    void only_loopback_names_and_the_gateways_own_origin_may_call(String host, String origin, int status)
            throws Exception {
        for (var path : new String[] {"/things/1", "/no/such/path"}) {
            var text = raw("GET " + path + " HTTP/1.1\r\nHost: " + host.replace("{port}", port()) + "\r\n"
                    + (origin == null ? "" : "Origin: " + origin.replace("{port}", port()) + "\r\n")
                    + "Connection: close\r\n\r\n");
            var expected = status == 200 && path.startsWith("/no") ? 404 : status;

            assertThat(text).startsWith("HTTP/1.1 " + expected).contains("X-Trace-Id: ");
            assertThat(text.contains("ORIGIN_REFUSED")).isEqualTo(status == 403);
        }
    }

    @Test
    void refusals_of_the_server_itself_have_the_same_form() throws Exception {
        var long_header = raw("GET /things/1 HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "a".repeat(20_000)
                + "\r\nConnection: close\r\n\r\n");
        assertThat(long_header)
                .startsWith("HTTP/1.1 431")
                .contains("\"code\":\"INVALID_FIELD\"")
                .contains("X-Trace-Id");
        assertThat(raw("GET /things/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("\"trace_id\"");
        assertThat(raw("GET /things/1\r\n\r\n")).startsWith("HTTP/1.1 400").contains("\"code\":\"INVALID_FIELD\"");
        assertThat(raw("GET /things/1 HTTP/7.3\r\nHost: localhost\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(raw("GARBAGE\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("\"trace_id\"")
                .doesNotContain("<html");
    }

    @Test
    void a_running_request_finishes_before_the_server_stops() throws Exception {
        var answer = client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

        var closing = CompletableFuture.runAsync(edge::close);
        mayLeave.countDown();

        assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("{\"done\":true}");
        closing.get(20, TimeUnit.SECONDS);
    }

    @Test
    void a_connection_that_made_requests_holds_little_memory() throws Exception {
        var connections = new ArrayList<Socket>();
        try {
            connections.add(requesting());
            long before = usedHeap();
            for (int i = 0; i < 300; i++) {
                connections.add(requesting());
            }
            // The server library's cache of repeated headers alone would be 100 KB for each.
            assertThat((usedHeap() - before) / 300).as("bytes a connection").isLessThan(50_000);
        } finally {
            for (var connection : connections) {
                connection.close();
            }
        }
    }

    private Socket requesting() throws IOException {
        var socket = new Socket("127.0.0.1", edge.port());
        socket.getOutputStream()
                .write("GET /things/7 HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: abc\r\nAccept: text/x-a\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        return socket;
    }

    private static long usedHeap() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    @Test
    void a_stop_does_not_wait_for_idle_connections() throws Exception {
        long fastestNanos = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            edge.close();
            edge = started(EdgeSettings.defaults("127.0.0.1", 0));
            try (var idle = new Socket("127.0.0.1", edge.port())) {
                get("/things/7"); // the client keeps its connection, too
                idle.getOutputStream().write("GET /things/7".getBytes(StandardCharsets.ISO_8859_1));
                long startNanos = System.nanoTime();
                edge.close();
                fastestNanos = Math.min(fastestNanos, System.nanoTime() - startNanos);
            }
        }
        // The server library alone gives each of them a second; a busy machine delays some stops, not each of them.
        assertThat(Duration.ofNanos(fastestNanos)).isLessThan(Duration.ofMillis(900));
    }

    @Test
    void a_stop_waits_for_a_running_request_no_longer_than_its_limit() throws Exception {
        edge.close();
        edge = started(EdgeSettings.defaults("127.0.0.1", 0).withStopTimeout(Duration.ofMillis(100)));
        var answer = client.sendAsync(request("/slow").build(), BodyHandlers.ofString());
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
        edge.close();
        assertThat(mayLeave.getCount()).as("the request still runs").isEqualTo(1);
        assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    }

    private HttpResponse<String> get(String path, String... header) throws Exception {
        var request = request(path);
        if (header.length > 0) {
            request.header(header[0], header[1]);
        }
        return send(request);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(LIMIT);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /things/7 HTTP/1.1, localhost, 200",
        "GET /busy HTTP/1.1, localhost, 503",
        "GET /broken HTTP/1.1, localhost, 500",
        "GET /nothing HTTP/1.1, localhost, 404",
        "GET /things/7 HTTP/1.1, attacker.example, 403",
        "GET /things/7 HTTP/9.9, localhost, 400"
    })
    void every_answer_forbids_a_browser_to_store_embed_or_run_it(String line, String host, int status)
            throws Exception {
        var answer = raw(line + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(answer.substring(0, answer.indexOf("\r\n\r\n")).lines())
                .contains(
                        "X-Content-Type-Options: nosniff",
                        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
                        "X-Frame-Options: DENY",
                        "Cross-Origin-Resource-Policy: same-origin",
                        "Referrer-Policy: no-referrer",
                        "Cache-Control: no-store")
                .noneMatch(header -> header.startsWith("Strict-Transport-Security"))
                .noneMatch(header -> header.startsWith("Server:"));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", edge.port())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String port() {
        return Integer.toString(edge.port());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return new JsonMapper().readTree(answer.body());
    }

    private static String traceId(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Trace-Id").orElse("");
    }
}
