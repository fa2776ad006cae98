package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.gateway.broker.MemoryBroker;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole gateway that knows Hong Kong by its policy and the file of its stocks, without a class of its own. */
@Tag("slow")
class ThirdMarketTest {
    private static final HongKong.Stock TENCENT = new HongKong.Stock("00700");
    /** HK$ 613.2, in thousandths. */
    private static final long PRICE = 613_200;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<QuoteStore> store = new AtomicReference<>();
    private final List<String> messages = new ArrayList<>();
    private MemoryBroker broker;
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        // Friday, ten in the morning in Hong Kong, eleven in Seoul.
        var ahead = Duration.between(Instant.now(), Instant.parse("2026-11-20T02:00:00Z"));
        broker = new MemoryBroker(
                Map.of(Symbol.of("005930"), 70_000L, new UsSymbol(UsExchange.NASD, "AAPL"), 2_345_000L, TENCENT, PRICE),
                () -> Instant.now().plus(ahead));
        gateway = GatewayFixture.start(
                folder,
                ahead,
                Map.of(
                        "KIS_ENV",
                        "sim",
                        "SIMULATOR_CLOCK",
                        "real",
                        "KIS_WS_SYMBOLS",
                        "00005.SEHK",
                        "GATEWAY_WARM_SYMBOLS",
                        "00700.SEHK",
                        "QUOTE_SAFE_VALUE",
                        "00700.SEHK:612.5"),
                Markets.standard().with(new HongKong()),
                (_, _, quotes, _, _) -> {
                    store.set(quotes);
                    return new BrokerConnector.Connected(broker, Optional.empty());
                });
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        gateway.close();
    }

    @Test
    void its_instruments_are_listed_and_found_with_the_currency_and_the_tick_of_its_policy() {
        var tencent = gateway.json("/v1/instruments/00700.SEHK");
        assertThat(tencent.path("name").asString("")).isEqualTo("Tencent Holdings");
        assertThat(tencent.path("currency").asString("")).isEqualTo("HKD");
        assertThat(tencent.path("close").decimalValue()).isEqualByComparingTo("612.5");
        assertThat(tencent.path("tick_size").decimalValue()).isEqualByComparingTo("0.2");
        assertThat(tencent.path("us").asBoolean(true)).isFalse();
        assertThat(gateway.json("/v1/instruments?market=HK").path("total").asInt())
                .isEqualTo(2);
        assertThat(gateway.json("/v1/instruments?market=SEHK&q=hsbc").toString())
                .contains("00005.SEHK");
        assertThat(gateway.json("/v1/instruments?q=00700")
                        .path("instruments")
                        .path(0)
                        .path("symbol")
                        .asString(""))
                .isEqualTo("00700.SEHK");
        assertThat(gateway.json("/v1/instruments?market=US").toString()).doesNotContain("SEHK\",\"product");
        assertThat(gateway.get("/v1/quotes/5.hk").body()).contains("INVALID_SYMBOL", "00005.SEHK");
        assertThat(gateway.get("/v1/quotes/99999.SEHK").body()).contains("SYMBOL_NOT_FOUND");
        assertThat(gateway.get("/v1/instruments?market=SEHX").body()).contains("SEHK");
    }

    @Test
    void quotes_books_bars_and_batches_of_three_markets_are_answered_by_one_path() {
        var quote = gateway.json("/v1/quotes/00700.SEHK");
        assertThat(quote.path("price").decimalValue()).isEqualByComparingTo("613.2");
        assertThat(quote.path("currency").asString("")).isEqualTo("HKD");
        assertThat(quote.path("market").asString("")).isEqualTo("SEHK");
        assertThat(quote.path("session").asString("")).isEqualTo("OPEN");
        var three = gateway.json("/v1/quotes?symbols=005930,AAPL.NASD,00700.SEHK");
        assertThat(three.path(0).path("price").decimalValue()).isEqualByComparingTo("70000");
        assertThat(three.path(1).path("price").decimalValue()).isEqualByComparingTo("234.5");
        assertThat(three.path(2).path("price").decimalValue()).isEqualByComparingTo("613.2");

        var book = gateway.json("/v1/orderbooks/00700.SEHK");
        assertThat(book.path("currency").asString("")).isEqualTo("HKD");
        assertThat(book.path("best_bid").decimalValue()).isEqualByComparingTo("613.2");
        assertThat(book.path("best_ask").decimalValue()).isEqualByComparingTo("613.3");

        var bars = gateway.json("/v1/bars/00700.SEHK?period=D&limit=3").path("bars");
        assertThat(bars.size()).isEqualTo(3);
        assertThat(bars.path(0).path("close").decimalValue()).isEqualByComparingTo("613.2");
        assertThat(bars.path(0).path("date").asString("")).isEqualTo("2026-11-20");

        var batch = gateway.send("POST", "/v1/quotes/batch", "{\"symbols\":[\"005930\",\"00700.SEHK\"]}")
                .body();
        assertThat(batch).contains("\"price\":70000", "\"price\":613.2");
        assertThat(gateway.json("/v1/market/status").toString()).contains("{\"market\":\"SEHK\",\"session\":\"OPEN\"");
    }

    @Test
    void its_bars_are_stored_in_files_of_its_own_and_its_ticks_are_recorded() {
        var days = "'from':'2026-11-18','to':'2026-11-20'";
        var started = operate(
                "/v1/history/backfill", "{'symbols':['00700.SEHK'],'period':'D','adjusted':false," + days + "}");
        var path = "/v1/jobs/" + started.path("id").asString("");
        Await.until(() -> !gateway.json(path).path("state").asString("").equals("RUNNING"));
        var files = gateway.json(path).path("files");
        assertThat(files.path("folder").asString("")).endsWith("market=HK");
        assertThat(files.path("currency").asString("")).isEqualTo("HKD");
        assertThat(files.at("/bar/date").asString(""))
                .as("the last day that is over")
                .isEqualTo("2026-11-19");
        assertThat(files.at("/bar/close").decimalValue()).isEqualByComparingTo("613.2");

        var recording = operate("/v1/history/recordings", "{'symbols':['00700.SEHK']}");
        assertThat(recording.path("state").asString(""))
                .as(recording.toString())
                .isEqualTo("RECORDING");
    }

    private JsonNode operate(String path, String body) {
        return gateway.tree(gateway.operate("POST", path, body.replace('\'', '"')));
    }

    @Test
    void settings_name_its_symbols() {
        var settings = gateway.settings();
        assertThat(settings.warmup().symbols()).containsExactly(TENCENT);
        assertThat(settings.quotes().safeValue()).isEqualTo(new Settings.SafeValue.Prices(Map.of(TENCENT, 612_500L)));
        var configured = gateway.json("/v1/session/pool?symbol=00005.SEHK").at("/demand/0");
        assertThat(configured.path("pinned").asBoolean(false))
                .as(configured.toString())
                .isTrue();
    }

    @Test
    void a_key_for_one_of_its_symbols_is_refused_another_one() {
        var key = operate("/v1/keys", "{'name':'desk','role':'quote','symbols':['00700.SEHK']}");
        gateway.use(key.path("key").asString(""));
        for (var path : List.of("/v1/quotes/", "/v1/orderbooks/", "/v1/instruments/")) {
            assertThat(gateway.get(path + "00700.SEHK").statusCode()).as(path).isEqualTo(200);
            var refused = gateway.get(path + "00005.SEHK");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
            assertThat(gateway.get(path + "005930").statusCode()).as(path).isEqualTo(403);
        }
    }

    @Test
    void a_pushed_trade_reaches_the_stream_and_the_quote_in_its_currency() throws Exception {
        var frames = new LinkedBlockingQueue<String>();
        var socket = client.newWebSocketBuilder()
                .subprotocols("kis-gateway.v1")
                .buildAsync(
                        URI.create(gateway.gateway().baseUri().toString().replace("http", "ws") + "/v1/stream"),
                        new Frames(frames))
                .get(10, TimeUnit.SECONDS);
        socket.sendText(
                        "{\"op\":\"subscribe\",\"channels\":[\"quotes\",\"bars:1m\"],\"symbols\":[\"00700.SEHK\"]}",
                        true)
                .get(10, TimeUnit.SECONDS);
        await(frames, "\"ack\"");

        // The first one may arrive before the subscription is active.
        for (int sold = 1; messages.stream().noneMatch(it -> it.contains("\"ch\":\"bars:1m\"")); sold++) {
            assertThat(sold).isLessThan(200);
            broker.push(store.get().putTrade(trade(sold), PushFeed.FREE));
            Optional.ofNullable(frames.poll(100, TimeUnit.MILLISECONDS)).ifPresent(messages::add);
        }

        assertThat(await(frames, "\"ch\":\"quotes\"")).contains("\"p\":614.6", "\"change\":2.1", "\"bid\":614.6");
        assertThat(await(frames, "\"ch\":\"bars:1m\"")).contains("\"open\":614.6", "\"close\":614.6");
        assertThat(store.get().last(TENCENT).map(last -> last.trade().price())).isEqualTo(Optional.of(614_600L));
    }

    /** The trade of the {@code number}-th hundred shares of the day. */
    private static Trade trade(int number) {
        return new Trade(
                TENCENT,
                20_261_120,
                100_005,
                614_600,
                100,
                2_100,
                613_000,
                615_000,
                612_800,
                614_800,
                614_600,
                number * 100L,
                number * 61_460_000L,
                '1');
    }

    /** The first message with {@code fragment}, whatever arrived before it. */
    private String await(BlockingQueue<String> frames, String fragment) throws InterruptedException {
        while (true) {
            var received = messages.stream().filter(it -> it.contains(fragment)).findFirst();
            if (received.isPresent()) {
                return received.get();
            }
            var frame = frames.poll(20, TimeUnit.SECONDS);
            assertThat(frame)
                    .as("a message with %s after %s", fragment, messages)
                    .isNotNull();
            messages.add(frame);
        }
    }

    /** Messages of the stream. */
    private static final class Frames implements WebSocket.Listener {
        private final BlockingQueue<String> frames;
        private final StringBuilder text = new StringBuilder();

        Frames(BlockingQueue<String> frames) {
            this.frames = frames;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var message = new JsonMapper().readTree(text.toString());
                (message.isArray() ? message.values() : List.of(message)).forEach(one -> frames.add(one.toString()));
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(from, data, last);
        }
    }
}
