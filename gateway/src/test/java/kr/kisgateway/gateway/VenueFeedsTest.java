package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.market.Instruments;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Trades, quotes and books of NXT, and of KRX and NXT together, as KIS pushes them. */
@Tag("slow")
class VenueFeedsTest {
    private static final String SYMBOL = "000660";
    private static final String FUND = "069500";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private GatewayFixture gateway;

    @AfterEach
    void stop() {
        gateway.close();
        client.close();
    }

    private void start(Map<String, String> environment) {
        var all = new HashMap<>(Map.of("KIS_WS_MARKET_STATUS", "off"));
        all.putAll(environment);
        gateway = GatewayFixture.start(folder.resolve("sim"), all);
        gateway.awaitReady();
    }

    @Test
    void each_venue_of_a_stock_is_registered_and_published_under_its_name() throws Exception {
        start(Map.of());
        try (var stream = new StreamReader()) {
            stream.subscribe("\"quotes\",\"trades\",\"books\"", SYMBOL, "NXT");
            assertThat(stream.next(it -> it.has("op")).path("mode").asString()).isEqualTo("push");
            stream.subscribe("\"quotes\",\"trades\",\"books\"", SYMBOL, "UNIFIED");
            stream.send("{\"op\":\"subscribe\",\"channels\":[\"quotes\"],\"symbols\":[\"" + SYMBOL + "\"]}");

            JsonNode krx = stream.next(it -> isOf(it, "quotes", ""));
            JsonNode nxt = stream.next(it -> isOf(it, "quotes", "NXT"));
            JsonNode both = stream.next(it -> isOf(it, "quotes", "UNIFIED"));
            assertThat(nxt.path("v").asLong())
                    .isPositive()
                    .isLessThan(krx.path("v").asLong());
            assertThat(both.path("v").asLong()).isGreaterThan(krx.path("v").asLong());
            assertThat(stream.next(it -> isOf(it, "trades", "NXT")).path("q").asLong())
                    .isPositive();
            assertThat(stream.next(it -> isOf(it, "books", "NXT")).path("asks")).hasSize(10);
            assertThat(stream.next(it -> isOf(it, "books", "UNIFIED")).path("asks"))
                    .hasSize(10);
        }
    }

    @Test
    void a_requested_venue_is_answered_from_its_registration_until_the_last_subscriber_leaves() throws Exception {
        start(Map.of());
        long before = registrations();
        try (var stream = new StreamReader()) {
            stream.subscribe("\"quotes\",\"books\"", SYMBOL, "NXT");
            awaitSource("quotes", "NXT", "kis-ws");
            awaitSource("orderbooks", "NXT", "kis-ws");
            assertThat(venueDemands()).containsExactlyInAnyOrder("trades NXT push", "books NXT push");
            assertThat(registrations()).isEqualTo(before + 2);
            assertThat(answer("quotes", "UNIFIED").path("source").asString())
                    .as("nothing is registered of both together")
                    .isEqualTo("kis-rest");
            assertThat(gateway.json("/v1/quotes/" + SYMBOL).path("source").asString())
                    .as("a price of NXT is none of KRX")
                    .isEqualTo("kis-rest");

            stream.send("{\"op\":\"unsubscribe\",\"channels\":[\"quotes\",\"books\"],\"symbols\":[\"" + SYMBOL
                    + "\"],\"venue\":\"NXT\"}");
            Await.until("the slots are released", () -> venueDemands().isEmpty() && registrations() == before);
            awaitSource("quotes", "NXT", "nxt");
            assertThat(answer("orderbooks", "NXT").path("source").asString()).isEqualTo("nxt");
        }
    }

    @Test
    void a_venue_without_a_slot_is_polled_and_takes_no_slot_of_another() throws Exception {
        String pinned = Instruments.load().all().stream()
                .map(it -> it.symbol().code())
                .filter(code -> !code.equals(SYMBOL))
                .limit(40)
                .collect(Collectors.joining(","));
        start(Map.of("KIS_WS_SYMBOLS", pinned, "SIMULATOR_RATE_LIMIT", "1000"));
        try (var stream = new StreamReader()) {
            stream.subscribe("\"quotes\",\"books\"", SYMBOL, "NXT");
            JsonNode ack = stream.next(it -> it.has("op"));
            assertThat(ack.path("mode").asString()).isEqualTo("poll");
            assertThat(ack.path("polled").get(0).path("s").asString()).isEqualTo(SYMBOL);
            assertThat(ack.path("polled").get(0).path("venue").asString()).isEqualTo("NXT");

            JsonNode krx = gateway.json("/v1/quotes/" + SYMBOL);
            assertThat(stream.next(it -> isOf(it, "quotes", "NXT")).path("v").asLong())
                    .isLessThan(krx.path("volume").asLong());
            assertThat(stream.next(it -> isOf(it, "books", "NXT")).path("bids")).hasSize(10);
            assertThat(venueDemands()).containsExactlyInAnyOrder("trades NXT poll", "books NXT poll");
            assertThat(answer("quotes", "NXT").path("source").asString()).isEqualTo("nxt");
        }
    }

