package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins of browsers with API keys, against a gateway that requires keys. */
@Tag("slow")
class LoginTest {
    private static final int KEY_ENDED = 4001;

    @TempDir
    private Path folder;

    private KeyedGateway gateway;

    @BeforeEach
    void start() {
        gateway = new KeyedGateway(folder);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** A browser after its login: its cookie, and what its page knows. */
    private record Browser(String cookie, String csrfToken) {}

    private Browser logIn(String key) throws Exception {
        var answer = gateway.post("/v1/login", "", key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var header = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(header).contains("; HttpOnly").contains("; SameSite=Strict").contains("; Path=/");
        return new Browser(
                header.substring(0, header.indexOf(';')),
                gateway.json(answer).path("csrf_token").asString(""));
    }

    private HttpResponse<String> call(String method, String path, String body, Browser browser, String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(gateway.running().baseUri().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Cookie", browser.cookie())
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return gateway.client().send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> read(String path, Browser browser) throws Exception {
        return call("GET", path, "", browser);
    }

    private HttpResponse<String> change(String path, String body, Browser browser) throws Exception {
        return call("POST", path, body, browser, "X-CSRF-Token", browser.csrfToken());
    }

    private String code(HttpResponse<String> answer) {
        return gateway.json(answer).path("code").asString("");
    }

    @Test
    void a_login_may_do_what_its_key_may_and_no_more() throws Exception {
        var browser = logIn(gateway.key("eyes", "trade", "\"symbols\":[\"005930\"]"));
        var me = gateway.json(read("/v1/login", browser));
        assertThat(me.path("name").asString("")).isEqualTo("eyes");
        assertThat(me.path("role").asString("")).isEqualTo("trade");
        assertThat(me.path("symbols").toString()).isEqualTo("[\"005930\"]");
        assertThat(Instant.parse(me.path("idle_ends_at").asString("").replace("+09:00", "Z")))
                .isBefore(Instant.parse(me.path("ends_at").asString("").replace("+09:00", "Z")));
        assertThat(read("/v1/quotes/005930", browser).statusCode()).isEqualTo(200);
        assertThat(code(read("/v1/quotes/000660", browser))).isEqualTo("FORBIDDEN");
        assertThat(code(change("/v1/risk/kill-switch", "{\"on\":true}", browser)))
                .isEqualTo("FORBIDDEN");
        assertThat(code(call("GET", "/v1/quotes/005930", "", new Browser("other=1", ""))))
                .isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void a_changing_call_needs_the_token_that_only_a_page_of_the_gateway_can_read() throws Exception {
        var browser = logIn(gateway.admin);
        var other = logIn(gateway.admin);
        var without = call("POST", "/v1/risk/kill-switch", "{\"on\":true}", browser);
        assertThat(without.statusCode()).isEqualTo(403);
        assertThat(code(without)).isEqualTo("CSRF_TOKEN_WRONG");
        var foreign = new Browser(browser.cookie(), other.csrfToken());
        assertThat(code(change("/v1/risk/kill-switch", "{\"on\":true}", foreign)))
                .isEqualTo("CSRF_TOKEN_WRONG");
        assertThat(code(call("DELETE", "/v1/keys/root", "", browser))).isEqualTo("CSRF_TOKEN_WRONG");
        assertThat(gateway.json(read("/v1/risk/kill-switch", browser))
                        .path("on")
                        .asBoolean(true))
                .isFalse();
        assertThat(change("/v1/risk/kill-switch", "{\"on\":true}", browser).statusCode())
                .isEqualTo(200);
        // A page at another port of this machine sends the cookie, and its origin.
        var otherPort = call(
                "POST",
                "/v1/risk/kill-switch",
                "{\"on\":false}",
                browser,
                "X-CSRF-Token",
                browser.csrfToken(),
                "Origin",
                "http://127.0.0.1:1");
        assertThat(code(otherPort)).isEqualTo("ORIGIN_REFUSED");
    }

    @Test
    void a_login_is_made_with_a_key_only_and_not_extended_by_another_login() throws Exception {
        var browser = logIn(gateway.admin);
        assertThat(code(change("/v1/login", "", browser))).isEqualTo("FORBIDDEN");
        assertThat(code(gateway.post("/v1/login", "", "kgw_aaaaaaaa_" + "A".repeat(43))))
                .isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void a_login_survives_a_restart_and_its_cookie_is_stored_nowhere() throws Exception {
        var browser = logIn(gateway.admin);
        gateway.restart();
        assertThat(read("/v1/login", browser).statusCode()).isEqualTo(200);
        String token = browser.cookie().substring(browser.cookie().indexOf('=') + 1);
        assertThat(token).hasSize(43);
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(token)
                        .doesNotContain(browser.csrfToken());
            }
        }
    }

    @Test
    void a_log_out_ends_this_login_and_its_stream_and_everywhere_those_of_its_key() throws Exception {
        String key = gateway.key("trader", "trade");
        var first = logIn(key);
        var second = logIn(key);
        var third = logIn(key);
        var other = logIn(gateway.admin);
        var stream = stream(first);
        var answer = change("/v1/logout", "", first);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(read("/v1/login", first).statusCode()).isEqualTo(401);
        assertThat(stream.closeCode()).isEqualTo(KEY_ENDED);
        assertThat(read("/v1/login", second).statusCode()).isEqualTo(200);
        change("/v1/logout", "{\"everywhere\":true}", second);
        assertThat(read("/v1/login", second).statusCode()).isEqualTo(401);
        assertThat(read("/v1/login", third).statusCode()).isEqualTo(401);
        assertThat(read("/v1/login", other).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/v1/login", key).statusCode()).isEqualTo(200);
    }

    @Test
    void the_logins_of_a_revoked_or_rotated_key_end_with_their_streams() throws Exception {
        var revoked = logIn(gateway.key("gone", "trade"));
        var rotated = logIn(gateway.key("turned", "trade"));
        var stream = stream(revoked);
        gateway.send("DELETE", "/v1/keys/gone", "", gateway.admin);
        gateway.post("/v1/keys/turned/rotate", "{}", gateway.admin);
        assertThat(read("/v1/login", revoked).statusCode()).isEqualTo(401);
        assertThat(read("/v1/login", rotated).statusCode()).isEqualTo(401);
        assertThat(stream.closeCode()).isEqualTo(KEY_ENDED);
        var handshake = gateway.client()
                .newWebSocketBuilder()
                .header("Cookie", revoked.cookie())
                .buildAsync(streamAddress(), new WebSocket.Listener() {});
        assertThat(handshake.handle((_, failure) -> failure).get(30, TimeUnit.SECONDS))
                .hasStackTraceContaining("401");
    }

    @Test
    void the_twenty_first_login_of_a_key_ends_the_one_that_was_used_least_recently() throws Exception {
        String key = gateway.key("many", "quote");
        var first = logIn(key);
        var second = logIn(key);
        Browser last = second;
        for (int i = 2; i < 20; i++) {
            last = logIn(key);
        }
        assertThat(read("/v1/login", first).statusCode()).isEqualTo(200);
        logIn(key);
        assertThat(read("/v1/login", first).statusCode()).isEqualTo(200);
        assertThat(read("/v1/login", second).statusCode()).isEqualTo(401);
        assertThat(read("/v1/login", last).statusCode()).isEqualTo(200);
    }

    @Test
    void a_login_ends_when_it_is_idle_and_at_its_longest_time_whatever_is_called(@TempDir Path other) throws Exception {
        try (var brief = new KeyedGateway(other, "--login-idle=6s", "--login-max=12s")) {
            var header = brief.post("/v1/login", "", brief.admin)
                    .headers()
                    .firstValue("Set-Cookie")
                    .orElseThrow();
            assertThat(header).contains("Max-Age=12");
            var idle = new AtomicReference<>(Optional.<Duration>empty());
            String busy = cookie(brief.post("/v1/login", "", brief.admin));
            Instant begun = InstantSource.system().instant();
            KeyedGateway.until(() -> {
                var age = Duration.between(begun, InstantSource.system().instant());
                if (idle.get().isEmpty() && age.toMillis() > 6_500) {
                    // Not called since: only this call shows it.
                    assertThat(status(brief, header.substring(0, header.indexOf(';'))))
                            .isEqualTo(401);
                    idle.set(Optional.of(age));
                }
                boolean alive = status(brief, busy) == 200;
                assertThat(alive || age.toMillis() > 11_500)
                        .as("a login that is used ended after " + age)
                        .isTrue();
                return !alive;
            });
            assertThat(idle.get()).isPresent();
        }
    }

    private static String cookie(HttpResponse<String> answer) {
        var header = answer.headers().firstValue("Set-Cookie").orElseThrow();
        return header.substring(0, header.indexOf(';'));
    }

    private static int status(KeyedGateway gateway, String cookie) throws Exception {
        return gateway.client()
                .send(
                        HttpRequest.newBuilder(gateway.running().baseUri().resolve("/v1/login"))
                                .header("Cookie", cookie)
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    private URI streamAddress() {
        return URI.create("ws://127.0.0.1:" + gateway.running().port() + "/v1/stream");
    }

    private KeyedGateway.Stream stream(Browser browser) throws Exception {
        return gateway.stream(Map.of("Cookie", browser.cookie())).listening("\"orders\"");
    }
}
