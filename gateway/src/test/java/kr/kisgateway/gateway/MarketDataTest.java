package kr.kisgateway.gateway;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.instrument.MasterFileServer;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Instruments, books and market-wide figures of a whole gateway with its simulator, tested from outside. */
@Requirement("P-04")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class MarketDataTest {
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final MasterFileServer masters = new MasterFileServer();
    private Gateway gateway;
    private Contract contract;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        masters.stall();
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                Map.of(
                        "KIS_MASTER_URL",
                        masters.base().toString(),
                        "KIS_CACHE_TTL_RANKING",
                        "1h",
                        "KIS_WS_SYMBOLS",
                        "005930",
                        // Calls fail on purpose here; the other tests must not wait for the breaker.
                        "KIS_API_CIRCUIT_BREAKER_TIMEOUT",
                        "50ms"),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        gateway = Gateway.start(((SettingsResult.Loaded) loaded).settings());
        contract = new Contract(mapper.readTree(get("/openapi.json").body()));
        until(() -> ok("/v1/quotes/005930"));
    }

    @AfterAll
    void stop() {
        gateway.close();
        masters.close();
        client.close();
    }

    @Test
    void the_gateway_starts_and_lists_while_the_master_files_are_delayed() throws Exception {
        until(() -> masters.requests.get() > 0);
        assertThat(json("/v1/instruments/{symbol}", "/v1/instruments/000660")
                        .get("listing_source")
                        .stringValue())
                .isEqualTo("shipped");
    }

    @Test
    void an_instrument_has_the_limits_kis_reported_today() throws Exception {
        assertThat(ok("/v1/quotes/035720")).isTrue();
        var kakao = json("/v1/instruments/{symbol}", "/v1/instruments/035720");
        assertThat(kakao.get("upper_limit").longValue())
                .isGreaterThan(kakao.get("tick_at").longValue());
        assertThat(kakao.get("lower_limit").longValue()).isPositive();
        assertThat(kakao.get("tick_price").stringValue()).isEqualTo("LAST");
        assertThat(kakao.get("halted").booleanValue()).isFalse();
        json("/v1/instruments", "/v1/instruments?q=" + URLEncoder.encode("ㅋㅋㅇ", StandardCharsets.UTF_8));
        json("/v1/instruments", "/v1/instruments?market=US&limit=3");
        json("/v1/instruments/{symbol}", "/v1/instruments/AAPL.NASD");
    }

    @Test
    void a_book_without_subscribers_comes_from_rest_with_ten_levels() throws Exception {
        var book = json("/v1/orderbooks/{symbol}", "/v1/orderbooks/000660");
        assertThat(book.get("source").stringValue()).isEqualTo("kis-rest");
        assertThat(book.get("bids")).hasSize(10);
        assertThat(book.get("asks")).hasSize(10);
        assertThat(book.get("best_bid").longValue())
                .isEqualTo(book.at("/bids/0/price").longValue());
        assertThat(book.get("best_ask").longValue())
                .isEqualTo(book.at("/asks/0/price").longValue());
        assertThat(book.get("spread").longValue())
                .isEqualTo(
                        book.get("best_ask").longValue() - book.get("best_bid").longValue())
                .isPositive();
        assertThat(book.at("/bids/1/price").longValue())
                .isLessThan(book.get("best_bid").longValue());
        assertThat(book.get("total_bid_qty").longValue())
                .isGreaterThanOrEqualTo(book.at("/bids/0/qty").longValue());
        assertThat(book.get("expected").isNull()).isTrue();
        refused(400, "INVALID_SYMBOL", "/v1/orderbooks/{symbol}", "/v1/orderbooks/5930");
        refused(404, "SYMBOL_NOT_FOUND", "/v1/orderbooks/{symbol}", "/v1/orderbooks/ZZZZZZ");
    }

    @Test
    void a_book_with_a_subscriber_is_the_pushed_one_until_the_subscriber_leaves() throws Exception {
        var socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/v1/stream"), new WebSocket.Listener() {})
                .get(30, TimeUnit.SECONDS);
        socket.sendText("{\"op\":\"subscribe\",\"channels\":[\"books\"],\"symbols\":[\"035420\"]}", true)
                .get(30, TimeUnit.SECONDS);
        until(() -> source("/v1/orderbooks/035420").equals("kis-ws"));
        var book = json("/v1/orderbooks/{symbol}", "/v1/orderbooks/035420");
        assertThat(book.get("ts_ms").longValue()).isPositive();
        socket.abort();
        until(() -> source("/v1/orderbooks/035420").equals("kis-rest"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"volume", "turnover", "volume-growth", "turnover-rate", "gainers", "losers", "market-cap"})
    void a_ranking_has_thirty_ordered_places(String kind) throws Exception {
        var ranking = json("/v1/rankings/{kind}", "/v1/rankings/" + kind);
        assertThat(ranking.get("kind").stringValue()).isEqualTo(kind);
        var places = ranking.get("places");
        assertThat(places).hasSize(30);
        for (int i = 1; i < places.size(); i++) {
            assertThat(places.get(i).get("rank").intValue()).isEqualTo(i + 1);
            switch (kind) {
                case "gainers" ->
                    assertThat(decimal(places.get(i), "change_pct"))
                            .isLessThanOrEqualTo(decimal(places.get(i - 1), "change_pct"));
                case "losers" ->
                    assertThat(decimal(places.get(i), "change_pct"))
                            .isGreaterThanOrEqualTo(decimal(places.get(i - 1), "change_pct"));
                case "market-cap" ->
                    assertThat(decimal(places.get(i), "market_cap"))
                            .isLessThanOrEqualTo(decimal(places.get(i - 1), "market_cap"));
                case "volume-growth" ->
                    assertThat(decimal(places.get(i), "volume_growth_pct"))
                            .isBetween(BigDecimal.ONE, decimal(places.get(i - 1), "volume_growth_pct"));
                case "turnover-rate" ->
                    assertThat(decimal(places.get(i), "turnover_rate_pct"))
                            .isLessThanOrEqualTo(decimal(places.get(i - 1), "turnover_rate_pct"));
                default -> assertThat(places.get(i).get("volume").longValue()).isNotNegative();
            }
        }
        assertThat(json("/v1/rankings/{kind}", "/v1/rankings/" + kind + "?limit=3")
                        .get("places"))
                .hasSize(3);
    }

    @Test
    void a_change_rate_is_the_same_in_a_quote_and_in_every_ranking() throws Exception {
        for (var kind : List.of("volume", "turnover", "gainers", "losers", "market-cap")) {
            for (var place : json("/v1/rankings/{kind}", "/v1/rankings/" + kind + "?limit=8")
                    .get("places")) {
                var code = place.get("symbol").stringValue();
                var quote = json("/v1/quotes/{symbol}", "/v1/quotes/" + code);
                for (var answer : List.of(place, quote)) {
                    var change = decimal(answer, "change");
                    var base = decimal(answer, "price").subtract(change);
                    assertThat(decimal(answer, "change_pct"))
                            .as("%s in %s: %s", code, kind, answer)
                            .isEqualByComparingTo(change.movePointRight(2).divide(base, 2, RoundingMode.HALF_UP));
                }
            }
        }
    }

    @Test
    @Requirement("P-07")
    void a_ranking_is_cached_as_long_as_configured() throws Exception {
        var first = json("/v1/rankings/{kind}", "/v1/rankings/turnover");
        var quote = json("/v1/indices/{code}", "/v1/indices/0001");
        // The index has its default of two seconds, the ranking an hour.
        until(() -> {
            var later = jsonOf("/v1/indices/0001");
            return later.get("ts_ms").longValue() > quote.get("ts_ms").longValue();
        });
        var later = json("/v1/rankings/{kind}", "/v1/rankings/turnover");
        assertThat(later.get("ts_ms")).isEqualTo(first.get("ts_ms"));
        assertThat(decimal(later, "freshness_sec")).isGreaterThan(decimal(first, "freshness_sec"));
    }

    @Test
    void indices_are_returned_one_by_one_and_together() throws Exception {
        var kospi = json("/v1/indices/{code}", "/v1/indices/0001");
        assertThat(kospi.get("name").stringValue()).isEqualTo("KOSPI");
        assertThat(decimal(kospi, "value")).isPositive();
        assertThat(jsonOf("/v1/indices/0003").get("name").stringValue()).isEqualTo("KOSPI Mid Cap");
        assertThat(jsonOf("/v1/indices/0013").get("name").isNull())
                .as("an industry")
                .isTrue();
        assertThat(decimal(kospi, "low")).isLessThanOrEqualTo(decimal(kospi, "high"));
        var all = json("/v1/indices", "/v1/indices");
        assertThat(all.get("indices"))
                .extracting(index -> index.get("code").stringValue())
                .containsExactly("0001", "1001", "2001");
        assertThat(all.get("failed")).isEmpty();
        refused(400, "INVALID_FIELD", "/v1/indices/{code}", "/v1/indices/KOSPI");
    }

    @Test
    void an_unknown_index_is_not_found_with_the_code_of_a_near_one() throws Exception {
        refused(404, "SYMBOL_NOT_FOUND", "/v1/indices/{code}", "/v1/indices/9999");
        refused(404, "SYMBOL_NOT_FOUND", "/v1/indices/{code}", "/v1/indices/2099");
        assertThat(jsonOf("/v1/indices/9999").at("/details").has("suggestion")).isFalse();
        assertThat(jsonOf("/v1/indices/2011").at("/details/suggestion").stringValue())
                .isEqualTo("2001");
        assertThat(jsonOf("/v1/indices/KOSPI").at("/details/suggestion").stringValue())
                .isEqualTo("0001");
        assertThat(jsonOf("/v1/indices/kospi200").at("/details/suggestion").stringValue())
                .isEqualTo("2001");
    }

    @Test
    void investors_trading_is_returned_by_day_and_the_groups_balance() throws Exception {
        var investors = json("/v1/investors/{symbol}", "/v1/investors/005930");
        assertThat(investors.get("days").size()).isGreaterThan(5);
        var secondDay = investors.get("days").get(1);
        assertThat(secondDay.get("persons").get("bought_qty").longValue()
                        - secondDay.get("persons").get("sold_qty").longValue())
                .isEqualTo(secondDay.get("persons").get("net_qty").longValue());
        assertThat(secondDay.get("persons").get("net_amount").longValue() % 1_000_000)
                .isZero();
        refused(404, "SYMBOL_NOT_FOUND", "/v1/investors/{symbol}", "/v1/investors/ZZZZZZ");
    }

    @Test
    void an_etf_has_a_net_asset_value_and_a_stock_has_none() throws Exception {
        var nav = json("/v1/etf/{symbol}/nav", "/v1/etf/069500/nav");
        assertThat(decimal(nav, "nav")).isPositive();
        assertThat(nav.get("price").longValue()).isPositive();
        assertThat(nav.get("shares").longValue())
                .isEqualTo(Instruments.load()
                        .find(new Symbol("069500"))
                        .orElseThrow()
                        .listedShares());
        var refused = refused(400, "INVALID_FIELD", "/v1/etf/{symbol}/nav", "/v1/etf/005930/nav");
        assertThat(refused.get("message").stringValue()).contains("stock");
    }

    @Test
    void the_market_reports_its_phase() throws Exception {
        var status = json("/v1/market/status", "/v1/market/status");
        assertThat(status.get("markets"))
                .extracting(market -> market.get("market").stringValue())
                .containsExactly("KRX", "NXT", "NASD", "NYSE", "AMEX");
        assertThat(status.at("/markets/0/session").stringValue()).isEqualTo("REGULAR");
    }

    @Test
    void invalid_market_data_requests_are_refused_by_name() throws Exception {
        var refused = refused(400, "INVALID_FIELD", "/v1/rankings/{kind}", "/v1/rankings/worst");
        assertThat(refused.get("message").stringValue()).contains("volume, turnover", "market-cap");
        refused(400, "INVALID_FIELD", "/v1/rankings/{kind}", "/v1/rankings/volume?limit=31");
    }

    @Test
    @Requirement("A-09")
    @Requirement(value = "G-13", clause = "last-value")
    void while_kis_refuses_the_last_answers_are_returned_as_stale() throws Exception {
        json("/v1/etf/{symbol}/nav", "/v1/etf/069500/nav");
        json("/v1/orderbooks/{symbol}", "/v1/orderbooks/051910");
        fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-asking-price\",\"for\":\"5m\"}}");
        try {
            until(() ->
                    jsonOf("/v1/orderbooks/051910").path("state").asString("").equals("STALE"));
            var book = json("/v1/orderbooks/{symbol}", "/v1/orderbooks/051910");
            assertThat(book.get("source").stringValue()).isEqualTo("cache");
            refused(503, "QUOTE_UNAVAILABLE", "/v1/orderbooks/{symbol}", "/v1/orderbooks/068270");
        } finally {
            fault("{\"clear\":true}");
            // The other tests of the class share this breaker, which closes after a number of trial calls.
            for (var symbol : List.of(
                    "003550", "003670", "005380", "005490", "006400", "009150", "012330", "017670", "028260",
                    "032830")) {
                until(() -> ok("/v1/orderbooks/" + symbol));
            }
        }
    }

    private void fault(String rule) throws Exception {
        var simulator = URI.create("http://127.0.0.1:" + gateway.simulatorPort().orElseThrow() + "/simulator/faults");
        var answer = client.send(
                HttpRequest.newBuilder(simulator)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(rule))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static BigDecimal decimal(JsonNode node, String field) {
        return node.get(field).decimalValue();
    }

    private String source(String path) {
        return jsonOf(path).path("source").asString("");
    }

    /** The answer of a path that must be 200 and meet the contract. */
    private JsonNode json(String template, String path) throws Exception {
        var answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        contract.check("GET", template, answer);
        return mapper.readTree(answer.body());
    }

    private JsonNode refused(int status, String code, String template, String path) throws Exception {
        var answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        contract.check("GET", template, answer);
        var body = mapper.readTree(answer.body());
        assertThat(body.get("code").stringValue()).isEqualTo(code);
        return body;
    }

    private JsonNode jsonOf(String path) {
        try {
            return mapper.readTree(get(path).body());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private boolean ok(String path) {
        try {
            return get(path).statusCode() == 200;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(gateway.baseUri().resolve(path)).build(), BodyHandlers.ofString());
    }
}
