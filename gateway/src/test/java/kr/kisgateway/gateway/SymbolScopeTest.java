package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A key for one symbol can neither read nor cancel anything of another symbol's orders in the same account. */
@Requirement(value = "A-15", clause = "scope")
@Tag("slow")
class SymbolScopeTest {
    private static final String OWN = "005930";
    private static final String OTHER = "000660";

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;
    private String unrestricted;
    private String restricted;
    private String trader;
    private int keyNo;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        var loaded = SettingsLoader.load(
                List.of(
                        "--port=0",
                        "--simulator-port=0",
                        "--simulator-clock=open-fixed",
                        "--simulator-seed=7",
                        "--auth=required"),
                Map.of(),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        // Operators, the only role that may make every call.
        unrestricted = newKey("whole", "operator");
        restricted = newKey("limited", "operator", "--symbols", OWN);
        trader = newKey("trader", "trade");
        gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    @AfterEach
    void stop() {
        gateway.close();
        client.close();
    }

    @Test
    void lists_omit_other_symbols_and_their_orders_are_forbidden() throws Exception {
        var first = placeResting(OWN);
        var hidden = placeResting(OTHER);
        var second = placeResting(OWN);

        assertThat(orders(get("/v1/orders", unrestricted))).containsExactly(second, hidden, first);
        assertThat(orders(get("/v1/orders", restricted))).containsExactly(second, first);
        var page = get("/v1/orders?limit=1", restricted);
        assertThat(orders(page)).containsExactly(second);
        var cursor = mapper.readTree(page.body()).path("next_cursor").asString("");
        var last = get("/v1/orders?limit=1&cursor=" + cursor, restricted);
        assertThat(orders(last)).containsExactly(first);
        assertThat(mapper.readTree(last.body()).path("next_cursor").isNull()).isTrue();
        assertThat(orders(get("/v1/orders?symbol=" + OWN, restricted))).containsExactly(second, first);
        assertForbidden(get("/v1/orders?symbol=" + OTHER, restricted));
        assertThat(get("/v1/risk/kill-switch", unrestricted).body()).contains(hidden);
        assertThat(get("/v1/risk/kill-switch", restricted).body())
                .contains(first, "\"open\":2")
                .doesNotContain(hidden);

        for (var suffix : List.of("", "/state", "/events")) {
            assertThat(get("/v1/orders/" + hidden + suffix, unrestricted).statusCode())
                    .isEqualTo(200);
            assertThat(get("/v1/orders/" + first + suffix, restricted).statusCode())
                    .isEqualTo(200);
            assertForbidden(get("/v1/orders/" + hidden + suffix, restricted));
        }
        assertForbidden(post("/v1/orders/" + hidden + "/cancel", "{}", restricted));
        assertForbidden(post("/v1/orders/" + hidden + "/modify", "{\"qty\":2}", restricted));
        assertForbidden(post("/v1/orders/" + hidden + "/resolve", "{\"decision\":\"NOT_AT_BROKER\"}", restricted));
        assertThat(get("/v1/orders/" + hidden + "/events", unrestricted).body())
                .doesNotContain("CancelRequested", "Modify");
    }

    @Test
    void cancelling_all_spares_orders_of_other_symbols() throws Exception {
        var first = placeResting(OWN);
        var hidden = placeResting(OTHER);

        assertForbidden(post("/v1/orders/cancel-all", "{\"symbol\":\"" + OTHER + "\"}", restricted));
        assertThat(orders(post("/v1/orders/cancel-all", "{\"account_id\":\"A1\"}", restricted)))
                .containsExactly(first);
        var second = placeResting(OWN);
        assertThat(orders(post("/v1/orders/cancel-all", "{}", restricted))).containsExactly(second);
        assertThat(get("/v1/orders/" + hidden + "/events", unrestricted).body()).doesNotContain("CancelRequested");
        assertThat(orders(post("/v1/orders/cancel-all", "{}", unrestricted))).containsExactly(hidden);
    }

    @Test
    void positions_omit_other_symbols() throws Exception {
        placeBuy(OTHER);
        placeBuy(OWN);
        String path = "/v1/positions?account_id=A1";
        until(() -> symbols(get(path, unrestricted)).containsAll(List.of(OWN, OTHER)));

        assertThat(symbols(get(path, restricted))).containsExactly(OWN);
        assertThat(get("/v1/balances?account_id=A1", restricted).statusCode()).isEqualTo(200);
    }

    @Test
    void the_stream_publishes_orders_and_executions_of_own_symbols_only() throws Exception {
        var live = listen(restricted);
        var all = listen(unrestricted);
        var hidden = placeResting(OTHER);
        placeBuy(OTHER);
        var shown = placeResting(OWN);
        var bought = placeBuy(OWN);
        for (var listener : List.of(all, live)) {
            listener.await(message -> is(message, "orders", shown));
            listener.await(message -> is(message, "orders", bought)
                    && message.path("status").asString("").equals("FILLED"));
            listener.await(message -> message.path("ch").asString("").equals("executions")
                    && message.path("symbol").asString("").equals(OWN));
        }
        assertThat(all.symbols()).contains(OWN, OTHER);
        assertThat(live.symbols()).containsOnly(OWN);

        // Open orders for a late subscriber, and the past.
        for (var key : List.of(unrestricted, restricted)) {
            var late = listen(key);
            late.await(message -> is(message, "orders", shown) && message.has("snapshot"));
            late.send("{\"op\":\"resume\",\"account_id\":\"A1\",\"from_seq\":1}");
            late.await(message -> message.path("op").asString("").equals("resumed"));
            assertThat(late.received.stream().anyMatch(message -> is(message, "executions", bought)))
                    .isTrue();
            assertThat(late.symbols().contains(OTHER)).isEqualTo(key.equals(unrestricted));
            assertThat(late.received.toString().contains(hidden)).isEqualTo(key.equals(unrestricted));
        }
    }

    @Test
    void calls_about_all_orders_are_refused_and_figures_count_own_symbols() throws Exception {
        placeResting(OWN);
        placeResting(OTHER);

        assertForbidden(post("/v1/orders/reconcile", "{}", restricted));
        assertThat(post("/v1/orders/reconcile", "{}", unrestricted).statusCode())
                .isEqualTo(200);
        assertForbidden(get("/v1/alerts", restricted));
        var on = "{\"on\":true,\"reason\":\"test\"}";
        assertForbidden(post("/v1/risk/kill-switch", on, restricted));
        assertThat(get("/v1/risk/kill-switch", restricted).body()).contains("\"on\":false", "\"open\":1");
        assertThat(post("/v1/risk/kill-switch", on, unrestricted).body()).contains("\"open\":2", "\"open_before\":2");
        // The role trade is enough for both calls of alerts, a key for some symbols for none.
        for (var key : List.of(unrestricted, trader)) {
            assertThat(get("/v1/alerts", key).body()).contains("kill_switch_on");
            var listener = listen(key);
            listener.send("{\"op\":\"subscribe\",\"channels\":[\"alerts\"]}");
            listener.await(message -> message.path("event").asString("").equals("kill_switch_on"));
        }
        var restrictedListener = listen(restricted);
        restrictedListener.send("{\"op\":\"subscribe\",\"channels\":[\"alerts\"],\"id\":\"a\"}");
        restrictedListener.await(message -> message.path("op").asString("").equals("error")
                && message.path("error").path("code").asString("").equals("FORBIDDEN"));
        assertThat(restrictedListener.received.toString()).doesNotContain("kill_switch_on");
    }

    private static boolean is(JsonNode message, String channel, String order) {
        return message.path("ch").asString("").equals(channel)
                && message.path("order_id").asString("").equals(order);
    }

    private static void assertForbidden(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(answer.body()).contains("\"FORBIDDEN\"");
    }

    private List<String> orders(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var ids = new ArrayList<String>();
        mapper.readTree(answer.body())
                .path("orders")
                .forEach(order -> ids.add(
                        order.isString()
                                ? order.asString("")
                                : order.path("order_id").asString("")));
        return ids;
    }

    private List<String> symbols(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return mapper.readTree(answer.body()).findValuesAsString("symbol");
    }

    /** An order far below the market, which stays open. */
    private String placeResting(String symbol) throws Exception {
        return placed(symbol, true);
    }

    private String placeBuy(String symbol) throws Exception {
        return placed(symbol, false);
    }

    /** Repeats until the gateway is ready and has the limits of the day. */
    private String placed(String symbol, boolean lowest) throws Exception {
        var orderIds = new ArrayList<String>();
        until(() -> {
            // The day's limits are cached only for requested symbols.
            assertThat(get("/v1/quotes/" + symbol, unrestricted).statusCode()).isNotEqualTo(403);
            var low = mapper.readTree(
                            get("/v1/instruments/" + symbol, unrestricted).body())
                    .path("lower_limit")
                    .asLong(0);
            if (lowest && low == 0) {
                return false;
            }
            var answer = post(
                    "/v1/orders",
                    "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\",\"side\":\"BUY\",\"qty\":1"
                            + (lowest ? ",\"price\":" + low : "") + "}",
                    unrestricted);
            if (answer.statusCode() == 200) {
                orderIds.add(mapper.readTree(answer.body()).path("order_id").asString(""));
            }
            return !orderIds.isEmpty();
        });
        return orderIds.getFirst();
    }

    private interface Condition {
        boolean isTrue() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 1_000; i++) {
            if (condition.isTrue()) {
                return;
            }
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(condition.isTrue()).isTrue();
    }

    private String newKey(String name, String role, String... more) {
        var args = new ArrayList<>(List.of("create", name, "--role", role));
        args.addAll(List.of(more));
        return KeyCommands.printed(folder, args);
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        return client.send(request(path, key).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, String key) throws Exception {
        return client.send(
                request(path, key)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "k" + ++keyNo)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String key) {
        return HttpRequest.newBuilder(gateway.baseUri().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + key);
    }

    private Listener listen(String key) throws Exception {
        var listener = new Listener();
        listener.socket = client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + key)
                .subprotocols("kis-gateway.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), listener)
                .get(10, TimeUnit.SECONDS);
        listener.send("{\"op\":\"subscribe\",\"channels\":[\"orders\",\"executions\"]}");
        listener.await(message -> message.path("op").asString("").equals("ack"));
        return listener;
    }

    private final class Listener implements WebSocket.Listener {
        private final List<JsonNode> received = new CopyOnWriteArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private WebSocket socket;

        void send(String message) throws Exception {
            socket.sendText(message, true).get(10, TimeUnit.SECONDS);
        }

        List<String> symbols() {
            return received.stream()
                    .filter(message -> message.has("ch"))
                    .map(message -> message.path("symbol").asString(""))
                    .toList();
        }

        void await(Predicate<JsonNode> expected) throws InterruptedException {
            var never = new CountDownLatch(1);
            for (int i = 0; i < 1_000; i++) {
                if (received.stream().anyMatch(expected)) {
                    return;
                }
                assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
            }
            throw new AssertionError(received.toString());
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var frame = mapper.readTree(text.toString());
                text.setLength(0);
                if (frame.isArray()) {
                    frame.forEach(received::add);
                } else {
                    received.add(frame);
                }
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }
}
