package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import kr.kisgateway.gateway.http.RouteTable.Route;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no client library sends, to a whole gateway over raw sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class BadRequestTest {
    private static final String ORDER =
            "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,\"dry_run\":true}";
    private static final String TOKEN = "X-Operator-Token: open-sesame\r\n";

    private static final List<String> HEADERS = List.of(
            "Content-Type: application/json; charset=no-such",
            "Content-Type: application/json; charset=",
            "Content-Type: application/json; charset=\"",
            "Content-Type: application/json; charset=utf-16",
            "Content-Type: application/json; charset=%00",
            "Content-Type: application/json;;;=;",
            "Content-Type: ;charset=no-such",
            "Content-Type: /",
            "Content-Type: ",
            "Content-Type: multipart/form-data",
            "Content-Type: multipart/form-data; boundary=",
            "Content-Type: application/x-www-form-urlencoded; charset=no-such",
            "Content-Type: " + "a/".repeat(2_000),
            "Accept: */*;q=nonsense",
            "Accept-Encoding: gzip;q=2, \u0001",
            "Accept-Charset: no-such",
            "Accept-Language: -,,,;q=",
            "Content-Encoding: gzip",
            "Content-Encoding: no-such",
            "Cookie: =;=;\"",
            "Cookie: JSESSIONID=../../x; a=\u00ff",
            "Date: yesterday",
            "If-Modified-Since: never",
            "If-None-Match: \"",
            "Range: bytes=9-1,-,x",
            "Expect: something-else",
            "Expect: 100-continue",
            "TE: trailers, deflate;q=x",
            "Via: \u0080\u0085",
            "Forwarded: for=\"_x",
            "X-Forwarded-For: ::::",
            "X-Forwarded-Proto: gopher",
            "Authorization: Basic !!!",
            "Authorization: Bearer",
            "Authorization: Digest username=\"",
            "X-API-Key: \u00fe\u00ff",
            "Idempotency-Key: " + "k".repeat(3_000),
            "Idempotency-Key: \u00e9\u0080",
            "Last-Event-ID: A1:99999999999999999999",
            "Last-Event-ID: \u00ff",
            "traceparent: 00-zz",
            "X-Trace-Id: \u0085",
            "Upgrade: websocket",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Version: 12",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nConnection: Upgrade\r\nUpgrade: no-such",
            "Sec-WebSocket-Extensions: permessage-deflate; x=\"",
            "Sec-WebSocket-Protocol: ,,,",
            "Transfer-Encoding: no-such",
            "Transfer-Encoding: chunked, chunked",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999");

    private Gateway gateway;

    @BeforeAll
    void start(@TempDir Path folder) {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                Map.of("GATEWAY_OPERATOR_TOKEN", "open-sesame"),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void no_header_makes_any_route_fail() throws IOException {
        var failed = new TreeSet<String>();
        for (var route : gateway.table().routes()) {
            for (var header : HEADERS) {
                check(route, header, failed);
            }
        }
        assertThat(failed).as("requests answered as internal errors").isEmpty();
    }

    @Test
    void no_random_header_makes_a_route_fail() throws IOException {
        var random = new SplittableRandom(16);
        var names = List.of("Content-Type", "Accept", "Cookie", "Idempotency-Key", "Authorization", "Expect", "Range");
        var failed = new TreeSet<String>();
        var routes = gateway.table().routes();
        for (int i = 0; i < 1_500; i++) {
            var value = new StringBuilder();
            for (int length = random.nextInt(24); length > 0; length--) {
                char c = (char)
                        (random.nextInt(3) == 0 ? ";=\"/,*\\".charAt(random.nextInt(7)) : random.nextInt(1, 256));
                value.append(c == '\r' || c == '\n' ? ' ' : c);
            }
            check(
                    routes.get(random.nextInt(routes.size())),
                    names.get(random.nextInt(names.size())) + ": " + value,
                    failed);
        }
        assertThat(failed).isEmpty();
    }

    @Test
    void head_is_validated_like_get() throws IOException {
        for (var route : gateway.table().routes()) {
            if (!route.method().equals("GET")) {
                continue;
            }
            // A wrong key once only: many of them are delayed.
            for (var headers :
                    route.path().equals("/v1/keys") ? List.of("", "X-API-Key: kgw_wrong\r\n") : List.of("")) {
                var get = send("GET " + path(route) + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n", true);
                var head = send(
                        "HEAD " + path(route) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers
                                + "\r\n",
                        false);
                assertThat(status(head)).as("HEAD %s %s", route.path(), headers).isEqualTo(status(get));
                assertThat(head).as("HEAD %s", route.path()).endsWith("\r\n\r\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such", "\"", "%00", "utf-16"})
    void a_charset_other_than_utf_8_is_refused(String charset) throws IOException {
        var answer = send(
                "POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIdempotency-Key: charset\r\n"
                        + "Content-Type: application/json; charset=" + charset + "\r\nContent-Length: 2\r\n\r\n{}",
                false);

        assertThat(answer).startsWith("HTTP/1.1 415").contains("UNSUPPORTED_MEDIA_TYPE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "X-API-Key", "Idempotency-Key", "authorization", "X-Operator-Token"})
    void a_repeated_decisive_header_is_refused(String name) throws IOException {
        var answer =
                post("/v1/orders", name + ": one\r\n" + name + ": two\r\n", ORDER.getBytes(StandardCharsets.UTF_8));

        assertThat(answer).startsWith("HTTP/1.1 400").contains("INVALID_FIELD").contains("is repeated");
    }

    @ParameterizedTest
    @CsvSource({"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE", "UTF-32"})
    void a_body_in_another_encoding_is_refused(String charset) throws IOException {
        var answer = post("/v1/orders", "Idempotency-Key: enc\r\n", ORDER.getBytes(Charset.forName(charset)));

        assertThat(answer).startsWith("HTTP/1.1 400").contains("MALFORMED_JSON");
    }

    @Test
    void an_overlong_utf_8_encoding_is_refused_and_a_byte_order_mark_is_accepted() throws IOException {
        // The letter A of "A1" in two bytes, and a NUL in two bytes.
        for (var overlong : List.of("\u00c1\u0081", "\u00c0\u0080", "\u00e0\u0081\u0081")) {
            var body = ORDER.replace("A1", overlong + "1").getBytes(StandardCharsets.ISO_8859_1);
            assertThat(post("/v1/orders", "Idempotency-Key: long\r\n", body))
                    .startsWith("HTTP/1.1 400")
                    .contains("MALFORMED_JSON");
        }
        assertThat(post("/v1/risk/check", "", ("\uFEFF" + ORDER).getBytes(StandardCharsets.UTF_8)))
                .doesNotContain("MALFORMED_JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n",
                "-1\r\n{}\r\n0\r\n\r\n",
                "FFFFFFFFFFFFFFFFF\r\n{}",
                "0x2\r\n{}\r\n0\r\n\r\n",
                "2;\u0001\r\n{}\r\n0",
                "\r\n"
            })
    void malformed_chunks_are_refused(String chunks) throws IOException {
        var answer = send(
                "POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Idempotency-Key: chunk\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
                false);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"INVALID_FIELD\"");
    }

    @Test
    void a_body_that_ends_early_is_refused() throws IOException {
        var answer = send(
                "POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Idempotency-Key: early\r\nContent-Length: 500\r\n\r\n{\"qty\":",
                false);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"INVALID_FIELD\"");
    }

    @Test
    void an_upgrade_without_a_key_is_refused_on_every_path() throws IOException {
        for (var path : List.of("/v1/stream", "/v1/quotes/005930", "/openapi.json", "/no/such/path")) {
            var answer = send(
                    "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\n\r\n",
                    true);
            assertThat(answer).as(path).startsWith("HTTP/1.1 400");
        }
    }

    private void check(Route route, String header, TreeSet<String> failed) throws IOException {
        boolean hasBody = !route.method().equals("GET");
        // A body that no call accepts, so that none has an effect; reconnecting takes no body.
        var answer = send(
                route.method() + " " + path(route) + " HTTP/1.1\r\nHost: localhost\r\n"
                        + (route.path().endsWith("/reconnect") ? "" : TOKEN)
                        + header + "\r\n"
                        + (hasBody && !header.startsWith("Content-Length") ? "Content-Length: 1\r\n" : "")
                        + (hasBody && !header.startsWith("Content-Type") ? "Content-Type: application/json\r\n" : "")
                        + "\r\n" + (hasBody ? "{" : ""),
                true);
        if (answer.isEmpty() || status(answer) == 500 || answer.contains("INTERNAL_ERROR")) {
            failed.add(route.method() + " " + route.path() + " with " + header + " → "
                    + (answer.isEmpty() ? "nothing" : status(answer)));
        }
    }

    private static String path(Route route) {
        return route.path()
                .replace("{symbol}", "005930")
                .replace("{kind}", "volume")
                .replace("{code}", "0001")
                .replace("{id}", "none")
                .replace("{key}", "none");
    }

    private String post(String path, String headers, byte[] body) throws IOException {
        var request = new ByteArrayOutputStream();
        request.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: application/json\r\n" + headers + "Content-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.write(body);
        return send(request.toByteArray(), false);
    }

    private String send(String request, boolean firstBytes) throws IOException {
        return send(request.getBytes(StandardCharsets.ISO_8859_1), firstBytes);
    }

    /** @param firstBytes whether the beginning of the answer is enough, because a stream may follow */
    private String send(byte[] request, boolean firstBytes) throws IOException {
        try (var socket = new Socket("127.0.0.1", gateway.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request);
            var in = socket.getInputStream();
            if (firstBytes) {
                var begin = new byte[1_024];
                int length = in.read(begin);
                return new String(begin, 0, Math.max(0, length), StandardCharsets.UTF_8);
            }
            socket.shutdownOutput();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }
}