    @Test
    void a_venue_that_does_not_trade_the_stock_is_refused() throws Exception {
        start(Map.of());
        try (var stream = new StreamReader()) {
            stream.subscribe("\"quotes\"", FUND, "NXT");
            JsonNode refused = stream.next(it -> it.has("op")).path("error");
            assertThat(refused.path("code").asString()).isEqualTo("UNSUPPORTED_BY_SOURCE");
            assertThat(refused.path("message").asString()).contains("NXT does not trade " + FUND);

            stream.subscribe("\"quotes\"", SYMBOL, "SOR");
            assertThat(stream.next(it -> it.has("op")).at("/error/code").asString())
                    .isEqualTo("INVALID_FIELD");
            stream.subscribe("\"bars:1m\"", SYMBOL, "NXT");
            assertThat(stream.next(it -> it.has("op")).at("/error/code").asString())
                    .isEqualTo("INVALID_FIELD");
            assertThat(venueDemands()).isEmpty();

            stream.subscribe("\"quotes\"", FUND, "UNIFIED");
            assertThat(stream.next(it -> isOf(it, "quotes", "")).path("s").asString())
                    .as("KRX alone trades it")
                    .isEqualTo(FUND);
        }
    }

    @Test
    void the_better_price_of_both_venues_names_the_venue_that_has_it() throws Exception {
        start(Map.of());
        try (var stream = new StreamReader()) {
            stream.subscribe("\"books\"", SYMBOL, "NXT");
            stream.subscribe("\"books\"", SYMBOL, "KRX");
            awaitSource("orderbooks", "NXT", "kis-ws");
            awaitSource("orderbooks", "KRX", "kis-ws");
            var answer = gateway.get("/v1/orderbooks/" + SYMBOL + "/best");
            gateway.contract().check("GET", "/v1/orderbooks/{symbol}/best", answer);
            JsonNode best = gateway.tree(answer);

            JsonNode krx = best.path("venues").get(0);
            JsonNode nxt = best.path("venues").get(1);
            assertThat(krx.path("venue").asString()).isEqualTo("KRX");
            assertThat(nxt.path("venue").asString()).isEqualTo("NXT");
            assertThat(List.of(krx.path("source").asString(), nxt.path("source").asString()))
                    .containsOnly("kis-ws");
            assertThat(krx.path("counts").asBoolean() && nxt.path("counts").asBoolean())
                    .isTrue();
            long bid = Math.max(krx.path("bid").asLong(), nxt.path("bid").asLong());
            assertThat(best.at("/bid/price").asLong()).isEqualTo(bid);
            assertThat(best.at("/bid/venues")
                            .valueStream()
                            .map(JsonNode::asString)
                            .toList())
                    .isEqualTo(best.path("venues")
                            .valueStream()
                            .filter(it -> it.path("bid").asLong() == bid)
                            .map(it -> it.path("venue").asString())
                            .toList());
        }
        assertThat(gateway.json("/v1/orderbooks/" + FUND + "/best").path("venues"))
                .as("KRX alone trades it")
                .hasSize(1);
        assertThat(gateway.tree(gateway.get("/v1/orderbooks/AAPL.NASD/best"))
                        .path("code")
                        .asString())
                .isEqualTo("UNSUPPORTED_BY_SOURCE");
    }

    private static boolean isOf(JsonNode message, String channel, String venue) {
        return message.path("ch").asString("").equals(channel)
                && message.path("venue").asString("").equals(venue);
    }

    private void awaitSource(String kind, String venue, String source) {
        Await.until(
                kind + " of " + venue + " from " + source,
                () -> answer(kind, venue).path("source").asString().equals(source));
    }

    private JsonNode answer(String kind, String venue) {
        var answer = gateway.get("/v1/" + kind + "/" + SYMBOL + "?venue=" + venue);
        gateway.contract().check("GET", "/v1/" + kind + "/{symbol}", answer);
        return gateway.tree(answer);
    }

    private long registrations() {
        return gateway.json("/v1/session/pool").at("/app_keys/0/registrations").asLong();
    }

    /** Kind, venue and mode of what is demanded of the stock at a venue. */
    private List<String> venueDemands() {
        return gateway.json("/v1/session/pool?symbol=" + SYMBOL)
                .path("demand")
                .valueStream()
                .filter(it -> it.has("venue"))
                .map(it -> Stream.of("kind", "venue", "mode")
                        .map(name -> it.path(name).asString())
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    private final class StreamReader implements WebSocket.Listener, AutoCloseable {
        private final JsonMapper mapper = new JsonMapper();
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final WebSocket socket;

        StreamReader() throws InterruptedException {
            socket = client.newWebSocketBuilder()
                    .subprotocols("kis-gateway.v1")
                    .buildAsync(URI.create("ws://127.0.0.1:" + gateway.gateway().port() + "/v1/stream"), this)
                    .join();
            next(it -> it.path("op").asString("").equals("hello"));
        }

        void subscribe(String channels, String symbol, String venue) {
            send("{\"op\":\"subscribe\",\"channels\":[" + channels + "],\"symbols\":[\"" + symbol + "\"],\"venue\":\""
                    + venue + "\"}");
        }

        void send(String message) {
            socket.sendText(message, true).join();
        }

        /** The next message that meets the condition; all are checked against the contract. */
        JsonNode next(Predicate<JsonNode> expected) throws InterruptedException {
            // One limit for all of them: other messages may come forever.
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (true) {
                var message = messages.poll(limit - System.nanoTime(), TimeUnit.NANOSECONDS);
                assertThat(message).as("the expected message").isNotNull();
                gateway.contract().message(message);
                assertThat(System.nanoTime()).as("the expected message").isLessThan(limit);
                if (expected.test(message)) {
                    return message;
                }
            }
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var message = mapper.readTree(text.toString());
                text.setLength(0);
                (message.isArray() ? message.values() : List.of(message)).forEach(messages::add);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void close() {
            socket.abort();
        }
    }
}
