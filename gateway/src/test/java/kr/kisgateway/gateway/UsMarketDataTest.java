package kr.kisgateway.gateway;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import kr.kisgateway.gateway.instrument.MasterFileServer;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** US stocks of a whole gateway with its simulator, tested from outside. */
@Requirement("P-04")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class UsMarketDataTest {
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final MasterFileServer masters = new MasterFileServer();
    /** How far the clock of the gateway and its simulator is ahead of the machine's. */
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private Gateway gateway;
    private Contract contract;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        // New York's new list arrives while the gateway runs.
        masters.stall();
        masters.serveLines("nysmst.cod", List.of(newYork("JPM"), newYork("BRK/B"), newYork("HEI/A")));
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                Map.of(
                        "KIS_MASTER_URL",
                        masters.base().toString(),
                        // Calls fail on purpose here; the other tests must not wait for the breaker.
                        "KIS_API_CIRCUIT_BREAKER_TIMEOUT",
                        "50ms"),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        gateway = Wiring.start(
                ((SettingsResult.Loaded) loaded).settings(),
                new SteadyClock(() -> Instant.now().plus(ahead.get()), System::nanoTime),
                new SecureRandom());
        contract = new Contract(mapper.readTree(get("/openapi.json").body()));
        until(() -> get("/v1/quotes/AAPL.NASD").statusCode() == 200);
        masters.release();
        until(() -> get("/v1/instruments/BRK-B.NYSE").statusCode() == 200);
    }

    /** A line of New York's master file. */
    private static String newYork(String ticker) {
        return "US\t02\tNYS\tNYSE\t" + ticker + "\tDNYS" + ticker + "\t\t" + ticker
                + " INC\t2\tUSD\t4\t1\t300.0000\t1\t1\t0930\t1600\tN\t\t310\t1\t1\t\t\t";
    }

    @AfterAll
    void stop() {
        gateway.close();
        masters.close();
        client.close();
    }

    @Test
    void a_us_quote_is_in_dollars_and_adds_up() throws Exception {
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
    void prices_have_no_trailing_zeros_after_the_cents() throws Exception {
        assertThat(get("/v1/quotes/AAPL.NASD").body()).doesNotContainPattern("\"price\":[0-9]+\\.[0-9]*0,");
    }

    @Test
    @Requirement("A-07")
    void a_changed_listing_discards_cached_data_of_the_us_stocks_it_changed() throws Exception {
        // New York's new list, for which the start of this test waits, changed no Korean instrument.
        until(() -> mapper.readTree(get("/v1/metrics/quote").body())
                        .get("cache_invalidated")
                        .longValue()
                > 0);
        var metrics = json("/v1/metrics/quote", "/v1/metrics/quote");
        assertThat(metrics.at("/caches/us_quote/calls").longValue()).isPositive();
        assertThat(metrics.at("/caches/us_book").isObject()).isTrue();
        assertThat(metrics.at("/caches/us_bars").isObject()).isTrue();
    }

    @Test
    void korean_and_us_symbols_go_into_one_request() throws Exception {
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
    void a_valid_us_symbol_is_distinguished_from_an_invalid_one() throws Exception {
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
    void a_us_book_is_in_dollars_and_its_best_prices_are_its_own() throws Exception {
        var book = json("/v1/orderbooks/{symbol}", "/v1/orderbooks/AAPL.NASD");

        assertThat(book.get("currency").stringValue()).isEqualTo("USD");
        assertThat(book.get("session").stringValue()).isEqualTo("REGULAR");
        assertThat(book.get("source").stringValue()).isEqualTo("kis-rest");
        assertThat(book.get("bids")).isNotEmpty();
        var bid = book.get("best_bid").decimalValue();
        var ask = book.get("best_ask").decimalValue();
        assertThat(bid).isEqualByComparingTo(book.at("/bids/0/price").decimalValue());
        assertThat(ask).isEqualByComparingTo(book.at("/asks/0/price").decimalValue());
        assertThat(book.get("spread").decimalValue()).isPositive().isEqualByComparingTo(ask.subtract(bid));
        assertThat(book.get("total_bid_qty").longValue())
                .isGreaterThanOrEqualTo(book.at("/bids/0/qty").longValue());
        assertThat(book.get("expected").isNull()).isTrue();
    }

    @Test
    @Requirement("I-02")
    void the_pushed_best_level_answers_only_requests_for_one_level() throws Exception {
        try (var listener = new Listener()) {
            listener.send("{\"op\":\"subscribe\",\"channels\":[\"books\"],\"symbols\":[\"MSFT.NASD\"],\"id\":\"1\"}");
            listener.next("books");
            until(() -> mapper.readTree(get("/v1/orderbooks/MSFT.NASD?depth=1").body())
                    .get("source")
                    .stringValue()
                    .equals("kis-ws"));
            var best = json("/v1/orderbooks/{symbol}", "/v1/orderbooks/MSFT.NASD?depth=1");
            assertThat(best.get("source").stringValue()).isEqualTo("kis-ws");
            assertThat(best.get("feed").stringValue()).isEqualTo("free");
            assertThat(best.get("depth").intValue()).isEqualTo(1);
            assertThat(best.get("bids")).hasSize(1);
            assertThat(best.get("asks")).hasSize(1);
            assertThat(best.get("ts_ms").longValue()).isPositive();
            assertThat(best.get("best_bid").decimalValue())
                    .isEqualByComparingTo(best.at("/bids/0/price").decimalValue());
            assertThat(best.get("total_bid_qty").longValue())
                    .isGreaterThanOrEqualTo(best.at("/bids/0/qty").longValue());

            for (var path : List.of("/v1/orderbooks/MSFT.NASD", "/v1/orderbooks/MSFT.NASD?depth=2")) {
                var book = json("/v1/orderbooks/{symbol}", path);
                assertThat(book.get("source").stringValue()).as(path).isEqualTo("kis-rest");
                assertThat(book.get("feed").isNull()).isTrue();
            }
        }
    }

    @Test
    void a_book_has_at_most_the_requested_levels_and_totals_over_all_levels() throws Exception {
        for (var symbol : List.of("005930", "AAPL.NASD")) {
            var two = json("/v1/orderbooks/{symbol}", "/v1/orderbooks/" + symbol + "?depth=2");
            assertThat(two.get("bids")).as(symbol).hasSize(2);
            assertThat(two.get("asks")).as(symbol).hasSize(2);
            assertThat(two.get("total_bid_qty").longValue())
                    .as(symbol)
                    .isGreaterThan(two.at("/bids/0/qty").longValue()
                            + two.at("/bids/1/qty").longValue());
        }
        for (var wrong : List.of("0", "11", "x")) {
            assertThat(json("/v1/orderbooks/{symbol}", "/v1/orderbooks/AAPL.NASD?depth=" + wrong)
                            .get("code")
                            .stringValue())
                    .isEqualTo("INVALID_FIELD");
        }
    }

    @Test
    void us_days_come_in_pages_that_form_one_list() throws Exception {
        var fullList = json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?period=D&limit=230");
        assertThat(fullList.get("bars")).hasSize(230);
        assertThat(fullList.get("adjusted").booleanValue()).isTrue();

        var first = json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?period=D&limit=130");
        var second = json(
                "/v1/bars/{symbol}",
                "/v1/bars/AAPL.NASD?period=D&limit=100&cursor="
                        + first.get("next_cursor").stringValue());
        var dates = new ArrayList<String>();
        for (var page : List.of(first, second)) {
            page.get("bars").forEach(bar -> dates.add(bar.get("date").stringValue()));
        }
        assertThat(dates)
                .isEqualTo(fullList.get("bars")
                        .valueStream()
                        .map(bar -> bar.get("date").stringValue())
                        .toList())
                .isSortedAccordingTo(Comparator.reverseOrder())
                .doesNotHaveDuplicates();

        var bar = second.at("/bars/0");
        assertThat(Instant.ofEpochSecond(bar.get("ts").longValue()).atZone(UsHours.NEW_YORK))
                .isEqualTo(LocalDate.parse(bar.get("date").stringValue()).atStartOfDay(UsHours.NEW_YORK));
        assertThat(bar.get("high").decimalValue())
                .isGreaterThanOrEqualTo(bar.get("low").decimalValue());
    }

    @Test
    void us_days_between_two_dates_are_exactly_those() throws Exception {
        var page = json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?period=D&from=2026-10-05&to=2026-10-16");

        assertThat(page.get("bars").valueStream().map(bar -> bar.get("date").stringValue()))
                .hasSize(10)
                .startsWith("2026-10-16")
                .endsWith("2026-10-05");
        assertThat(page.get("next_cursor").isNull()).isTrue();
        assertThat(page.get("incomplete_before").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"W,2026-10-05,5", "M,2026-10-01,22"})
    void a_us_week_or_month_is_aggregated_from_its_days_even_when_requested_from_its_middle(
            String period, String firstDate, int days) throws Exception {
        var longer =
                json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?period=" + period + "&from=2026-10-07&to=2026-10-07");
        assertThat(longer.get("bars")).hasSize(1);
        var bar = longer.at("/bars/0");
        assertThat(bar.get("date").stringValue()).isEqualTo(firstDate);

        var end = period.equals("W") ? "2026-10-11" : "2026-10-31";
        var parts = json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?period=D&from=" + firstDate + "&to=" + end)
                .get("bars");
        assertThat(parts).hasSize(days);
        assertThat(bar.get("volume").longValue())
                .isEqualTo(parts.valueStream()
                        .mapToLong(day -> day.get("volume").longValue())
                        .sum());
        assertThat(bar.get("open").decimalValue())
                .isEqualByComparingTo(parts.get(days - 1).get("open").decimalValue());
        assertThat(bar.get("close").decimalValue())
                .isEqualByComparingTo(parts.get(0).get("close").decimalValue());
    }

    @Test
    void a_us_year_is_aggregated_from_its_months() throws Exception {
        var year = json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?period=Y&from=2024-06-30&to=2024-06-30")
                .get("bars");
        var months = json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?period=M&from=2024-01-01&to=2024-12-31")
                .get("bars");

        assertThat(year).hasSize(1);
        assertThat(months).hasSize(12);
        assertThat(year.get(0).get("date").stringValue()).isEqualTo("2024-01-01");
        assertThat(year.get(0).get("volume").longValue())
                .isEqualTo(months.valueStream()
                        .mapToLong(month -> month.get("volume").longValue())
                        .sum());
        assertThat(year.get(0).get("open").decimalValue())
                .isEqualByComparingTo(months.get(11).get("open").decimalValue());
        assertThat(year.get(0).get("close").decimalValue())
                .isEqualByComparingTo(months.get(0).get("close").decimalValue());
        assertThat(year.get(0).get("high").decimalValue())
                .isEqualByComparingTo(months.valueStream()
                        .map(month -> month.get("high").decimalValue())
                        .max(Comparator.naturalOrder())
                        .orElseThrow());
    }

    @Test
    void us_minutes_follow_new_york_time_and_end_where_kis_has_no_more() throws Exception {
        var day = LocalDate.of(2026, 11, 18);
        var page =
                json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?period=30m&from=" + day + "T10:00&to=" + day + "T11:59");
        assertThat(page.get("adjusted").isNull()).isTrue();
        assertThat(page.get("bars")
                        .valueStream()
                        .map(bar -> Instant.ofEpochSecond(bar.get("ts").longValue())
                                .atZone(UsHours.NEW_YORK)
                                .toLocalTime()
                                .toString()))
                .containsExactly("11:30", "11:00", "10:30", "10:00");

        var pages = 0;
        var cursor = "";
        JsonNode last;
        do {
            last = json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?period=60m&limit=100" + cursor);
            cursor = "&cursor=" + last.get("next_cursor").asString("");
            pages++;
        } while (!last.get("next_cursor").isNull() && pages < 20);
        assertThat(pages).isBetween(2, 19);
        assertThat(last.get("incomplete_before").stringValue()).matches("2026-10-[0-9]{2}");
    }

    @Test
    void an_invalid_request_for_us_bars_is_refused() throws Exception {
        for (var query :
                List.of("period=D&to=2031-01-01", "period=1m&adjusted=true", "period=1m&cursor=x", "period=2m")) {
            assertThat(json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?" + query)
                            .get("code")
                            .stringValue())
                    .as(query)
                    .isEqualTo("INVALID_FIELD");
        }
        assertThat(json("/v1/bars/{symbol}", "/v1/bars/AAPL.NASD?period=D&to=2031-01-01")
                        .get("message")
                        .stringValue())
                .contains("New York");
    }

    @Test
    void a_class_of_shares_follows_a_dash() throws Exception {
        assertThat(json("/v1/instruments/{symbol}", "/v1/instruments/BRK-B.NYSE")
                        .get("symbol")
                        .stringValue())
                .isEqualTo("BRK-B.NYSE");
        assertThat(json("/v1/quotes/{symbol}", "/v1/quotes/BRK-B.NYSE")
                        .get("price")
                        .decimalValue())
                .isPositive();
        // The simulator does not trade it, so this is KIS's own message once KIS's list of stocks was read.
        Await.until(
                "the list was read",
                () -> !json("/v1/quotes/{symbol}", "/v1/quotes/HEI-A.NYSE")
                        .path("message")
                        .asString("")
                        .startsWith("No market lists"));
        assertThat(json("/v1/quotes/{symbol}", "/v1/quotes/HEI-A.NYSE")
                        .get("message")
                        .stringValue())
                .isEqualTo("KIS has no price of HEI-A.NYSE.");
        assertThat(json("/v1/orderbooks/{symbol}", "/v1/orderbooks/BRK-B.NYSE")
                        .get("symbol")
                        .stringValue())
                .isEqualTo("BRK-B.NYSE");
        assertThat(json("/v1/bars/{symbol}", "/v1/bars/BRK-B.NYSE?period=D")
                        .get("symbol")
                        .stringValue())
                .isEqualTo("BRK-B.NYSE");
        for (var route : List.of("/v1/instruments/", "/v1/quotes/", "/v1/orderbooks/", "/v1/bars/")) {
            for (var spelling : List.of("BRK%2FB.NYSE", "BRK.B.NYSE")) {
                var refused = json(route + "{symbol}", route + spelling);
                assertThat(refused.get("code").stringValue())
                        .as(route + spelling)
                        .isEqualTo("INVALID_SYMBOL");
                assertThat(refused.get("message").stringValue()).contains("BRK-B.NYSE");
            }
        }
    }

    @Test
    @Requirement(value = "I-02", clause = "us")
    void trades_of_a_us_stock_are_pushed_and_update_its_quote() throws Exception {
        try (var listener = new Listener()) {
            listener.send(
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
    void sequence_numbers_of_us_trades_have_no_gaps_and_their_shares_add_up() throws Exception {
        try (var listener = new Listener()) {
            listener.send("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\"AAPL.NASD\"]}");
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
    @Requirement("P-13")
    void streamed_bars_of_a_us_stock_equal_the_requested_ones() throws Exception {
        try (var listener = new Listener()) {
            listener.send("{\"op\":\"subscribe\",\"channels\":[\"bars:1m\",\"bars:5m\"],\"symbols\":[\"MSFT.NASD\"]}");
            assertThat(listener.next("ack").get("mode").stringValue()).isEqualTo("push");
            // The first minutes began before the subscription: each is published as incomplete, and again once KIS has
            // its own.
            var first = listener.bar("bars:1m", bar -> bar.get("complete").booleanValue());
            var second = listener.bar(
                    "bars:1m",
                    bar -> bar.get("complete").booleanValue()
                            && bar.get("ts").longValue() > first.get("ts").longValue());
            for (var streamed : List.of(first, second)) {
                var at = Instant.ofEpochSecond(streamed.get("ts").longValue())
                        .atZone(UsHours.NEW_YORK)
                        .toLocalDateTime();
                var requested = json("/v1/bars/{symbol}", "/v1/bars/MSFT.NASD?period=1m&from=" + at + "&to=" + at)
                        .at("/bars/0");
                assertThat(requested.get("ts").longValue())
                        .isEqualTo(streamed.get("ts").longValue());
                for (var name : List.of("open", "high", "low", "close", "volume")) {
                    assertThat(streamed.get(name).decimalValue())
                            .as(name + " of " + at)
                            .isEqualByComparingTo(requested.get(name).decimalValue());
                }
                assertThat(streamed.get("turnover")
                                .decimalValue()
                                .subtract(requested.get("turnover").decimalValue()))
                        .as("KIS gives whole dollars")
                        .isBetween(BigDecimal.ONE.negate(), BigDecimal.ONE);
            }
        }
    }

    @Test
    void events_include_the_bars_of_us_stocks() throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port()
                                + "/v1/events?channels=bars:60m&symbols=GOOGL.NASD"))
                        .build(),
                BodyHandlers.ofLines());
        try (var lines = answer.body()) {
            var bar = lines.filter(line -> line.startsWith("data:"))
                    .map(line -> mapper.readTree(line.substring(5)))
                    .filter(message -> message.path("ch").asString("").equals("bars:60m"))
                    .findFirst()
                    .orElseThrow();
            contract.message(bar);
            assertThat(bar.get("s").stringValue()).isEqualTo("GOOGL.NASD");
            assertThat(bar.get("close").decimalValue()).isPositive();
        }
    }

    @Test
    @Requirement("P-09")
    void a_batch_of_quotes_mixes_both_countries_with_one_line_each() throws Exception {
        var lines = batch(
                "/v1/quotes/batch",
                "{\"symbols\":[\"005930\",\"AAPL.NASD\",\"AAPL.NYSE\",\"JPM.NYSE\",\"HEI-A.NYSE\",\"AAPL.NASD\"]}");
        lines.values().forEach(contract::batchLine);

        assertThat(lines.get("expected").at("/expected/symbols").intValue()).isEqualTo(5);
        assertThat(lines.get("005930").get("currency").stringValue()).isEqualTo("KRW");
        assertThat(lines.get("AAPL.NASD").get("currency").stringValue()).isEqualTo("USD");
        assertThat(lines.get("JPM.NYSE").get("price").decimalValue()).isPositive();
        assertThat(lines.get("AAPL.NYSE").get("code").stringValue()).isEqualTo("SYMBOL_NOT_FOUND");
        // Listed, but without a price at KIS.
        assertThat(lines.get("HEI-A.NYSE").get("code").stringValue()).isEqualTo("SYMBOL_NOT_FOUND");
        assertThat(lines.get("stats").at("/stats/succeeded").intValue()).isEqualTo(3);
        assertThat(lines.get("stats").at("/stats/failed").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"D,50", "1m,150"})
    @Requirement("P-10")
    void a_batch_of_bars_returns_the_same_as_the_single_calls(String period, int limit) throws Exception {
        var to = period.equals("D") ? "2026-11-18" : "2026-11-18T15:00";
        var lines = batch(
                "/v1/bars/batch",
                "{\"symbols\":[\"AAPL.NASD\",\"005930\",\"JPM.NYSE\",\"AAPL.NYSE\"],\"period\":\"" + period
                        + "\",\"to\":\"" + to + "\",\"limit\":" + limit + "}");
        lines.values().forEach(contract::barLine);

        for (var symbol : List.of("AAPL.NASD", "005930", "JPM.NYSE")) {
            var single = json(
                    "/v1/bars/{symbol}", "/v1/bars/" + symbol + "?period=" + period + "&to=" + to + "&limit=" + limit);
            assertThat(lines.get(symbol).get("bars")).as(symbol).hasSize(limit).isEqualTo(single.get("bars"));
        }
        assertThat(lines.get("AAPL.NYSE").get("code").stringValue()).isEqualTo("SYMBOL_NOT_FOUND");
        assertThat(lines.get("stats").at("/stats/succeeded").intValue()).isEqualTo(3);
    }

    /** The lines of a batch by their symbols, and {@code expected} and {@code stats}. */
    private Map<String, JsonNode> batch(String path, String body) throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        var lines = new HashMap<String, JsonNode>();
        answer.body().lines().map(mapper::readTree).forEach(line -> {
            var name = line.has("symbol")
                    ? line.get("symbol").stringValue()
                    : line.propertyNames().iterator().next();
            assertThat(lines.put(name, line)).as(name).isNull();
        });
        return lines;
    }

    /** A client of the stream; each message that is read is checked against the contract. */
    private final class Listener implements WebSocket.Listener, AutoCloseable {
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final WebSocket socket = client.newWebSocketBuilder()
                .subprotocols("kis-gateway.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), this)
                .join();

        void send(String message) {
            socket.sendText(message, true).join();
        }

        /** The next message with this channel or operation. */
        JsonNode next(String fragment) throws InterruptedException {
            while (true) {
                var message = messages.poll(20, TimeUnit.SECONDS);
                assertThat(message).as("a message %s", fragment).isNotNull();
                contract.message(message);
                if (message.path("ch").asString("").equals(fragment)
                        || message.path("op").asString("").equals(fragment)) {
                    return message;
                }
            }
        }

        /** The next final bar that meets the condition; the clock advances until it is published. */
        JsonNode bar(String fragment, Predicate<JsonNode> expected) throws InterruptedException {
            var jumped = System.nanoTime();
            while (true) {
                var message = messages.poll(100, TimeUnit.MILLISECONDS);
                if (System.nanoTime() - jumped > 100_000_000) {
                    // A minute passes until one is over and its missing trades are requested from KIS.
                    assertThat(ahead.updateAndGet(by -> by.plusSeconds(2)))
                            .as("until a message %s", fragment)
                            .isLessThan(Duration.ofMinutes(10));
                    jumped = System.nanoTime();
                }
                if (message == null) {
                    continue;
                }
                contract.message(message);
                if (message.path("ch").asString("").equals(fragment)
                        && message.path("final").asBoolean(false)
                        && expected.test(message)) {
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
}
