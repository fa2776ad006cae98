package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
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
 * Every changing call, sent with restricted administrators' keys: to a symbol, to an account, to their own orders. Each key
 * tries to change what is outside its restriction. {@code -Dkis.docs.write=true} writes the table of docs/ACCESS.md.
 */
@Requirement("A-15")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class ScopeMatrixTest {
    private static final Path GUIDE = Path.of("..", "docs", "ACCESS.md");
    private static final String OTHER = "000660";
    private static final String FOREIGN = KeyedGateway.order(OTHER, 1_000);

    /** The effect of a key's restrictions on a call. */
    private enum Meaning {
        WHOLE_GATEWAY("refused: it concerns every account, symbol and key", "symbol", "account", "own"),
        ORDER("account and symbol of the order must be the key's; an `own` key orders as itself", "symbol", "account"),
        OLDER_ORDER(
                "an order of another account, or of another key for an `own` one, is not found; of another symbol, refused",
                "symbol",
                "account",
                "own"),
        MANY_ORDERS("an account that is not the key's is refused; other symbols' and keys' orders stay", "account"),
        ACCOUNT("the account must be the key's; other symbols, and fills of other keys, are left out", "account"),
        SYMBOLS("each symbol must be the key's; accounts and `own` change nothing", "symbol"),
        JOB("a job or recording that another key began is refused", "symbol", "account", "own"),
        SENDER(
                "refused without the webhook's secret; with it the webhook's key counts, not the caller's",
                "symbol",
                "account",
                "own"),
        WATCHLIST("each symbol must be the key's; a key has watchlists of its own", "symbol"),
        OWN_WATCHLIST("a key has watchlists of its own; another key's is not found", "symbol", "account", "own"),
        KIS_API(
                "symbol and account of the call must be the key's; other symbols, and orders of other keys, are left out",
                "symbol"),
        AGENT("each call that a tool makes has the key's restrictions"),
        LOGIN("of the caller itself, with its restrictions"),
        KEYS("only within the key's own limits; keys with more are not found", "symbol", "account", "own");

        private final String text;
        /** Keys that are refused; other keys are accepted, and nothing outside their restriction changes. */
        private final Set<String> refused;

        Meaning(String text, String... refused) {
            this.text = text;
            this.refused = Set.of(refused);
        }
    }

    /** @param path with the id of the foreign order or job */
    private record Attack(Meaning meaning, String path, String body) {}

    private final Map<String, Attack> attacks = new LinkedHashMap<>();
    private final Map<String, String> restricted = new TreeMap<>();
    private KeyedGateway gateway;
    private String order;
    private String parent;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway = new KeyedGateway(folder);
        restricted.put("symbol", gateway.key("by-symbol", "admin", "\"symbols\":[\"005930\"]"));
        restricted.put("account", gateway.key("by-account", "admin", "\"accounts\":[\"B7\"],\"unlisted\":true"));
        restricted.put("own", gateway.key("by-owner", "admin", "\"own\":true"));
        order = gateway.placeResting(OTHER, gateway.admin);
        KeyedGateway.until(() -> gateway.json(gateway.get("/v1/orders/" + order, gateway.admin))
                .path("status")
                .asString("")
                .equals("SENT"));
        var limits = gateway.json(gateway.get("/v1/risk/limits", gateway.admin));
        String job = gateway.json(gateway.post(
                        "/v1/history/backfill",
                        "{\"symbols\":[\"" + OTHER
                                + "\"],\"period\":\"D\",\"from\":\"2026-11-02\",\"to\":\"2026-11-06\"}",
                        gateway.admin))
                .path("id")
                .asString("");
        String recording = gateway.json(
                        gateway.post("/v1/history/recordings", "{\"symbols\":[\"005930\"]}", gateway.admin))
                .path("id")
                .asString("");
        assertThat(List.of(job, recording)).doesNotContain("");

        String symbols = "{\"symbols\":[\"" + OTHER + "\"]";
        put("POST /v1/session/reconnect", Meaning.WHOLE_GATEWAY, "{}");
        put("POST /v1/bars/batch", Meaning.SYMBOLS, symbols + ",\"period\":\"D\"}");
        put("POST /v1/quotes/batch", Meaning.SYMBOLS, symbols + "}");
        put(
                "POST /v1/history/backfill",
                Meaning.SYMBOLS,
                symbols + ",\"period\":\"D\",\"from\":\"2026-11-02\",\"to\":\"2026-11-03\"}");
        put("POST /v1/cache/warm", Meaning.SYMBOLS, symbols + "}");
        put("POST /v1/history/recordings", Meaning.SYMBOLS, symbols + "}");
        put("DELETE /v1/jobs/{id}", Meaning.JOB, job, "");
        put("DELETE /v1/history/recordings/{id}", Meaning.JOB, recording, "");
        put("POST /v1/orders", Meaning.ORDER, FOREIGN);
        put(
                "POST /v1/orders/batch",
                Meaning.ORDER,
                "{\"orders\":[" + FOREIGN.replace("}", ",\"idempotency_key\":\"b\"}") + "]}");
        for (var version : List.of("v3.0", "v3.1")) {
            for (var tr : List.of("t1101", "t1305", "t8412")) {
                put("POST /api/" + version + "/tr/" + tr, Meaning.SYMBOLS, "{\"shcode\":\"" + OTHER + "\"}");
            }
            put("POST /api/" + version + "/tr/t0424", Meaning.ACCOUNT, "{\"account\":\"A1\"}");
            put("POST /api/" + version + "/orders", Meaning.ORDER, FOREIGN);
            put(
                    "POST /api/" + version + "/orders/batch",
                    Meaning.ORDER,
                    "{\"orders\":[" + FOREIGN.replace("}", ",\"idempotency_key\":\"b\"}") + "]}");
        }
        put("POST /v1/risk/check", Meaning.ORDER, FOREIGN);
        put("POST /v1/orders/preview", Meaning.ORDER, FOREIGN);
        String later = "{\"at\":\"" + java.time.Instant.now().plusSeconds(600) + "\",\"order\":" + FOREIGN + "}";
        parent = gateway.json(gateway.send("POST", "/v1/parents", later, gateway.admin))
                .path("parent_id")
                .asString("");
        assertThat(parent).isNotEmpty();
        put("POST /v1/parents", Meaning.ORDER, later);
        put("POST /v1/parents/{id}/modify", Meaning.OLDER_ORDER, parent, "{\"qty\":2}");
        put("POST /v1/parents/{id}/release", Meaning.OLDER_ORDER, parent, "{}");
        put("POST /v1/parents/{id}/cancel", Meaning.OLDER_ORDER, parent, "{}");
        put("POST /v1/orders/{id}/modify", Meaning.OLDER_ORDER, order, "{\"qty\":2}");
        put("POST /v1/orders/{id}/cancel", Meaning.OLDER_ORDER, order, "{}");
        put("POST /v1/orders/{id}/resolve", Meaning.OLDER_ORDER, order, "{\"decision\":\"NOT_AT_BROKER\"}");
        put("POST /v1/orders/cancel-all", Meaning.MANY_ORDERS, "{\"account_id\":\"A1\"}");
        put("POST /v1/orders/reconcile", Meaning.WHOLE_GATEWAY, "{}");
        put("POST /v1/risk/kill-switch", Meaning.WHOLE_GATEWAY, "{\"on\":true,\"cancel_open\":true}");
        put(
                "PUT /v1/risk/limits",
                Meaning.WHOLE_GATEWAY,
                "{\"gateway\":" + limits.path("gateway") + ",\"accounts\":null,\"strategies\":null,\"keys\":null}");
        put("PUT /v1/log/levels", Meaning.WHOLE_GATEWAY, "{\"stream\":\"gateway.order\",\"level\":\"DEBUG\"}");
        put(
                "POST /v1/webhooks",
                Meaning.WHOLE_GATEWAY,
                "{\"name\":\"tv\",\"key\":\"root\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"" + OTHER
                        + "\",\"side\":\"BUY\",\"qty\":\"1\"},\"id\":\"{/id}\",\"time\":\"{/time}\"}");
        put("DELETE /v1/webhooks/{name}", Meaning.WHOLE_GATEWAY, "tv", "");
        put("POST /v1/webhooks/{name}/test", Meaning.WHOLE_GATEWAY, "tv", "{}");
        put("POST /v1/webhooks/{name}", Meaning.SENDER, "tv", "{}");
        put("POST /v1/webhooks/{name}/{secret}", Meaning.SENDER, "tv", "{}");
        put("POST /v1/alerts/ack", Meaning.WHOLE_GATEWAY, "{\"event\":\"kill_switch_on\",\"subject\":\"gateway\"}");
        put(
                "POST /v1/alerts/silences",
                Meaning.WHOLE_GATEWAY,
                "{\"event\":\"feed_down\",\"reason\":\"x\",\"until\":\""
                        + java.time.Instant.now().plusSeconds(600) + "\"}");
        put("DELETE /v1/alerts/silences/{id}", Meaning.WHOLE_GATEWAY, "1", "");
        put("POST /v1/alerts/test", Meaning.WHOLE_GATEWAY, "{\"channel\":\"team\"}");
        gateway.send("PUT", "/v1/watchlists/mine", "{\"symbols\":[\"" + OTHER + "\"]}", gateway.admin);
        put("PUT /v1/watchlists/{name}", Meaning.WATCHLIST, "mine", symbols + "}");
        put("DELETE /v1/watchlists/{name}", Meaning.OWN_WATCHLIST, "mine", "");
        put(
                "POST /v1/kis/apis/{name}",
                Meaning.KIS_API,
                "domestic_stock_inquire_price",
                "{\"parameters\":{\"FID_COND_MRKT_DIV_CODE\":\"J\",\"FID_INPUT_ISCD\":\"" + OTHER + "\"}}");
        put(
                "POST /mcp",
                Meaning.AGENT,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"get_order\",\"arguments\":{\"id\":\""
                        + order + "\"}}}");
        put("POST /v1/simulator", Meaning.WHOLE_GATEWAY, "{\"faults\":{\"lose_answers\":1}}");
        put("POST /v1/login", Meaning.LOGIN, "");
        put("POST /v1/logout", Meaning.LOGIN, "{\"everywhere\":true}");
        put("POST /v1/keys", Meaning.KEYS, "{\"name\":\"more\",\"role\":\"admin\"}");
        put("DELETE /v1/keys/{key}", Meaning.KEYS, "root", "");
        put("POST /v1/keys/{key}/rotate", Meaning.KEYS, "root", "{}");
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private void put(String call, Meaning meaning, String body) {
        put(call, meaning, "none", body);
    }

    private void put(String call, Meaning meaning, String foreign, String body) {
        attacks.put(call, new Attack(meaning, call.split(" ")[1].replaceAll("\\{[^}]+}", foreign), body));
    }

    @TestFactory
    Stream<DynamicTest> a_restricted_key_changes_only_what_is_its_own() {
        var tests = new ArrayList<DynamicTest>();
        changing()
                .forEach(call -> restricted.forEach((kind, key) ->
                        tests.add(dynamicTest(call + " by a key restricted by " + kind, () -> {
                            var attack = attacks.get(call);
                            assertThat(attack)
                                    .as("%s has an explanation of its restrictions", call)
                                    .isNotNull();
                            String before = state();

                            var answer = gateway.send(call.split(" ")[0], attack.path(), attack.body(), key);

                            if (attack.meaning() == Meaning.WHOLE_GATEWAY
                                    && attack.meaning().refused.contains(kind)) {
                                // Whether its target exists is no matter.
                                assertThat(answer.statusCode())
                                        .as(answer.body())
                                        .isEqualTo(403);
                                assertThat(answer.body()).contains("\"FORBIDDEN\"");
                            } else if (attack.meaning().refused.contains(kind)) {
                                // A batch answers for each of its orders.
                                assertThat(answer.body()).containsAnyOf("FORBIDDEN", "_NOT_FOUND");
                                assertThat(answer.statusCode())
                                        .as(answer.body())
                                        .isGreaterThanOrEqualTo(400);
                            } else {
                                assertThat(answer.statusCode())
                                        .as(answer.body())
                                        .isNotIn(401, 403, 404, 500);
                            }
                            assertThat(state()).isEqualTo(before);
                        }))));
        return tests.stream();
    }

    /** The targets of the attack, as an unrestricted administrator sees them. */
    private String state() throws Exception {
        var order = gateway.get("/v1/orders/" + this.order, gateway.admin);
        var job = gateway.json(gateway.get(attacks.get("DELETE /v1/jobs/{id}").path(), gateway.admin));
        var jobState = job.path("state").asString("");
        var kill = gateway.json(gateway.get("/v1/risk/kill-switch", gateway.admin));
        return String.join(
                "\n",
                gateway.json(order).path("status").asString("")
                        + gateway.json(order).path("qty"),
                gateway.get("/v1/parents/" + parent, gateway.admin).body(),
                kill.path("on") + " " + kill.path("reason"),
                gateway.get("/v1/risk/limits", gateway.admin).body(),
                jobState.startsWith("CANCEL") ? jobState : "not cancelled",
                recordingsOfAdmin(),
                gateway.get("/v1/watchlists", gateway.admin).body(),
                gateway.json(gateway.get("/v1/keys", gateway.admin))
                        .findValuesAsString("name")
                        .toString());
    }

    private String recordingsOfAdmin() throws Exception {
        var states = new ArrayList<String>();
        gateway.json(gateway.get("/v1/history/recordings", gateway.admin))
                .path("recordings")
                .forEach(it -> {
                    if (it.path("by").asString("").equals("root")) {
                        states.add(it.path("state").asString(""));
                    }
                });
        return states.toString();
    }

    @Test
    void a_key_grants_only_what_it_has() throws Exception {
        String creator = gateway.key(
                "giver",
                "admin",
                "\"symbols\":[\"005930\",\"000660\"]",
                "\"networks\":[\"127.0.0.0/8\"]",
                "\"expires\":\"30d\"");
        var narrower = List.of("\"symbols\":[\"005930\"]", "\"networks\":[\"127.0.0.1\"]", "\"expires\":\"29d\"");

        for (var more : List.of(
                List.of(narrower.get(1), narrower.get(2)),
                List.of("\"symbols\":[\"005930\",\"035420\"]", narrower.get(1), narrower.get(2)),
                List.of(narrower.get(0), narrower.get(2)),
                List.of(narrower.get(0), "\"networks\":[\"0.0.0.0/0\"]", narrower.get(2)),
                List.of(narrower.get(0), narrower.get(1)),
                List.of(narrower.get(0), narrower.get(1), "\"expires\":\"31d\""))) {
            var refused = make("greedy", creator, more);
            assertThat(refused.statusCode()).as("%s: %s", more, refused.body()).isEqualTo(403);
        }
        var created = make("modest", creator, narrower);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        assertThat(gateway.json(gateway.get("/v1/keys", creator)).findValuesAsString("name"))
                .contains("giver", "modest")
                .doesNotContain("root");
        assertThat(gateway.post("/v1/keys/modest/rotate", "{}", creator).statusCode())
                .isEqualTo(200);
        assertThat(gateway.post("/v1/keys/root/rotate", "{}", creator).body()).contains("KEY_NOT_FOUND");

        String own = gateway.key("own-giver", "admin", "\"strategy\":\"momentum\"");
        assertThat(make("other-label", own, List.of("\"strategy\":\"value\"")).statusCode())
                .isEqualTo(403);
        assertThat(make("shared", own, List.of("\"strategy\":\"momentum\"", "\"own\":false"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(make("second", own, List.of("\"strategy\":\"momentum\"")).statusCode())
                .isEqualTo(200);

        String slow = gateway.key("slow-giver", "admin", "\"calls_per_second\":20");
        assertThat(make("usual", slow, List.of("\"own\":false")).statusCode()).isEqualTo(403);
        assertThat(make("fast", slow, List.of("\"calls_per_second\":21")).statusCode())
                .isEqualTo(403);
        assertThat(make("slower", slow, List.of("\"calls_per_second\":20")).statusCode())
                .isEqualTo(200);
    }

    private java.net.http.HttpResponse<String> make(String name, String creator, List<String> members)
            throws Exception {
        return gateway.post(
                "/v1/keys",
                "{\"name\":\"" + name + "\",\"role\":\"quote\"," + String.join(",", members) + "}",
                creator);
    }

    @Test
    void a_restricted_key_reads_no_symbols_strategies_and_keys_of_others() throws Exception {
        gateway.get("/v1/quotes?symbols=000660,999999", gateway.admin);
        var limits = gateway.json(gateway.get("/v1/risk/limits", gateway.admin));
        var gatewayLayer = (tools.jackson.databind.node.ObjectNode) limits.path("gateway");
        gatewayLayer.putArray("deny").add("035420").add("005930");
        var requested = "{\"gateway\":" + gatewayLayer
                + ",\"accounts\":{\"A1\":{\"max_qty\":50}},\"strategies\":{\"secret\":{\"max_qty\":5},\"mine\":{\"max_qty\":6}},"
                + "\"keys\":{\"root\":{\"max_qty\":7}}}";
        var set = gateway.send("PUT", "/v1/risk/limits", requested, gateway.admin);
        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);

        String bySymbol = restricted.get("symbol");
        assertThat(gateway.get("/v1/metrics/quote", gateway.admin).body()).contains("999999");
        assertThat(gateway.get("/v1/metrics/quote", bySymbol).body()).doesNotContain("999999");
        assertThat(gateway.get("/v1/risk/limits", bySymbol).body())
                .contains("\"deny\":[\"005930\"]", "\"strategies\":{}", "\"keys\":{}");
        assertThat(gateway.get("/v1/risk/limits", restricted.get("account")).body())
                .contains("\"accounts\":{}", "\"strategies\":{}");
        String strategyKey = gateway.key("strategist", "trade", "\"strategy\":\"mine\"");
        assertThat(gateway.get("/v1/risk/limits", strategyKey).body())
                .contains("\"mine\"")
                .doesNotContain("secret", "\"root\":");
        var original =
                "{\"gateway\":" + limits.path("gateway") + ",\"accounts\":null,\"strategies\":null,\"keys\":null}";
        gatewayLayer.putArray("deny");
        assertThat(gateway.send("PUT", "/v1/risk/limits", original, gateway.admin)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void the_guide_explains_what_a_restriction_means_to_each_call() throws IOException {
        assertThat(attacks.keySet()).containsExactlyInAnyOrderElementsOf(changing());
        var table = new StringBuilder("| call | of a restricted key |\n|---|---|\n");
        changing()
                .forEach(call -> table.append("| `")
                        .append(call)
                        .append("` | ")
                        .append(attacks.get(call).meaning().text)
                        .append(" |\n"));
        String begin = "<!-- the table below is made by ScopeMatrixTest -->\n";
        String end = "<!-- end of the scopes -->";
        String guide = Files.readString(GUIDE);
        if (Boolean.getBoolean("kis.docs.write")) {
            guide = guide.substring(0, guide.indexOf(begin) + begin.length())
                    + table
                    + guide.substring(guide.indexOf(end));
            Files.writeString(GUIDE, guide);
        }
        assertThat(guide.substring(guide.indexOf(begin) + begin.length(), guide.indexOf(end)))
                .isEqualTo(table.toString());
    }

    private Set<String> changing() {
        var calls = new TreeSet<String>();
        gateway.running().table().routes().stream()
                .filter(route -> !route.method().equals("GET"))
                .forEach(route -> calls.add(route.method() + " " + route.path()));
        return calls;
    }
}
