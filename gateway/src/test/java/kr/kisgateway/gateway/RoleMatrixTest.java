package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every call of a running gateway that requires keys, with a key of every role: the role of the route table alone decides.
 * {@code -Dkis.docs.write=true} writes the table of docs/ACCESS.md.
 */
@Requirement(value = "A-15", clause = "roles")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class RoleMatrixTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Path GUIDE = Path.of("..", "docs", "ACCESS.md");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<Role, String> keys = new EnumMap<>(Role.class);
    private Gateway gateway;
    private Path folder;

    /** @param role empty for a call without a required role */
    private record CallRole(String method, String path, Optional<Role> role) {}

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--auth=required"),
                Map.of(),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        // Before the gateway runs, as an operator sets it up.
        for (Role role : Role.values()) {
            keys.put(role, keys("create", "the-" + role.wireName(), "--role", role.wireName()));
        }
        gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @TestFactory
    Stream<DynamicTest> each_call_requires_its_role_or_a_greater_one() {
        return calls().stream().flatMap(call -> {
            var tests = new ArrayList<DynamicTest>();
            tests.add(dynamicTest(call.method + " " + call.path + " without a key", () -> {
                var answer = send(call, Optional.empty());
                if (call.role.isEmpty()) {
                    assertThat(answer.statusCode()).isNotIn(401, 403);
                } else {
                    assertThat(answer.statusCode()).isEqualTo(401);
                    assertThat(answer.body()).contains("\"UNAUTHENTICATED\"");
                }
            }));
            for (Role role : Role.values()) {
                tests.add(dynamicTest(call.method + " " + call.path + " as " + role.wireName(), () -> {
                    var answer = send(call, Optional.of(keys.get(role)));
                    if (call.role.isEmpty() || role.covers(call.role.get())) {
                        assertThat(answer.statusCode()).as(answer.body()).isNotIn(401, 403);
                    } else {
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
                        assertThat(answer.body()).contains("\"FORBIDDEN\"");
                    }
                }));
            }
            return tests.stream();
        });
    }

    @Test
    void a_body_can_require_a_greater_role_than_its_call() throws Exception {
        var everything = new CallRole("POST", "/v1/orders/cancel-all", Optional.of(Role.TRADE));

        var trader = send(everything, Optional.of(keys.get(Role.TRADE)), true);
        assertThat(trader.statusCode()).isEqualTo(403);
        assertThat(trader.body()).contains("\"FORBIDDEN\"", "\"needed\":\"operator\"");
        assertThat(send(everything, Optional.of(keys.get(Role.OPERATOR)), true).statusCode())
                .isNotIn(401, 403);
    }

    @Test
    void a_key_for_one_account_and_symbol_reads_nothing_of_others() throws Exception {
        String otherScopeKey =
                keys("create", "elsewhere", "--role", "trade", "--accounts", "B7", "--symbols", "000660", "--unlisted");
        String limitedKey = keys("create", "mine", "--role", "trade", "--accounts", "A1", "--symbols", "005930");
        awaitKeyAccepted(limitedKey);
        String order = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,\"price\":1000}";
        var placed = post("/v1/orders", order, limitedKey, "k1");
        // Far below the day's limits: the order is evaluated, so it passed the gatekeeper.
        assertThat(placed.statusCode()).as(placed.body()).isNotIn(401, 403);

        for (var path : List.of(
                "/v1/balances?account_id=A1",
                "/v1/positions?account_id=A1",
                "/v1/executions?account_id=A1",
                "/v1/pnl?account_id=A1",
                "/v1/dividends?account_id=A1",
                "/v1/buying-power?account_id=A1&symbol=005930",
                "/v1/parents?account_id=A1",
                "/v1/orders?account_id=A1")) {
            assertThat(get(path, otherScopeKey).body()).as(path).contains("\"FORBIDDEN\"");
            Await.until(path, () -> get(path, limitedKey).statusCode() == 200);
        }
        assertThat(post("/v1/orders", order, otherScopeKey, "k2").body()).contains("\"FORBIDDEN\"");
        assertThat(post("/v1/risk/check", order, otherScopeKey, "k3").body()).contains("\"FORBIDDEN\"");
        assertThat(post("/v1/orders/preview", order, otherScopeKey, "k3").body())
                .contains("\"FORBIDDEN\"");
        String later = "{\"at\":\"" + java.time.Instant.now().plusSeconds(600) + "\",\"order\":" + order + "}";
        assertThat(post("/v1/parents", later, otherScopeKey, "k3").body()).contains("\"FORBIDDEN\"");
        assertThat(post(
                                "/v1/orders/batch",
                                "{\"orders\":[" + order.replace("}", ",\"idempotency_key\":\"b\"}") + "]}",
                                otherScopeKey,
                                "k4")
                        .body())
                .contains("\"FORBIDDEN\"");
        assertThat(post("/v1/orders/cancel-all", "{\"account_id\":\"A1\"}", otherScopeKey, "k5")
                        .body())
                .contains("\"FORBIDDEN\"");
        assertThat(post("/v1/orders/cancel-all", "{\"symbol\":\"005930\"}", otherScopeKey, "k6")
                        .body())
                .contains("\"FORBIDDEN\"");
        assertThat(get("/v1/orders", otherScopeKey).body()).contains("\"orders\":[]");
        assertThat(get("/v1/quotes/005930", otherScopeKey).body()).contains("\"FORBIDDEN\"");
        assertThat(get("/v1/quotes?symbols=000660,005930", otherScopeKey).body())
                .contains("\"FORBIDDEN\"");
        assertThat(get("/v1/quotes/005930", limitedKey).statusCode()).isEqualTo(200);
        for (var path : List.of("/v1/quotes/batch", "/v1/bars/batch")) {
            String period = path.contains("bars") ? ",\"period\":\"D\"" : "";
            assertThat(post(path, "{\"symbols\":[\"000660\",\"005930\"]" + period + "}", otherScopeKey, "k7")
                            .body())
                    .contains("\"FORBIDDEN\"")
                    .doesNotContain("expected");
        }
        assertThat(get("/v1/risk/limits", otherScopeKey).body()).contains("\"accounts\":{}");
    }

    @Test
    void an_order_of_another_account_is_not_found_for_a_key() throws Exception {
        String trader = keys("create", "trader", "--role", "trade");
        String otherAccountKey = keys("create", "stranger", "--role", "trade", "--accounts", "B7", "--unlisted");
        awaitKeyAccepted(otherAccountKey);
        String id = createAcceptedKey(trader);

        for (var suffix : List.of("", "/state", "/events")) {
            assertThat(get("/v1/orders/" + id + suffix, trader).statusCode()).isEqualTo(200);
            assertThat(get("/v1/orders/" + id + suffix, otherAccountKey).body()).contains("\"ORDER_NOT_FOUND\"");
        }
        assertThat(post("/v1/orders/" + id + "/cancel", "{}", otherAccountKey, "c1")
                        .body())
                .contains("\"ORDER_NOT_FOUND\"");
        assertThat(post("/v1/orders/" + id + "/modify", "{\"qty\":2}", otherAccountKey, "m1")
                        .body())
                .contains("\"ORDER_NOT_FOUND\"");
        assertThat(get("/v1/orders", otherAccountKey).body()).contains("\"orders\":[]");
        assertThat(get("/v1/orders", trader).body()).contains(id);
    }

    @Test
    void the_guide_shows_the_role_of_every_call() throws IOException {
        var rows = new ArrayList<>(List.of("| call | least role |", "|---|---|"));
        calls().stream()
                .sorted(Comparator.comparing(CallRole::path).thenComparing(CallRole::method))
                .map(call -> "| `" + call.method + " " + call.path + "` | "
                        + call.role.map(Role::wireName).orElse("none") + " |")
                .forEach(rows::add);
        String begin = "<!-- the table below is made by RoleMatrixTest -->\n";
        String end = "<!-- end of the table -->";
        String guide = Files.readString(GUIDE);
        String table = String.join("\n", rows) + "\n";
        if (Boolean.getBoolean("kis.docs.write")) {
            guide = guide.substring(0, guide.indexOf(begin) + begin.length())
                    + table
                    + guide.substring(guide.indexOf(end));
            Files.writeString(GUIDE, guide);
        }
        assertThat(guide.substring(guide.indexOf(begin) + begin.length(), guide.indexOf(end)))
                .isEqualTo(table);
    }

    private List<CallRole> calls() {
        var calls = new ArrayList<CallRole>();
        gateway.table().routes().forEach(route -> calls.add(new CallRole(route.method(), route.path(), route.role())));
        gateway.table()
                .sockets()
                .forEach(socket -> calls.add(new CallRole("GET", socket.path(), Optional.of(socket.role()))));
        return calls;
    }

    private String createAcceptedKey(String key) throws Exception {
        String order = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1}";
        long until = System.nanoTime() + LIMIT.toNanos();
        for (int attempt = 0; ; attempt++) {
            var answer = post("/v1/orders", order, key, "accepted-" + attempt);
            if (answer.statusCode() == 200) {
                return answer.body().split("\"order_id\":\"")[1].split("\"")[0];
            }
            assertThat(System.nanoTime()).as(answer.body()).isLessThan(until);
        }
    }

    /** A key created by the command is valid at the running gateway within a second. */
    private void awaitKeyAccepted(String key) throws Exception {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (get("/v1/session/status", key).statusCode() != 200) {
            assertThat(System.nanoTime()).as("the key is loaded").isLessThan(until);
            // Each try counts as a wrong key, so there must be few.
            java.util.concurrent.locks.LockSupport.parkNanos(300_000_000);
        }
    }

    private String keys(String... args) {
        return KeyCommands.printed(folder, List.of(args));
    }

    private HttpResponse<String> send(CallRole call, Optional<String> key) throws Exception {
        return send(call, key, false);
    }

    private HttpResponse<String> send(CallRole call, Optional<String> key, boolean everything) throws Exception {
        String path = call.path.replaceAll("\\{[^}]+}", "none");
        var request = request(path, key);
        if (call.method.equals("GET") || call.method.equals("DELETE")) {
            request.method(call.method, BodyPublishers.noBody());
        } else {
            // Cancelling all orders of all keys requires more than the call itself; the next test covers that.
            String body = call.path.endsWith("/cancel-all") && !everything ? "{\"account_id\":\"A1\"}" : "{}";
            request.header("Content-Type", "application/json").method(call.method, BodyPublishers.ofString(body));
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        return client.send(request(path, Optional.of(key)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, String key, String idempotency) throws Exception {
        return client.send(
                request(path, Optional.of(key))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", idempotency)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, Optional<String> key) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .timeout(LIMIT);
        key.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }
}
