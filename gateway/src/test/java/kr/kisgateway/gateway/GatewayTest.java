package kr.kisgateway.gateway;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole server with its simulator, tested from outside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class GatewayTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Set<String> PAGE = Set.of("/", "/docs", "/favicon.svg", "/assets/{file}");

    private Path folder;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;
    private Contract contract;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                Map.of("GATEWAY_OPERATOR_TOKEN", "open-sesame"),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings());
        contract = new Contract(mapper.readTree(get("/openapi.json").body()));
        until(() -> json("/v1/session/live-readiness").get("can_trade").booleanValue());
        until(() -> json("/v1/quotes/005930").get("source").stringValue().equals("kis-ws"));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void the_contract_lists_exactly_the_implemented_calls() {
        var routes = new HashSet<String>();
        calls().forEach(route -> routes.add(route.method() + " " + route.path()));
        gateway.table().sockets().forEach(socket -> routes.add("GET " + socket.path()));

        assertThat(routes).isEqualTo(contract.calls());
    }

    /**
     * Without the files of the page, which are served when the program was built with it and are no part of the API, and without agents,
     * whose protocol has a contract of its own.
     */
    private List<RouteTable.Route> calls() {
        return gateway.table().routes().stream()
                .filter(route -> !PAGE.contains(route.path()) && !route.path().equals("/mcp"))
                .toList();
    }

    @Test
    void real_answers_match_the_contract() throws Exception {
        contract.check("GET", "/v1/session/status", get("/v1/session/status"));
        contract.check("GET", "/v1/session/pool", get("/v1/session/pool"));
        contract.check("GET", "/v1/session/pool", get("/v1/session/pool?symbol=005930&limit=1"));
        contract.check("GET", "/v1/session/pool", get("/v1/session/pool?symbol=nothing"));
        contract.check("GET", "/v1/session/live-readiness", get("/v1/session/live-readiness"));
        contract.check("GET", "/v1/quotes/{symbol}", get("/v1/quotes/005930"));
        contract.check("GET", "/v1/quotes/{symbol}", get("/v1/quotes/000660"));
        contract.check("GET", "/v1/quotes/{symbol}", get("/v1/quotes/ZZZZZZ"));
        contract.check("GET", "/v1/quotes", get("/v1/quotes?symbols=005930,000660"));
        contract.check("GET", "/v1/quotes", get("/v1/quotes?symbols=005930,ZZZZZZ"));
        contract.check("GET", "/v1/quotes", get("/v1/quotes"));
        contract.check("GET", "/v1/accounts", get("/v1/accounts"));
        contract.check("GET", "/v1/executions", get("/v1/executions"));
        contract.check("GET", "/v1/parents", get("/v1/parents"));
        contract.check("GET", "/v1/pnl", get("/v1/pnl?account_id=A1"));
        contract.check("GET", "/v1/dividends", get("/v1/dividends?account_id=A1"));
        contract.check("GET", "/v1/buying-power", get("/v1/buying-power?account_id=A1&symbol=005930"));
        contract.check("GET", "/v1/balances", get("/v1/balances?account_id=A1"));
        contract.check("GET", "/v1/balances", get("/v1/balances?account_id=B1"));
        contract.check("GET", "/v1/positions", get("/v1/positions?account_id=A1"));
        contract.check("GET", "/v1/metrics/quote", get("/v1/metrics/quote"));
        contract.check("GET", "/v1/metrics/journal", get("/v1/metrics/journal"));
        contract.check("GET", "/health/live", get("/health/live"));
        contract.check("GET", "/health/ready", get("/health/ready"));
        contract.check("GET", "/openapi.json", get("/openapi.json"));
    }

    @Test
    void an_unknown_query_parameter_is_refused_and_the_accepted_ones_are_named() throws Exception {
        var state = get("/v1/orders?state=SENT");
        assertThat(state.statusCode()).isEqualTo(400);
        assertThat(mapper.readTree(state.body()).path("code").asString("")).isEqualTo("INVALID_FIELD");
        assertThat(mapper.readTree(state.body()).at("/details/field").asString(""))
                .isEqualTo("state");
        assertThat(mapper.readTree(state.body()).path("message").asString(""))
                .contains("\"state\"", "account_id, status, symbol, strategy_id, date, limit, cursor");
        contract.check("GET", "/v1/orders", state);
        for (var path : contract.calls()) {
            if (path.startsWith("GET ") && !path.endsWith("/stream")) {
                var answer = client.send(
                        request(path.substring(4)
                                                .replace("{id}", "x")
                                                .replace("{key}", "x")
                                                .replace("{name}", "domestic_stock_inquire_price")
                                                .replace("{symbol}", "005930")
                                                .replace("{kind}", "volume")
                                                .replace("{code}", "0001")
                                        + "?nonsense=1")
                                .header("X-Operator-Token", "open-sesame")
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(path).isEqualTo(400);
                assertThat(answer.body()).as(path).contains("nonsense");
            }
        }
    }

    @Test
    void the_contract_lists_exactly_the_accepted_query_parameters() {
        calls().forEach(route -> assertThat(Set.copyOf(route.query()))
                .as(route.method() + " " + route.path())
                .isEqualTo(contract.query(route.method(), route.path())));
    }

    @Test
    void an_impossible_order_status_is_refused_and_the_possible_ones_are_named() throws Exception {
        assertThat(get("/v1/orders?status=SOLD").body())
                .contains("INVALID_FIELD", "QUEUED, DISPATCHING, SENT, PARTIAL_FILLED", "EXPIRED")
                .doesNotContain("NEW");
    }

    @Test
    @Requirement("A-15")
    void a_key_for_other_symbols_reads_only_the_figures_of_the_pool() throws Exception {
        var made = send(200, "POST", "/v1/keys", "{\"name\":\"narrow\",\"role\":\"quote\",\"symbols\":[\"000660\"]}");
        var key = mapper.readTree(made.body()).get("key").stringValue();
        var pool =
                client.send(request("/v1/session/pool").header("X-API-Key", key).build(), BodyHandlers.ofString());
        contract.check("GET", "/v1/session/pool", pool);
        assertThat(json("/v1/session/pool").get("demand").toString()).contains("005930");
        assertThat(pool.body()).doesNotContain("005930");
        var answer = client.send(
                request("/v1/session/pool?symbol=005930")
                        .header("X-API-Key", key)
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(403);
        client.send(
                request("/v1/keys/narrow")
                        .header("X-Operator-Token", "open-sesame")
                        .DELETE()
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    @Requirement(value = "P-09", clause = "figures")
    void a_batch_of_quotes_arrives_line_by_line_and_ends_with_its_figures() throws Exception {
        var some = kr.kisgateway.market.Instruments.load().all().stream()
                .limit(70)
                .map(it -> "\"" + it.symbol().code() + "\"")
                .toList();
        var answer = client.send(
                request("/v1/quotes/batch")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"symbols\":[" + String.join(",", some) + ",\"ZZZZZZ\"]}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/x-ndjson");
        var lines = answer.body().lines().map(mapper::readTree).toList();
        lines.forEach(contract::batchLine);
        assertThat(lines).hasSize(73);
        assertThat(lines.getFirst().at("/expected/symbols").asLong(0)).isEqualTo(71);
        assertThat(lines.getFirst().at("/expected/calls").asLong(0)).isBetween(1L, 3L);
        var stats = lines.getLast().get("stats");
        assertThat(stats.get("succeeded").longValue()).isEqualTo(70);
        assertThat(stats.get("failed").longValue()).isEqualTo(1);
        send(400, "POST", "/v1/quotes/batch", "{}");
        send(400, "POST", "/v1/quotes/batch", "{\"symbols\":[\"005930\"],\"fast\":true}");
    }

    @Test
    @Requirement("A-15")
    @Requirement("A-14")
    void keys_are_created_listed_rotated_and_revoked_as_the_contract_specifies() throws Exception {
        assertThat(get("/v1/keys").body()).contains("OPERATOR_TOKEN_REQUIRED");
        var made = send(
                200,
                "POST",
                "/v1/keys",
                "{\"name\":\"bot\",\"role\":\"trade\",\"accounts\":[\"A1\"],\"networks\":[\"127.0.0.0/8\"],"
                        + "\"calls_per_second\":7,\"expires\":\"90d\"}");
        var key = mapper.readTree(made.body());
        assertThat(made.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(key.get("key").stringValue())
                .startsWith("kgw_" + key.get("id").stringValue());
        send(409, "POST", "/v1/keys", "{\"name\":\"bot\",\"role\":\"quote\"}");
        send(400, "POST", "/v1/keys", "{\"name\":\"local\",\"role\":\"quote\"}");
        send(400, "POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"king\"}");
        send(400, "POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"quote\",\"calls_per_second\":99999999999}");
        send(400, "POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"quote\",\"accounts\":[]}");
        assertThat(send(400, "POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"quote\",\"symbols\":[\"ZZZZZZ\"]}")
                        .body())
                .contains("\"symbols\"", "ZZZZZZ");
        assertThat(send(400, "POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"quote\",\"symbols\":[\"5930\"]}")
                        .body())
                .contains("did you mean 005930?");
        assertThat(send(400, "POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"quote\",\"accounts\":[\"A9\"]}")
                        .body())
                .contains("\"accounts\"", "A1");
        send(
                200,
                "POST",
                "/v1/keys",
                "{\"name\":\"later\",\"role\":\"quote\",\"symbols\":[\"ZZZZZZ\"],\"unlisted\":true}");
        var rotated = mapper.readTree(send(200, "POST", "/v1/keys/{key}/rotate", "bot", "{\"grace_sec\":60}", "")
                .body());
        assertThat(rotated.get("key").stringValue()).isNotEqualTo(key.get("key").stringValue());
        assertThat(rotated.get("former_secret_until").isNull()).isFalse();
        send(400, "POST", "/v1/keys/{key}/rotate", "bot", "{\"grace_sec\":-1}", "");
        send(404, "POST", "/v1/keys/{key}/rotate", "nobody", "{}", "");
        var listed = client.send(
                request("/v1/keys").header("X-Operator-Token", "open-sesame").build(), BodyHandlers.ofString());
        contract.check("GET", "/v1/keys", listed);
        assertThat(listed.body())
                .contains("\"name\":\"bot\"")
                .doesNotContain("kgw_" + key.get("id").stringValue() + "_");
        assertThat(send(200, "DELETE", "/v1/keys/{key}", "bot", "", "").body()).contains("\"REVOKED\"");
        send(404, "DELETE", "/v1/keys/{key}", "bot", "", "");
    }

    @Test
    @Requirement(value = "I-09", clause = "no-call")
    void symbols_are_validated_without_spending_a_call() throws Exception {
        var before = json("/v1/metrics/quote").get("rest_calls").longValue();

        assertThat(get("/v1/quotes/5930").statusCode()).isEqualTo(400);
        assertThat(get("/v1/quotes/ZZZZZZ").statusCode()).isEqualTo(404);

        assertThat(json("/v1/metrics/quote").get("rest_calls").longValue()).isEqualTo(before);
    }

    @Test
    @Requirement(value = "I-01", clause = "pushed")
    void ticks_of_a_symbol_arrive_while_a_client_is_subscribed() throws Exception {
        var messages = new MessageQueue();
        var socket = client.newWebSocketBuilder()
                .subprotocols("kis-gateway.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), messages)
                .get(30, TimeUnit.SECONDS);
        assertThat(socket.getSubprotocol()).isEqualTo("kis-gateway.v1");
        assertThat(messages.next().get("op").stringValue()).isEqualTo("hello");
        socket.sendText(
                        "{\"op\":\"subscribe\",\"id\":\"s\",\"channels\":[\"quotes\",\"trades\",\"books\"],"
                                + "\"symbols\":[\"000660\"]}",
                        true)
                .get(30, TimeUnit.SECONDS);
        assertThat(messages.next().get("op").stringValue()).isEqualTo("ack");
        var channels = new HashSet<String>();
        while (channels.size() < 3) {
            var message = messages.next();
            contract.message(message);
            if (!message.has("snapshot")) {
                assertThat(message.get("s").stringValue()).isEqualTo("000660");
                channels.add(message.get("ch").stringValue());
            }
        }
        until(() -> countRegistrations("000660") == 2);

        socket.sendText("{\"op\":\"dance\",\"id\":\"d\"}", true).get(30, TimeUnit.SECONDS);
        var error = messages.next();
        while (!error.has("op")) {
            error = messages.next();
        }
        contract.message(error);
        assertThat(error.get("error").get("code").stringValue()).isEqualTo("INVALID_FIELD");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(30, TimeUnit.SECONDS);
        until(() -> countRegistrations("000660") == 0);
    }

    @Test
    void calls_and_the_stream_report_an_order_as_the_contract_specifies() throws Exception {
        var messages = new MessageQueue();
        var socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), messages)
                .get(30, TimeUnit.SECONDS);
        socket.sendText("{\"op\":\"subscribe\",\"channels\":[\"orders\",\"executions\"]}", true)
                .get(30, TimeUnit.SECONDS);
        assertThat(messages.next().get("op").stringValue()).isEqualTo("hello");
        assertThat(messages.next().get("op").stringValue()).isEqualTo("ack");

        var answer = client.send(
                request("/v1/orders")
                        .header("Idempotency-Key", "contract-1")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(
                                "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1}"))
                        .build(),
                BodyHandlers.ofString());

        contract.check("POST", "/v1/orders", answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        var id = mapper.readTree(answer.body()).get("order_id").stringValue();
        var executed = false;
        var filled = false;
        while (!executed || !filled) {
            var message = messages.next();
            contract.message(message);
            executed |= message.get("ch").stringValue().equals("executions");
            filled |= message.get("ch").stringValue().equals("orders")
                    && message.get("status").stringValue().equals("FILLED");
        }
        contract.check("GET", "/v1/orders/{id}", get("/v1/orders/" + id));
        contract.check("GET", "/v1/orders/{id}/state", get("/v1/orders/" + id + "/state"));
        contract.check("GET", "/v1/orders/{id}/events", get("/v1/orders/" + id + "/events"));
        contract.check("GET", "/v1/orders", get("/v1/orders?account_id=A1"));
        contract.check("GET", "/v1/orders/{id}", get("/v1/orders/none"));
        contract.check("POST", "/v1/orders/{id}/cancel", post("/v1/orders/" + id + "/cancel"));
        contract.check("GET", "/v1/metrics/order", get("/v1/metrics/order"));
        until(() -> json("/v1/positions?account_id=A1").size() >= 1);
        contract.check("GET", "/v1/positions", get("/v1/positions?account_id=A1"));
        socket.abort();
    }

    @Test
    @Requirement("A-05")
    void modifying_cancelling_and_checking_orders_is_answered_as_the_contract_specifies() throws Exception {
        var price = json("/v1/quotes/005930").get("price").longValue() * 80 / 100 / 1000 * 1000;
        var terms = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"price\":" + price + ",\"qty\":";
        var placed = send(200, "POST", "/v1/orders", terms + "9}", "contract-2");
        var id = mapper.readTree(placed.body()).get("order_id").stringValue();
        until(() -> json("/v1/orders/" + id).get("status").stringValue().equals("SENT"));
        send(200, "POST", "/v1/orders", terms + "9,\"dry_run\":true}");
        send(200, "POST", "/v1/orders/{id}/modify", id, "{\"qty\":8}", "contract-m");
        var nothing = send(400, "POST", "/v1/orders/{id}/modify", id, "{}", "contract-n");
        assertThat(nothing.body()).contains("MISSING_FIELD", "qty", "price");
        send(400, "POST", "/v1/orders/{id}/resolve", id, "{\"decision\":\"NOT_AT_BROKER\"}", "contract-r");
        var good = terms + "7,\"idempotency_key\":\"contract-3\"}";
        send(200, "POST", "/v1/orders/batch", "{\"orders\":[" + good + "," + terms + "7}]}");
        send(400, "POST", "/v1/orders/batch", "{\"orders\":[" + terms + "7}]}");

        send(200, "POST", "/v1/orders/preview", terms + "9}");
        send(200, "POST", "/v1/orders/preview", terms + "0}");
        send(200, "POST", "/v1/risk/check", terms + "9}");
        send(200, "POST", "/v1/risk/check", terms + "99999}");
        contract.check("GET", "/v1/risk/limits", get("/v1/risk/limits"));
        var none =
                "\"daily_orders\":null,\"max_qty\":500,\"max_notional\":null,\"check_cash\":null,\"refuse_managed\":null";
        var more = ",\"collar_pct\":2.5,\"deny\":[\"000660\"]},\"strategies\":{\"s\":{\"max_position\":5}}}";
        send(200, "PUT", "/v1/risk/limits", "{\"gateway\":{" + none + more);
        send(400, "PUT", "/v1/risk/limits", "{\"gateway\":{}}");
        send(
                200,
                "PUT",
                "/v1/risk/limits",
                "{\"gateway\":{" + none + ",\"collar_pct\":null,\"deny\":[]},\"strategies\":{\"s\":null}}");

        send(200, "POST", "/v1/orders/reconcile", "{}");
        send(200, "POST", "/v1/orders/cancel-all", "{\"symbol\":\"005930\"}", "contract-4");
        send(400, "POST", "/v1/orders/cancel-all", "{}");
        var killed = "{\"on\":true,\"reason\":\"why not\",\"cancel_open\":true}";
        send(200, "POST", "/v1/risk/kill-switch", killed);
        send(400, "POST", "/v1/risk/kill-switch", "{}");
        contract.check("GET", "/v1/risk/kill-switch", get("/v1/risk/kill-switch"));
        var killSwitch = json("/v1/risk/kill-switch");
        assertThat(killSwitch.path("reason").asString("")).isEqualTo("why not");
        assertThat(killSwitch.path("set_by").asString("")).isEqualTo("OPERATOR");
        assertThat(killSwitch.path("set_at").asString("")).matches("20\\d\\d-\\d\\d-\\d\\dT.*\\+09:00");
        send(400, "POST", "/v1/orders", terms + "9}", "contract-5");
        contract.check("GET", "/v1/session/live-readiness", get("/v1/session/live-readiness"));
        contract.check("GET", "/health/ready", get("/health/ready"));
        send(200, "POST", "/v1/risk/kill-switch", "{\"on\":false}");
        contract.check("GET", "/v1/risk/kill-switch", get("/v1/risk/kill-switch"));
        assertThat(json("/v1/risk/kill-switch").path("reason").isNull()).isTrue();
        assertThat(json("/v1/alerts?limit=5").get("alerts")).isNotEmpty();
        contract.check("GET", "/v1/alerts", get("/v1/alerts?limit=5"));
        contract.check("GET", "/v1/alerts", get("/v1/alerts?limit=0"));
        contract.check("GET", "/v1/orders/{id}", get("/v1/orders/" + id));
        contract.check("GET", "/v1/orders/{id}/events", get("/v1/orders/" + id + "/events"));
        contract.check("GET", "/v1/metrics/order", get("/v1/metrics/order"));
    }

    @Test
    void the_first_screen_has_its_descriptions_in_a_column(@TempDir Path ownFolder) {
        var settings = settings(ownFolder, Map.of());
        try (var started = Gateway.start(settings)) {
            var examples = Main.startupLines(started, settings).stream()
                    .dropWhile(line -> !line.equals("Try:"))
                    .skip(1)
                    .takeWhile(line -> !line.isEmpty())
                    .toList();
            assertThat(examples).hasSize(4);
            assertThat(examples.stream()
                            .mapToInt(line -> line.lastIndexOf("  "))
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    @Requirement(value = "G-18", clause = "kill-env")
    void a_start_with_the_kill_switch_on_reports_its_reason_its_time_and_its_author(@TempDir Path ownFolder) {
        var operatorSettings = settings(ownFolder, Map.of());
        try (var first = Gateway.start(operatorSettings)) {
            assertThat(Main.startupLines(first, operatorSettings))
                    .noneMatch(line -> line.contains("kill switch") || line.contains("GATEWAY_READ_ONLY"));
            assertThat(kill(first, "급락").statusCode()).isEqualTo(200);
        }
        try (var second = Gateway.start(operatorSettings)) {
            assertThat(String.join("\n", Main.startupLines(second, operatorSettings)))
                    .contains("kill switch  ON: no order is placed or modified")
                    .containsPattern("set 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d by local: 급락")
                    .contains("./kis kill-switch off");
        }
        var environments = settings(
                ownFolder.resolve("other"), Map.of("GATEWAY_KILL_SWITCH", "true", "GATEWAY_READ_ONLY", "true"));
        try (var third = Gateway.start(environments)) {
            assertThat(String.join("\n", Main.startupLines(third, environments)))
                    .contains("kill switch  ON")
                    .contains("GATEWAY_KILL_SWITCH")
                    .contains("none is placed or modified, by GATEWAY_READ_ONLY; cancels pass")
                    .doesNotContain("kill-switch off");
        }
    }

    private Settings settings(Path folder, Map<String, String> more) {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                more,
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return ((SettingsResult.Loaded) loaded).settings();
    }

    private HttpResponse<String> kill(Gateway gateway, String reason) {
        try {
            return client.send(
                    HttpRequest.newBuilder(gateway.baseUri().resolve("/v1/risk/kill-switch"))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{\"on\":true,\"reason\":\"" + reason + "\"}"))
                            .build(),
                    BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Requirement("A-05")
    void the_documented_batch_is_answered_as_documented() throws Exception {
        var page = Files.readString(Path.of("..", "docs", "ORDERS.md"));
        var example = page.substring(page.indexOf("<!-- this example is sent by GatewayTest -->"));
        var body = example.substring(example.indexOf("-d '") + 4, example.indexOf("}'") + 1);

        var answer = mapper.readTree(send(200, "POST", "/v1/orders/batch", body).body());
        assertThat(answer.path("accepted").asInt(0)).isEqualTo(2);
        assertThat(answer.at("/orders/0/idempotency_key").asString("")).isEqualTo("basket-1");
        assertThat(answer.at("/orders/2/status").asString("")).isEqualTo("REFUSED");
        assertThat(answer.at("/orders/2/code").asString("")).isEqualTo("MAX_QTY_EXCEEDED");
        var replayed =
                mapper.readTree(send(200, "POST", "/v1/orders/batch", body).body());
        assertThat(replayed.at("/orders/0/replay").asBoolean(false)).isTrue();
        assertThat(replayed.at("/orders/0/order_id")).isEqualTo(answer.at("/orders/0/order_id"));
    }

    @Test
    void a_socket_from_a_foreign_page_is_refused() {
        assertThat(client.newWebSocketBuilder()
                        .header("Origin", "http://evil.example")
                        .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), new MessageQueue()))
                .failsWithin(LIMIT);
    }

    @Test
    @Requirement(value = "A-15", clause = "roles")
    void operator_calls_require_the_operator_token() throws Exception {
        var absent = post("/v1/session/reconnect");
        assertThat(absent.statusCode()).isEqualTo(400);
        assertThat(absent.body()).contains("OPERATOR_TOKEN_REQUIRED");
        var wrong = post("/v1/session/reconnect", "X-Operator-Token", "open-sesam");
        assertThat(wrong.statusCode()).isEqualTo(401);
        contract.check("POST", "/v1/session/reconnect", wrong);
    }

    @Test
    @Requirement(value = "G-09", clause = "figures")
    void a_reconnect_appears_in_the_figures_and_the_feed_recovers() throws Exception {
        var before = json("/v1/metrics/quote").get("ws_reconnect_count").longValue();

        var answer = post("/v1/session/reconnect", "X-Operator-Token", "open-sesame");

        contract.check("POST", "/v1/session/reconnect", answer);
        until(() -> json("/v1/metrics/quote").get("ws_reconnect_count").longValue() > before);
        until(() -> json("/v1/quotes/005930").get("source").stringValue().equals("kis-ws"));
    }

    @Test
    void a_second_gateway_on_the_same_folder_is_refused_with_the_reason() {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0"),
                Map.of(),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        var settings = ((SettingsResult.Loaded) loaded).settings();

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Gateway.start(settings))
                .isInstanceOf(StartException.class)
                .hasMessageMatching("Another gateway \\(process \\d+\\) uses the data folder .*");
    }

    private static Settings settings(Path directory, String... arguments) {
        var loaded = SettingsLoader.load(
                List.of(arguments),
                Map.of(),
                directory,
                directory.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return ((SettingsResult.Loaded) loaded).settings();
    }

    private static void assertStartRefused(Path directory, String sentence, String... arguments) {
        var settings = settings(directory, arguments);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Gateway.start(settings))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void a_port_in_use_is_reported_in_one_sentence(@TempDir Path directory) {
        assertStartRefused(directory, "GATEWAY_PORT", "--port=" + gateway.port(), "--simulator-port=0");
        assertStartRefused(directory, "SIMULATOR_PORT", "--port=0", "--simulator-port=" + gateway.port());
    }

    @Test
    void a_damaged_file_is_reported_in_one_sentence(@TempDir Path directory) throws Exception {
        // With a journal: without one a folder that has other files is refused before they are opened.
        Gateway.start(settings(directory, "--port=0", "--simulator-port=0")).close();
        var data = directory.resolve("data/sim");
        java.nio.file.Files.writeString(data.resolve("simulator.db"), "this is no database ".repeat(100));
        assertStartRefused(directory, "simulator.db is damaged", "--port=0", "--simulator-port=0");
        java.nio.file.Files.delete(data.resolve("simulator.db"));
        java.nio.file.Files.write(data.resolve("identity"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertStartRefused(directory, "identity is damaged", "--port=0", "--simulator-port=0");
    }

    @Test
    void stored_files_are_readable_by_their_owner_only() throws Exception {
        for (var stored : List.of(gateway.dataDir(), gateway.dataDir().getParent())) {
            assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                            java.nio.file.Files.getPosixFilePermissions(stored)))
                    .isEqualTo("rwx------");
        }
    }

    /** The number of registrations for a symbol's trades and its book; the pool adds its status where a slot is free. */
    private long countRegistrations(String symbol) {
        return json("/v1/session/pool?symbol=" + symbol)
                .path("demand")
                .valueStream()
                .filter(it -> it.path("mode").asString("").equals("push"))
                .filter(it -> !it.path("kind").asString("").equals("status"))
                .count();
    }

    private JsonNode json(String path) {
        try {
            return mapper.readTree(get(path).body());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> send(int status, String method, String path, String body) throws Exception {
        return send(status, method, path, "", body, "");
    }

    private HttpResponse<String> send(int status, String method, String path, String body, String key)
            throws Exception {
        return send(status, method, path, "", body, key);
    }

    /** Sends the call with the operator token; the answer has the expected status and the form of the contract for it. */
    private HttpResponse<String> send(int status, String method, String path, String id, String body, String key)
            throws Exception {
        var request = request(path.replace("{id}", id).replace("{key}", id))
                .header("Content-Type", "application/json")
                .header("X-Operator-Token", "open-sesame")
                .method(method, BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Idempotency-Key", key);
        }
        var answer = client.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode())
                .as("%s %s answered %s", method, path, answer.body())
                .isEqualTo(status);
        contract.check(method, path, answer);
        return answer;
    }

    private HttpResponse<String> post(String path, String... headers) throws Exception {
        var request = request(path).POST(BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                .timeout(LIMIT);
    }

    /** Collects the messages of one stream, with joined frames split. */
    private final class MessageQueue implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                var tree = mapper.readTree(part.toString());
                part.setLength(0);
                var all = new ArrayList<JsonNode>();
                if (tree.isArray()) {
                    tree.forEach(all::add);
                } else {
                    all.add(tree);
                }
                messages.addAll(all);
            }
            socket.request(1);
            return java.util.concurrent.CompletableFuture.completedStage(null);
        }

        JsonNode next() {
            try {
                var message = messages.poll(30, TimeUnit.SECONDS);
                assertThat(message).as("a message within the limit").isNotNull();
                return java.util.Objects.requireNonNull(message);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
