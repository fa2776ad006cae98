package kr.kisgateway.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The key of one account tries to read, change and learn of another's orders. */
@Tag("slow")
class AccountScopeAttackTest {
    private static final String SAMSUNG = "005930";
    private static final String PLANTED = "planted-in-c";
    /** They have no end. */
    private static final Set<String> STREAMS = Set.of("/v1/events", "/v1/stream");

    private KeyedGateway gateway;
    private String ofB;
    private String ofC;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("gateway.yaml"), """
                kis:
                  app-keys:
                    - id: K2
                  accounts:
                    - alias: B
                      number: "60000001-22"
                    - alias: C
                      app-key: K2
                """);
        gateway = new KeyedGateway(folder, "--webhooks=true");
        KeyedGateway.until(
                () -> gateway.json(gateway.get("/v1/accounts", gateway.admin)).findValues("can_trade").stream()
                        .allMatch(JsonNode::asBoolean));
        ofB = gateway.key("of-b", "admin", "\"accounts\":[\"B\"]");
        ofC = gateway.key("of-c", "admin", "\"accounts\":[\"C\"]");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private long low() throws Exception {
        gateway.get("/v1/quotes/" + SAMSUNG, gateway.admin);
        KeyedGateway.until(() -> gateway.json(gateway.get("/v1/instruments/" + SAMSUNG, gateway.admin))
                        .path("lower_limit")
                        .asLong(0)
                > 0);
        return gateway.json(gateway.get("/v1/instruments/" + SAMSUNG, gateway.admin))
                .path("lower_limit")
                .asLong();
    }

    private static String buy(String account, long price) {
        return "{\"account_id\":\"" + account + "\",\"symbol\":\"" + SAMSUNG
                + "\",\"side\":\"BUY\",\"qty\":1,\"price\":" + price + "}";
    }

    private HttpResponse<String> placeUnder(String idempotencyKey, String body, String key) throws Exception {
        return under(idempotencyKey, "/v1/orders", body, key);
    }

    private HttpResponse<String> under(String idempotencyKey, String path, String body, String key) throws Exception {
        return gateway.client()
                .send(
                        gateway.request(path, key)
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", idempotencyKey)
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private String restingIn(String account, String key) throws Exception {
        return resting(buy(account, low()), key);
    }

    private String resting(String order, String key) throws Exception {
        var answer = gateway.post("/v1/orders", order, key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = gateway.json(answer).path("order_id").asString();
        awaitStatus(id, "SENT");
        return id;
    }

    private void awaitStatus(String id, String status) throws Exception {
        KeyedGateway.until(() -> status(id).equals(status));
    }

    private String status(String id) throws Exception {
        return gateway.json(gateway.get("/v1/orders/" + id, gateway.admin))
                .path("status")
                .asString("");
    }

    /** An order of the account C whose strategy no answer to another key may have. */
    private String planted() throws Exception {
        return resting(buy("C", low()).replace("\"qty\":1", "\"qty\":2,\"strategy_id\":\"" + PLANTED + "\""), ofC);
    }

    private HttpResponse<String> schedule(String account, String key) throws Exception {
        return gateway.post(
                "/v1/parents",
                "{\"at\":\"" + Instant.now().plusSeconds(3600) + "\",\"order\":"
                        + buy(account, low()).replace("}", ",\"strategy_id\":\"" + PLANTED + "\"}") + "}",
                key);
    }

    private String scheduled(String account, String key) throws Exception {
        var answer = schedule(account, key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.json(answer).path("parent_id").asString();
    }

    /** Every call of the gateway that reads, from its own description. */
    private List<String> reads() throws Exception {
        var reads = new ArrayList<String>();
        gateway.json(gateway.get("/openapi.json", gateway.admin)).path("paths").properties().stream()
                .filter(path -> path.getValue().has("get"))
                .map(Map.Entry::getKey)
                .filter(path -> !STREAMS.contains(path))
                .forEach(reads::add);
        assertThat(reads).hasSizeGreaterThan(40);
        return reads;
    }

    @Test
    void no_reading_call_shows_an_order_of_another_account() throws Exception {
        String id = planted();
        String parent = scheduled("C", ofC);
        var leaks = new ArrayList<String>();
        var shownToItsOwner = new TreeSet<String>();
        for (String path : reads()) {
            for (String query : List.of("", "?account_id=C", "?account_id=C&symbol=" + SAMSUNG)) {
                for (String known : path.contains("{") ? List.of(id, parent, SAMSUNG) : List.of("")) {
                    String request = path.replaceAll("\\{[^}]*}", known) + query;
                    String answer = gateway.get(request, ofB).body();
                    String news = known.isEmpty() ? answer : answer.replace(known, "");
                    if (Stream.of(PLANTED, id, parent).anyMatch(news::contains)) {
                        leaks.add(request + ": " + answer);
                    }
                    if (gateway.get(request, ofC).body().contains(PLANTED)) {
                        shownToItsOwner.add(path);
                    }
                }
            }
        }
        assertThat(leaks).isEmpty();
        assertThat(shownToItsOwner)
                .contains(
                        "/v1/orders",
                        "/v1/orders/{id}",
                        "/v1/orders/{id}/events",
                        "/v1/parents",
                        "/v1/parents/{id}",
                        "/v1/parents/{id}/events");
    }

    @Test
    void no_account_of_another_key_answers_a_query() throws Exception {
        for (String path : List.of(
                "/v1/orders",
                "/v1/executions",
                "/v1/pnl",
                "/v1/dividends",
                "/v1/positions",
                "/v1/balances",
                "/v1/parents",
                "/v1/buying-power")) {
            for (String foreign : List.of("A1", "C", "c", "gateway", "parents", "*", "B,C", "B/C")) {
                String symbol = path.equals("/v1/buying-power") ? "&symbol=" + SAMSUNG : "";
                var answer = gateway.get(path + "?account_id=" + URLEncoder.encode(foreign, UTF_8) + symbol, ofB);
                assertThat(answer.statusCode())
                        .as(path + " " + foreign + " " + answer.body())
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void an_order_of_another_account_is_answered_like_one_that_does_not_exist() throws Exception {
        String id = planted();
        String parent = scheduled("C", ofC);
        var attacks = new LinkedHashMap<String, String>();
        attacks.put("GET /v1/orders/ORDER", "");
        attacks.put("GET /v1/orders/ORDER/state", "");
        attacks.put("GET /v1/orders/ORDER/events", "");
        attacks.put("POST /v1/orders/ORDER/modify", "{\"qty\":1}");
        attacks.put("POST /v1/orders/ORDER/resolve", "{\"decision\":\"NOT_AT_BROKER\"}");
        attacks.put("POST /v1/orders/ORDER/cancel", "{}");
        attacks.put("GET /v1/parents/PARENT", "");
        attacks.put("GET /v1/parents/PARENT/events", "");
        attacks.put("POST /v1/parents/PARENT/modify", "{\"qty\":2}");
        attacks.put("POST /v1/parents/PARENT/release", "{}");
        attacks.put("POST /v1/parents/PARENT/cancel", "{}");
        attacks.put(
                "POST /v1/parents",
                "{\"kind\":\"CONDITIONAL\",\"after_fill_of\":\"ORDER\",\"order\":" + buy("B", low()) + "}");
        String noOrder = id.substring(0, id.length() - 4) + "0000";
        String noParent = parent.substring(0, parent.length() - 4) + "0000";
        for (var attack : attacks.entrySet()) {
            String foreign = error(send(attack.getKey(), attack.getValue(), id, parent, ofB), id, parent);
            assertThat(foreign)
                    .as(attack.getKey())
                    .startsWith("404 ")
                    .isEqualTo(
                            error(send(attack.getKey(), attack.getValue(), noOrder, noParent, ofB), noOrder, noParent));
        }
        assertThat(status(id)).isEqualTo("SENT");
        assertThat(gateway.json(gateway.get("/v1/orders/" + id, ofC))
                        .path("qty")
                        .asLong())
                .isEqualTo(2);
        assertThat(gateway.json(gateway.get("/v1/parents/" + parent, ofC))
                        .path("open")
                        .asBoolean(true))
                .isTrue();
        for (String call : List.of(
                "POST /v1/orders/ORDER/modify",
                "POST /v1/orders/ORDER/cancel",
                "POST /v1/parents/PARENT/modify",
                "POST /v1/parents/PARENT/cancel")) {
            var own = send(call, attacks.getOrDefault(call, ""), id, parent, ofC);
            assertThat(own.statusCode())
                    .as("the body is not what was refused: " + own.body())
                    .isEqualTo(200);
        }
    }

    private HttpResponse<String> send(String call, String body, String id, String parent, String key) throws Exception {
        String[] words = call.replace("ORDER", id).replace("PARENT", parent).split(" ");
        return gateway.send(words[0], words[1], body.replace("ORDER", id), key);
    }

    /** The error without what the caller sent. */
    private String error(HttpResponse<String> answer, String id, String parent) {
        JsonNode error = gateway.json(answer);
        return (answer.statusCode() + " " + error.path("code").asString("none") + " "
                        + error.path("message").asString("") + " " + error.path("details"))
                .replace(id, "ID")
                .replace(parent, "ID");
    }

    @Test
    void nothing_is_placed_checked_or_previewed_for_another_account() throws Exception {
        long low = low();
        String own = buy("B", low).replace("}", ",\"idempotency_key\":\"own\"}");
        String foreign = buy("C", low).replace("}", ",\"idempotency_key\":\"foreign\"}");
        for (String path : List.of("/v1/orders", "/v1/orders/preview", "/v1/risk/check")) {
            var answer = gateway.post(path, buy("C", low), ofB);
            assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(403);
            assertThat(gateway.post(path, buy("C", low), ofC).statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(gateway.post("/v1/orders", buy("C", low).replace("}", ",\"dry_run\":true}"), ofB)
                        .statusCode())
                .isEqualTo(403);
        assertThat(schedule("C", ofB).statusCode()).isEqualTo(403);
        for (String dry : List.of("", ",\"dry_run\":true")) {
            String basket = "{\"kind\":\"BASKET\",\"account_id\":\"C\",\"side\":\"BUY\"" + dry
                    + ",\"orders\":[{\"symbol\":\"" + SAMSUNG + "\",\"qty\":1,\"price\":" + low + "}]}";
            var answer = gateway.post("/v1/parents", basket, ofB);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
            String smuggled = basket.replace("\"C\"", "\"B\"").replace("\"qty\"", "\"account_id\":\"C\",\"qty\"");
            var refused = gateway.post("/v1/parents", smuggled, ofB);
            assertThat(refused.body()).as("a line has no account of its own").contains("account_id");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(dry.isEmpty() ? 400 : 200);
        }
        var batch = gateway.post("/v1/orders/batch", "{\"orders\":[" + own + "," + foreign + "]}", ofB);
        assertThat(gateway.json(batch).at("/orders/1/code").asString(batch.body()))
                .isEqualTo("FORBIDDEN");
        var placed = gateway.json(gateway.get("/v1/orders?account_id=C", gateway.admin))
                .path("orders");
        assertThat(placed).as("the owner's alone").hasSize(1);
        assertThat(gateway.json(gateway.get("/v1/parents", gateway.admin)).path("parents"))
                .isEmpty();
    }

    @Test
    void a_basket_of_another_account_is_neither_shown_changed_nor_repeated() throws Exception {
        String body = "{\"kind\":\"BASKET\",\"account_id\":\"C\",\"side\":\"BUY\",\"orders\":[{\"symbol\":\"" + SAMSUNG
                + "\",\"qty\":1,\"price\":" + low() + ",\"strategy_id\":\"" + PLANTED + "\"}]}";
        var made = under("basket", "/v1/parents", body, ofC);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        String basket = gateway.json(made).path("parent_id").asString();
        var repeated = under("basket", "/v1/parents", body, ofB);
        assertThat(repeated.statusCode()).as(repeated.body()).isEqualTo(403);
        assertThat(repeated.body()).doesNotContain(basket, PLANTED);
        var own = under("basket", "/v1/parents", body.replace("\"C\"", "\"B\""), ofB);
        assertThat(gateway.json(own).path("parent_id").asString(basket))
                .as(own.body())
                .isNotEqualTo(basket);
        for (String call : List.of("cancel", "release", "modify")) {
            var answer = gateway.post("/v1/parents/" + basket + "/" + call, "{}", ofB);
            assertThat(answer.statusCode()).as(call + answer.body()).isEqualTo(404);
        }
        assertThat(gateway.json(gateway.get("/v1/parents/" + basket, ofC))
                        .path("status")
                        .asString())
                .isNotEqualTo("CANCELED");
        assertThat(gateway.get("/v1/parents", ofB).body()).doesNotContain(basket);
    }

    @Test
    void a_webhook_orders_for_no_account_that_its_key_is_not_for() throws Exception {
        gateway.key("bot-of-b", "trade", "\"accounts\":[\"B\"]");
        String definition = """
                {"name":"bot","key":"bot-of-b","id":"{/id}","time":"{/at}",
                 "order":{"account_id":"{/account}","symbol":"%s","side":"BUY","qty":"1","order_type":"LIMIT","price":"%d"}}
                """.formatted(SAMSUNG, low());
        var byAnother = gateway.post("/v1/webhooks", definition, ofC);
        assertThat(byAnother.statusCode()).as(byAnother.body()).isEqualTo(403);
        var made = gateway.post("/v1/webhooks", definition, gateway.admin);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        String path = gateway.json(made).path("path").asString();
        for (String call : List.of("GET /v1/webhooks", "POST /v1/webhooks/bot/test", "DELETE /v1/webhooks/bot")) {
            var answer = send(call, call.startsWith("POST") ? alertFor("B") : "", "", "", ofC);
            assertThat(answer.statusCode()).as(call + answer.body()).isEqualTo(403);
        }
        var foreign = alert(path, alertFor("C"));
        assertThat(foreign.statusCode()).as(foreign.body()).isEqualTo(403);
        var own = alert(path, alertFor("B"));
        assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
        assertThat(gateway.json(gateway.get("/v1/orders", gateway.admin))
                        .path("orders")
                        .findValuesAsString("account_id"))
                .containsExactly("B");
    }

    private static String alertFor(String account) {
        return "{\"id\":\"of " + account + "\",\"account\":\"" + account + "\",\"at\":\"" + Instant.now() + "\"}";
    }

    private HttpResponse<String> alert(String path, String body) throws Exception {
        return gateway.client()
                .send(
                        HttpRequest.newBuilder(gateway.running().baseUri().resolve(path))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    @Test
    void a_key_grants_itself_no_other_account_and_manages_no_key_of_one() throws Exception {
        for (String accounts :
                List.of("", ",\"accounts\":[\"C\"]", ",\"accounts\":[\"B\",\"C\"]", ",\"accounts\":[\"A1\"]")) {
            var answer = gateway.post("/v1/keys", "{\"name\":\"thief\",\"role\":\"trade\"" + accounts + "}", ofB);
            assertThat(answer.statusCode()).as(accounts + answer.body()).isEqualTo(403);
        }
        for (String call : List.of("DELETE /v1/keys/of-c", "POST /v1/keys/of-c/rotate")) {
            var answer = send(call, "", "", "", ofB);
            assertThat(answer.statusCode()).as(call + answer.body()).isEqualTo(404);
        }
        assertThat(gateway.get("/v1/keys", ofB).body()).contains("of-b").doesNotContain("of-c", "root");
        assertThat(gateway.get("/v1/orders", ofC).statusCode()).isEqualTo(200);
    }

    @Test
    void limits_reconciliation_and_alerts_of_all_accounts_are_refused_to_the_key_of_one() throws Exception {
        String limits = gateway.get("/v1/risk/limits", gateway.admin).body();
        assertThat(gateway.send("PUT", "/v1/risk/limits", "{\"gateway\":{\"max_qty\":1}}", ofB)
                        .statusCode())
                .isEqualTo(403);
        assertThat(gateway.get("/v1/risk/limits", gateway.admin).body()).isEqualTo(limits);
        assertThat(gateway.get("/v1/risk/limits", ofB).body()).doesNotContain("\"C\"");
        for (String call : List.of("POST /v1/orders/reconcile", "GET /v1/alerts", "GET /v1/face/clients")) {
            var answer = send(call, "", "", "", ofB);
            assertThat(answer.statusCode()).as(call + answer.body()).isEqualTo(403);
        }
    }

    @Test
    void an_idempotency_key_of_another_account_or_caller_answers_nothing_of_it() throws Exception {
        var both = gateway.key("both", "trade", "\"accounts\":[\"B\",\"C\"]");
        long low = low();
        var first = placeUnder("same", buy("B", low), ofB);
        var second = placeUnder("same", buy("C", low), ofC);
        var third = placeUnder("same", buy("C", low), both);
        var fourth = placeUnder("same", buy("B", low), both);
        var ids = List.of(first, second, third, fourth).stream()
                .map(answer -> gateway.json(answer).path("order_id").asString(answer.body()))
                .toList();
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.startsWith("ord_"));
    }

    @Test
    void cancel_all_of_an_account_leaves_the_others_and_the_kill_switch_ends_all() throws Exception {
        String inB = restingIn("B", ofB);
        String inC = restingIn("C", ofC);
        assertThat(gateway.post("/v1/orders/cancel-all", "{\"account_id\":\"B\"}", ofB)
                        .statusCode())
                .isEqualTo(200);
        awaitStatus(inB, "CANCELED");
        assertThat(status(inC)).isEqualTo("SENT");
        assertThat(gateway.post("/v1/orders/cancel-all", "{\"symbol\":\"" + SAMSUNG + "\"}", ofB)
                        .statusCode())
                .isEqualTo(403);
        assertThat(gateway.post("/v1/risk/kill-switch", "{\"on\":true,\"reason\":\"test\",\"cancel_open\":true}", ofB)
                        .statusCode())
                .isEqualTo(403);
        assertThat(gateway.post(
                                "/v1/risk/kill-switch",
                                "{\"on\":true,\"reason\":\"test\",\"cancel_open\":true}",
                                gateway.admin)
                        .statusCode())
                .isEqualTo(200);
        awaitStatus(inC, "CANCELED");
    }

    @Test
    void the_stream_of_a_key_has_nothing_of_another_account_also_after_a_resumption() throws Exception {
        var stream = gateway.stream(ofB).listening("\"orders\",\"executions\"");
        String foreign = planted();
        assertThat(gateway.post("/v1/orders/" + foreign + "/cancel", "{}", ofC).statusCode())
                .isEqualTo(200);
        awaitStatus(foreign, "CANCELED");
        var seen = new ArrayList<JsonNode>();
        for (String account : List.of("C", "A1", "gateway", "parents", "c", "")) {
            stream.send("{\"op\":\"resume\",\"account_id\":\"" + account + "\",\"from_seq\":0}");
            seen.addAll(stream.await(message ->
                    List.of("error", "resumed").contains(message.path("op").asString(""))));
            assertThat(seen.getLast().at("/error/code").asString("none"))
                    .as(account)
                    .isEqualTo("FORBIDDEN");
        }
        stream.send("{\"op\":\"subscribe\",\"channels\":[\"alerts\"]}");
        seen.addAll(stream.await(message -> message.path("op").asString("").equals("error")));
        assertThat(seen.getLast().at("/error/code").asString()).isEqualTo("FORBIDDEN");
        String own = restingIn("B", ofB);
        stream.send("{\"op\":\"resume\",\"account_id\":\"B\",\"from_seq\":1}");
        seen.addAll(stream.await(message -> message.path("op").asString("").equals("resumed")));
        assertThat(seen).anyMatch(message -> message.toString().contains(own));
        assertThat(seen)
                .noneMatch(message -> message.toString().contains(foreign)
                        || message.toString().contains(PLANTED));
        var ofOwner = gateway.stream(ofC).listening("\"orders\"");
        ofOwner.send("{\"op\":\"resume\",\"account_id\":\"C\",\"from_seq\":0}");
        assertThat(ofOwner.await(message -> message.path("op").asString("").equals("resumed")))
                .anyMatch(message -> message.toString().contains(foreign));
    }
}
