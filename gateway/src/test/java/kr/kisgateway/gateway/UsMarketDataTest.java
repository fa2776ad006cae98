package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** American stocks of a whole gateway with its simulator, from outside. */
@Tag("P-04")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsMarketDataTest {
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;
    private Contract contract;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                Map.of(),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings());
        contract = new Contract(mapper.readTree(get("/openapi.json").body()));
        until(() -> get("/v1/quotes/AAPL.NASD").statusCode() == 200);
    }

    @AfterAll
    void stop() {
        gateway.close();
        client.close();
    }

    @Test
    void an_american_quote_is_in_dollars_and_adds_up() throws Exception {
        var quote = json("/v1/quotes/{symbol}", "/v1/quotes/AAPL.NASD");

        assertThat(quote.get("currency").stringValue()).isEqualTo("USD");
        assertThat(quote.get("market").stringValue()).isEqualTo("NASD");
        assertThat(quote.get("source").stringValue()).isEqualTo("kis-rest");
        assertThat(quote.get("session").stringValue()).isEqualTo("REGULAR");
        var close =
                json("/v1/instruments/{symbol}", "/v1/instruments/AAPL.NASD").get("close");
        assertThat(quote.get("prev_close").decimalValue()).isEqualByComparingTo(close.decimalValue());
        assertThat(quote.get("price").decimalValue())
                .isEqualByComparingTo(quote.get("prev_close")
                        .decimalValue()
                        .add(quote.get("change").decimalValue()));
    }

    @Test
    void prices_have_no_zeros_behind_the_cents() throws Exception {
        assertThat(get("/v1/quotes/AAPL.NASD").body()).doesNotContainPattern("\"price\":[0-9]+\\.[0-9]*0,");
    }

    @Test
    void korean_and_american_symbols_go_into_one_question() throws Exception {
        var all = json("/v1/quotes", "/v1/quotes?symbols=005930,AAPL.NASD,JPM.NYSE");

        assertThat(all).hasSize(3);
        assertThat(all.get(0).get("currency").stringValue()).isEqualTo("KRW");
        assertThat(all.get(1).get("symbol").stringValue()).isEqualTo("AAPL.NASD");
        assertThat(all.get(2).get("currency").stringValue()).isEqualTo("USD");

        var some = json("/v1/quotes", "/v1/quotes?symbols=AAPL.NASD,AAPL.NYSE");
        assertThat(some.get("quotes")).hasSize(1);
        assertThat(some.at("/meta/failed_symbols/0").stringValue()).isEqualTo("AAPL.NYSE");
    }

    @Test
    void an_american_symbol_is_told_apart_from_what_is_none() throws Exception {
        assertThat(json("/v1/quotes/{symbol}", "/v1/quotes/AAPL.NYSE")
                        .get("code")
                        .stringValue())
                .isEqualTo("SYMBOL_NOT_FOUND");
        assertThat(json("/v1/quotes/{symbol}", "/v1/quotes/aapl.NASD")
                        .get("code")
                        .stringValue())
                .isEqualTo("INVALID_SYMBOL");
        assertThat(json("/v1/investors/{symbol}", "/v1/investors/AAPL.NASD")
                        .get("code")
                        .stringValue())
                .isEqualTo("UNSUPPORTED_BY_SOURCE");
    }

    @Test
    @Tag("I-02")
    void trades_of_an_american_stock_are_pushed_and_make_its_quote() throws Exception {
        try (var listener = new Listener()) {
            listener.say(
                    "{\"op\":\"subscribe\",\"channels\":[\"quotes\",\"trades\",\"books\"],\"symbols\":[\"NVDA.NASD\"],"
                            + "\"id\":\"1\"}");
            assertThat(listener.next("ack").get("mode").stringValue()).isEqualTo("push");

            var trade = listener.next("trades");
            var quote = listener.next("quotes");
            var book = listener.next("books");

            assertThat(trade.get("s").stringValue()).isEqualTo("NVDA.NASD");
            assertThat(trade.get("feed").stringValue()).isEqualTo("free");
            assertThat(trade.get("q").longValue()).isPositive();
            assertThat(quote.get("p").decimalValue()).isPositive();
            assertThat(book.at("/asks/0/0").decimalValue())
                    .isGreaterThan(book.at("/bids/0/0").decimalValue());
            until(() -> mapper.readTree(get("/v1/quotes/NVDA.NASD").body())
                    .get("source")
                    .stringValue()
                    .equals("kis-ws"));
            var pushed = json("/v1/quotes/{symbol}", "/v1/quotes/NVDA.NASD");
            assertThat(pushed.get("feed").stringValue()).isEqualTo("free");
            assertThat(pushed.get("bid").decimalValue())
                    .isLessThan(pushed.get("ask").decimalValue());
            var pool = json("/v1/session/pool", "/v1/session/pool?symbol=NVDA.NASD");
            assertThat(pool.get("demand"))
                    .hasSize(2)
                    .allMatch(one -> one.get("mode").stringValue().equals("push"));
        }
    }

    @Test
    void numbers_of_american_trades_have_no_holes_and_their_shares_add_up() throws Exception {
        try (var listener = new Listener()) {
            listener.say("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"AAPL.NASD\"]}");
            var last = listener.next("trades");
            for (int i = 0; i < 20; i++) {
                var next = listener.next("trades");
                assertThat(next.get("seq").longValue())
                        .isEqualTo(last.get("seq").longValue() + 1);
                assertThat(next.get("v").longValue())
                        .isEqualTo(last.get("v").longValue() + next.get("q").longValue());
                last = next;
            }
        }
    }

    @Test
    void bars_of_an_american_stock_are_not_streamed() throws Exception {
        try (var listener = new Listener()) {
            listener.say("{\"op\":\"subscribe\",\"channels\":[\"bars:1m\"],\"symbols\":[\"AAPL.NASD\"],\"id\":\"7\"}");
            assertThat(listener.next("error").at("/error/code").stringValue()).isEqualTo("UNSUPPORTED_BY_SOURCE");
        }
    }

    /** A client of the stream; each message that is read is held against the contract. */
    private final class Listener implements WebSocket.Listener, AutoCloseable {
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final WebSocket socket = client.newWebSocketBuilder()
                .subprotocols("kis-gateway.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), this)
                .join();

        void say(String message) {
            socket.sendText(message, true).join();
        }

        /** The next message with this word for its channel or its operation. */
        JsonNode next(String word) throws InterruptedException {
            while (true) {
                var message = messages.poll(20, TimeUnit.SECONDS);
                assertThat(message).as("a message %s", word).isNotNull();
                contract.message(message);
                if (message.path("ch").asString("").equals(word)
                        || message.path("op").asString("").equals(word)) {
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

    private JsonNode json(String route, String path) throws Exception {
        var answer = get(path);
        contract.check("GET", route, answer);
        return mapper.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                BodyHandlers.ofString());
    }

    private interface Look {
        boolean now() throws Exception;
    }

    private static void until(Look look) throws Exception {
        var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!look.now()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
