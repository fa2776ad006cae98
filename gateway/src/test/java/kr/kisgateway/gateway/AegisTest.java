package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** {@code /api/v3.0} and {@code /api/v3.1} of a whole gateway beside {@code /v1}, which has the same values. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class AegisTest {
    private static final String HYNIX = "000660";

    private GatewayFixture gateway;

    @BeforeAll
    void start(@TempDir Path folder) {
        // Values of one second could differ between two calls on a slow machine.
        gateway = GatewayFixture.start(
                folder,
                Duration.ZERO,
                Map.of(
                        "KIS_CACHE_TTL_PRICE", "5",
                        "KIS_CACHE_TTL_ORDERBOOK", "5",
                        "KIS_API_CIRCUIT_BREAKER_THRESHOLD", "1000"));
        gateway.awaitReady();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @AfterEach
    void endFaults() {
        gateway.fault("{\"clear\":true}");
    }

    private JsonNode ok(String version, String tr, String query) {
        String path = "/api/" + version + "/tr/" + tr;
        var answer = gateway.get(path + "?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        gateway.contract().check("GET", path, answer);
        var json = gateway.tree(answer);
        assertThat(json.path("rsp_cd").asString("")).as(answer.body()).isEqualTo("1");
        return json.path("data");
    }

    private JsonNode posted(String version, String tr, String body) {
        String path = "/api/" + version + "/tr/" + tr;
        var answer = gateway.send("POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        gateway.contract().check("POST", path, answer);
        return gateway.tree(answer).path("data");
    }

    private HttpResponse<String> order(String version, String body, String key) {
        return gateway.send("POST", "/api/" + version + "/orders", body, "Idempotency-Key", key);
    }

    private static String buy(String symbol, int qty) {
        return "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\",\"side\":\"BUY\",\"qty\":" + qty + "}";
    }

    private String code(HttpResponse<String> answer) {
        return gateway.tree(answer).path("rsp_cd").asString("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v3.0", "v3.1"})
    void t1101_has_the_price_and_the_book_of_v1(String version) {
        // Trades and orders arrive between the calls: they are repeated until all see the same.
        Await.until(() -> {
            var quote = gateway.json("/v1/quotes/" + HYNIX);
            var book = gateway.json("/v1/orderbooks/" + HYNIX);
            var tr = ok(version, "t1101", "shcode=" + HYNIX);
            if (!tr.path("volume").equals(quote.path("volume"))
                    || !tr.path("offer").equals(book.path("total_ask_qty"))
                    || !tr.path("bid").equals(book.path("total_bid_qty"))) {
                return false;
            }
            assertThat(tr.path("shcode")).isEqualTo(quote.path("symbol"));
            assertThat(tr.path("hname")).isEqualTo(quote.path("name"));
            for (var names : List.of(
                    "price price",
                    "change change",
                    "diff change_pct",
                    "value turnover",
                    "jnilclose prev_close",
                    "open open",
                    "high high",
                    "low low",
                    "source source",
                    "state state")) {
                String[] pair = names.split(" ");
                assertThat(tr.path(pair[0])).as(names).isEqualTo(quote.path(pair[1]));
            }
            for (int level = 1; level <= 10; level++) {
                assertLevel(tr, "offer", level, book.path("asks").path(level - 1));
                assertLevel(tr, "bid", level, book.path("bids").path(level - 1));
            }
            assertThat(tr.path("hotime").asString(""))
                    .isEqualTo(book.path("book_time").asString("").replace(":", ""));
            if (version.equals("v3.1")) {
                assertThat(tr.path("marketCap")).isEqualTo(quote.path("market_cap"));
            }
            return true;
        });
        assertThat(posted(version, "t1101", "{\"shcode\":\"" + HYNIX + "\"}")
                        .path("hname")
                        .asString(""))
                .isEqualTo("SK하이닉스");
    }

    private static void assertLevel(JsonNode tr, String side, int level, JsonNode inBook) {
        assertThat(tr.path(side + "ho" + level).asLong(-1))
                .isEqualTo(inBook.path("price").asLong(0));
        assertThat(tr.path(side + "rem" + level).asLong(-1))
                .isEqualTo(inBook.path("qty").asLong(0));
    }

    @Test
    @Requirement(value = "A-25", clause = "versions")
    void market_capitalization_is_in_3_1_alone_and_there_also_for_a_pushed_price() {
        assertThat(ok("v3.0", "t1101", "shcode=" + HYNIX).has("marketCap")).isFalse();
        assertThat(ok("v3.1", "t1101", "shcode=" + HYNIX).path("marketCap").asLong(0))
                .isPositive();
        Await.until(() -> {
            var pushed = ok("v3.1", "t1101", "shcode=005930");
            if (!pushed.path("source").asString("").equals("kis-ws")) {
                return false;
            }
            long shares =
                    gateway.json("/v1/instruments/005930").path("listed_shares").asLong(0);
            assertThat(pushed.path("marketCap").asLong())
                    .isEqualTo(shares * pushed.path("price").asLong());
            return true;
        });
    }

    @ParameterizedTest
    @CsvSource({"v3.0, 1, D", "v3.1, 1, D", "v3.1, 2, W", "v3.0, 3, M"})
    void t1305_has_the_bars_of_v1_and_continues_where_an_answer_ended(String version, String dwmcode, String period) {
        String last = "date=20261113";
        var bars = gateway.json("/v1/bars/005930?period=" + period + "&limit=6&to=2026-11-13")
                .path("bars");
        var first = ok(version, "t1305", "shcode=005930&cnt=4&dwmcode=" + dwmcode + "&" + last);
        assertThat(first.path("cnt").asInt()).isEqualTo(4);
        var rows = new ArrayList<>(first.path("list").valueStream().toList());
        var next = posted(
                version,
                "t1305",
                "{\"shcode\":\"005930\",\"cnt\":2,\"dwmcode\":" + dwmcode + ",\"date\":\"20261113\",\"cts_date\":"
                        + first.path("cts_date") + "}");
        rows.addAll(next.path("list").valueStream().toList());
        assertThat(rows).hasSize(6);
        for (int i = 0; i < rows.size(); i++) {
            var bar = bars.path(i);
            assertThat(rows.get(i).path("date").asString(""))
                    .isEqualTo(bar.path("date").asString("").replace("-", ""));
            assertRow(rows.get(i), bar);
        }
    }

    private static void assertRow(JsonNode row, JsonNode bar) {
        for (var name : List.of("open", "high", "low", "close", "volume")) {
            assertThat(row.path(name)).as(name).isEqualTo(bar.path(name));
        }
        assertThat(row.path("value")).isEqualTo(bar.path("turnover"));
    }

    @ParameterizedTest
    @CsvSource({"v3.0, 5, 5m", "v3.1, 1, 1m", "v3.1, 30, 30m"})
    void t8412_has_the_bars_of_v1_oldest_first_and_continues_where_an_answer_ended(
            String version, String ncnt, String period) {
        var bars = gateway.json("/v1/bars/" + HYNIX + "?period=" + period + "&limit=5&to=2026-11-13")
                .path("bars");
        var first = ok(version, "t8412", "shcode=" + HYNIX + "&qrycnt=3&edate=20261113&ncnt=" + ncnt);
        var older = posted(
                version,
                "t8412",
                "{\"shcode\":\"" + HYNIX + "\",\"qrycnt\":\"2\",\"edate\":\"20261113\",\"ncnt\":" + ncnt
                        + ",\"cts_date\":" + first.path("cts_date") + ",\"cts_time\":" + first.path("cts_time") + "}");
        var rows = new ArrayList<>(older.path("list").valueStream().toList());
        rows.addAll(first.path("list").valueStream().toList());
        assertThat(rows).hasSize(5);
        for (int i = 0; i < rows.size(); i++) {
            var bar = bars.path(rows.size() - 1 - i);
            var begin = Instant.ofEpochSecond(bar.path("ts").asLong()).atZone(TradingCalendar.SEOUL);
            assertThat(rows.get(i).path("date").asString("")
                            + rows.get(i).path("time").asString(""))
                    .isEqualTo(DateTimeFormatter.ofPattern("uuuuMMddHHmmss").format(begin));
            assertRow(rows.get(i), bar);
        }
    }

    @Test
    @Requirement(value = "A-28", clause = "orders")
    void t0424_shows_an_order_of_v3_at_once_and_is_requested_by_each_call() {
        var placed = order("v3.1", buy("035720", 3), "aegis-balance");
        assertThat(code(placed)).as(placed.body()).isEqualTo("1");
        gateway.contract().check("POST", "/api/v3.1/orders", placed);
        String id = gateway.tree(placed).at("/data/order_id").asString("");
        Await.until(() ->
                gateway.json("/v1/orders/" + id).path("status").asString("").equals("FILLED"));

        var balance = ok("v3.0", "t0424", "account=A1");
        var held = balance.path("list")
                .valueStream()
                .filter(it -> it.path("expcode").asString("").equals("035720"))
                .findFirst()
                .orElseThrow();
        var position = gateway.json("/v1/positions?account_id=A1")
                .valueStream()
                .filter(it -> it.path("symbol").asString("").equals("035720"))
                .findFirst()
                .orElseThrow();
        assertThat(held.path("janqty").asInt()).isEqualTo(3);
        for (var names : List.of("hname name", "janqty qty", "mdposqt sellable_qty", "pamt avg_price", "mamt cost")) {
            String[] pair = names.split(" ");
            assertThat(held.path(pair[0])).as(names).isEqualTo(position.path(pair[1]));
        }
        assertThat(held.path("appamt").asLong())
                .isEqualTo(3 * held.path("price").asLong());
        assertThat(balance.path("sunamt1"))
                .isEqualTo(gateway.json("/v1/balances?account_id=A1").path(0).path("deposit_in_two_days"));
        var fills = balance.path("executions")
                .valueStream()
                .filter(it -> it.path("order_id").asString("").equals(id))
                .toList();
        assertThat(fills.stream().mapToInt(it -> it.path("cheqty").asInt()).sum())
                .isEqualTo(3);
        var fill =
                gateway.json("/v1/executions?order_id=" + id).path("executions").path(0);
        assertThat(fills.getFirst().path("ordno")).isEqualTo(fill.path("kis_order_no"));
        assertThat(fills.getFirst().path("cheprice")).isEqualTo(fill.path("price"));
        assertThat(fills.getFirst().path("medosu").asString("")).isEqualTo("2");

        long calls = gateway.brokerCalls("inquire-balance");
        for (int i = 0; i < 3; i++) {
            ok("v3.1", "t0424", "account=A1");
        }
        assertThat(gateway.brokerCalls("inquire-balance")).isGreaterThanOrEqualTo(calls + 3);
    }

    @Test
    void the_order_entry_is_that_of_v1_with_the_same_keys() {
        var first = gateway.send("POST", "/v1/orders", buy("005930", 1), "Idempotency-Key", "shared");
        var again = order("v3.0", buy("005930", 1), "shared");
        assertThat(code(again)).as(again.body()).isEqualTo("1");
        assertThat(again.headers().firstValue("Idempotent-Replay")).hasValue("true");
        assertThat(gateway.tree(again).path("data")).isEqualTo(gateway.tree(first));
        var other = order("v3.1", buy("005930", 2), "shared");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(code(other)).isEqualTo("2");
        assertThat(other.body()).contains("IDEMPOTENCY_KEY_BODY_MISMATCH");
    }

    @Test
    @Requirement(value = "A-28", clause = "codes")
    void a_failed_order_has_code_2_a_line_in_the_log_and_one_alert_until_an_order_is_accepted() {
        var log = (Logger) LoggerFactory.getLogger("gateway.aegis");
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        log.setLevel(Level.WARN);
        log.addAppender(lines);
        for (int i = 0; i < 3; i++) {
            var refused = order("v3.1", buy("005930", 0), "failing-" + i);
            assertThat(refused.statusCode()).isEqualTo(400);
            gateway.contract().check("POST", "/api/v3.1/orders", refused);
            var json = gateway.tree(refused);
            assertThat(json.path("rsp_cd").asString("")).isEqualTo("2");
            assertThat(json.path("rsp_msg").asString("")).startsWith("Order failed (주문 실패): INVALID_QTY: ");
            assertThat(json.at("/data/code").asString("")).isEqualTo("INVALID_QTY");
        }
        log.detachAppender(lines);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(3)
                .allMatch(line ->
                        line.startsWith("order_failed version=v3.1 rsp_cd=2 code=INVALID_QTY by=local trace_id="));
        var open = gateway.alerts("aegis_order_failed").stream()
                .filter(it -> it.path("settled_at").isNull())
                .toList();
        assertThat(open).hasSize(1);
        assertThat(open.getFirst().path("message").asString("")).contains("rsp_cd 2", "INVALID_QTY");

        assertThat(code(order("v3.0", buy("005930", 1), "accepted"))).isEqualTo("1");
        assertThat(gateway.alerts("aegis_order_failed"))
                .allMatch(alert -> !alert.path("settled_at").isNull());
    }

    @Test
    @Requirement(value = "A-05", clause = "error-901")
    @Requirement(value = "A-28", clause = "codes")
    void a_batch_without_an_accepted_order_is_901_in_3_1_and_2_in_3_0() {
        String bad = "{\"orders\":[" + buy("005930", 0).replace("}", ",\"idempotency_key\":\"b1\"}") + ","
                + buy("ZZZZZZ", 1).replace("}", ",\"idempotency_key\":\"b2\"}") + "]}";
        for (var version : Map.of("v3.0", "2", "v3.1", "901").entrySet()) {
            String path = "/api/" + version.getKey() + "/orders/batch";
            var answer = gateway.send("POST", path, bad);
            assertThat(answer.statusCode()).isEqualTo(400);
            gateway.contract().check("POST", path, answer);
            assertThat(code(answer)).as(answer.body()).isEqualTo(version.getValue());
            assertThat(gateway.tree(answer).at("/data/details/orders")).hasSize(2);
        }
        String mixed = bad.replace("\"qty\":0", "\"qty\":1");
        var answer = gateway.send("POST", "/api/v3.1/orders/batch", mixed);
        gateway.contract().check("POST", "/api/v3.1/orders/batch", answer);
        assertThat(code(answer)).as(answer.body()).isEqualTo("1");
        assertThat(gateway.tree(answer).at("/data/refused").asInt()).isEqualTo(1);
    }

    @Test
    @Requirement(value = "A-28", clause = "codes")
    void a_broken_connection_is_code_8_after_at_most_three_reconnects() {
        String path = "inquire-daily-itemchartprice";
        gateway.fault("{\"refuse_connections\":{\"on\":\"queries\",\"path\":\"" + path + "\",\"count\":100}}");
        long before = gateway.brokerCalls(path);
        var answer = gateway.get("/api/v3.1/tr/t1305?shcode=051910");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        gateway.contract().check("GET", "/api/v3.1/tr/t1305", answer);
        assertThat(code(answer)).as(answer.body()).isEqualTo("8");
        assertThat(gateway.tree(answer).path("rsp_msg").asString(""))
                .startsWith("No connection to KIS (접속 오류): BARS_UNAVAILABLE: ");
        assertThat(gateway.brokerCalls(path) - before)
                .as("the call and its repetitions, each over a new connection")
                .isBetween(2L, 4L);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        gateway.fault("{\"clear\":true}");
        ok("v3.1", "t1305", "shcode=051910");
    }

    @Test
    @Requirement(value = "A-28", clause = "codes")
    void a_delayed_answer_is_code_9_and_says_that_it_is_in_progress() {
        gateway.fault("{\"unanswered_before\":{\"on\":\"queries\",\"path\":\"inquire-price\",\"for\":\"1m\"}}");
        var answer = gateway.get("/api/v3.0/tr/t1101?shcode=035420");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(504);
        assertThat(code(answer)).as(answer.body()).isEqualTo("9");
        assertThat(gateway.tree(answer).path("rsp_msg").asString(""))
                .startsWith("In progress (처리 중): UPSTREAM_TIMEOUT: ");
    }

    @Test
    @Requirement(value = "A-28", clause = "codes")
    void a_value_that_is_not_current_comes_with_code_9() {
        ok("v3.1", "t0424", "account=A1");
        gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-balance\",\"for\":\"5m\"}}");
        var stale = gateway.get("/api/v3.1/tr/t0424?account=A1");
        assertThat(stale.statusCode()).as(stale.body()).isEqualTo(200);
        gateway.contract().check("GET", "/api/v3.1/tr/t0424", stale);
        assertThat(code(stale)).as(stale.body()).isEqualTo("9");
        assertThat(gateway.tree(stale).at("/data/state").asString("")).isEqualTo("STALE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  | tr/t1101                                     | 400 | MISSING_FIELD
            GET  | tr/t1101?shcode=5930                         | 400 | INVALID_SYMBOL
            GET  | tr/t1101?shcode=ZZZZZZ                       | 404 | SYMBOL_NOT_FOUND
            GET  | tr/t1101?shcode=AAPL.NASD                    | 501 | UNSUPPORTED_BY_SOURCE
            GET  | tr/t1101?shcode=005930&cnt=1                 | 400 | INVALID_FIELD
            GET  | tr/t1101?shcode=005930&shcode=000660         | 400 | INVALID_FIELD
            GET  | tr/t1305?shcode=005930&dwmcode=4             | 400 | INVALID_FIELD
            GET  | tr/t1305?shcode=005930&cnt=0                 | 400 | INVALID_FIELD
            GET  | tr/t1305?shcode=005930&cnt=1001              | 400 | INVALID_FIELD
            GET  | tr/t1305?shcode=005930&date=2026-11-20       | 400 | INVALID_FIELD
            GET  | tr/t1305?shcode=005930&date=29991231         | 400 | INVALID_FIELD
            GET  | tr/t1305?shcode=005930&date=18991231         | 400 | INVALID_FIELD
            GET  | tr/t8412?shcode=005930&ncnt=7                | 400 | INVALID_FIELD
            GET  | tr/t8412?shcode=005930&sdate=20261113&edate=20261112 | 400 | INVALID_FIELD
            GET  | tr/t8412?shcode=005930&cts_date=20261113     | 400 | INVALID_FIELD
            GET  | tr/t8412?shcode=005930&cts_date=20261113&cts_time=2500 | 400 | INVALID_FIELD
            GET  | tr/t0424                                     | 400 | MISSING_FIELD
            GET  | tr/t0424?account=B7                          | 404 | ACCOUNT_NOT_FOUND
            GET  | tr/t9999                                     | 404 | NOT_FOUND
            GET  | orders                                       | 405 | METHOD_NOT_ALLOWED
            POST | tr/t1101 {"shcode":"005930","cnt":1}         | 400 | UNKNOWN_FIELD
            POST | tr/t1101 {"shcode":["005930"]}               | 400 | INVALID_FIELD
            POST | tr/t1101 {"shcode":"005930","shcode":"1"}    | 400 | MALFORMED_JSON
            POST | tr/t1101 []                                  | 400 | MALFORMED_JSON
            POST | tr/t1305 {"shcode":"005930","cnt":1.5}       | 400 | INVALID_FIELD
            """)
    void what_is_no_failure_of_an_order_has_its_status_as_code(String method, String call, int status, String code) {
        int body = call.indexOf(" ");
        var answer = gateway.send(
                method,
                "/api/v3.1/" + (body < 0 ? call : call.substring(0, body)),
                body < 0 ? "" : call.substring(body + 1));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        var json = gateway.tree(answer);
        assertThat(json.path("rsp_cd").asString("")).isEqualTo(Integer.toString(status));
        assertThat(json.at("/data/code").asString("")).as(answer.body()).isEqualTo(code);
        assertThat(json.path("rsp_msg").asString("")).startsWith("Refused (거부): " + code + ": ");
    }

    @Test
    @Requirement(value = "A-25", clause = "versions")
    void every_answer_of_3_0_announces_its_end_six_months_ahead_and_none_of_3_1() {
        for (var path : List.of("tr/t1101?shcode=005930", "tr/t1101", "tr/none", "stream")) {
            var old = gateway.get("/api/v3.0/" + path);
            String since = old.headers().firstValue("Deprecation").orElse("");
            assertThat(since).as(path).matches("@[0-9]+");
            var deprecated = Instant.ofEpochSecond(Long.parseLong(since.substring(1)))
                    .atZone(TradingCalendar.SEOUL)
                    .toLocalDate();
            var sunset = DateTimeFormatter.RFC_1123_DATE_TIME
                    .parse(old.headers().firstValue("Sunset").orElse(""), Instant::from)
                    .atZone(TradingCalendar.SEOUL)
                    .toLocalDate();
            assertThat(sunset).isEqualTo(deprecated.plusMonths(6));
            assertThat(old.headers().firstValue("Link")).hasValue("</api/v3.1/>; rel=\"successor-version\"");

            var present = gateway.get("/api/v3.1/" + path);
            assertThat(present.headers().map()).doesNotContainKeys("deprecation", "sunset", "link");
        }
        var versions = gateway.json("/v1/versions").path("versions");
        assertThat(versions.valueStream().map(it -> it.path("version").asString("")))
                .containsExactly("1.0.0", "3.0.0", "3.1.0");
        assertThat(LocalDate.parse(versions.path(1).path("sunset_on").asString("")))
                .isEqualTo(
                        LocalDate.parse(versions.path(1).path("deprecated_on").asString(""))
                                .plusMonths(6));
    }

    @Test
    @Requirement(value = "A-25", clause = "share")
    void the_calls_of_each_version_are_counted_and_their_share_is_visible() {
        var before = calls();
        for (int i = 0; i < 4; i++) {
            gateway.get("/api/v3.1/tr/t1101?shcode=005930");
        }
        gateway.get("/api/v3.0/tr/t1101");
        gateway.get("/health/live");
        var answer = gateway.get("/v1/versions");
        gateway.contract().check("GET", "/v1/versions", answer);
        var versions = gateway.tree(answer).path("versions");
        var after = calls();
        assertThat(after.get(2) - before.get(2)).isEqualTo(4);
        assertThat(after.get(1) - before.get(1)).isEqualTo(1);
        assertThat(after.get(0) - before.get(0)).isEqualTo(2);
        double all = versions.valueStream()
                .mapToLong(it -> it.path("calls").asLong())
                .sum();
        for (var version : versions) {
            assertThat(version.path("share_pct").asDouble(-1))
                    .isCloseTo(version.path("calls").asLong() * 100 / all, org.assertj.core.data.Offset.offset(0.051));
            assertThat(version.path("last_call_ms").asLong(0)).isPositive();
        }
        assertThat(gateway.get("/metrics").body())
                .contains(
                        "kis_gateway_api_calls_total{version=\"v3.0\"}",
                        "kis_gateway_api_calls_total{version=\"v3.1\"}");
    }

    private List<Long> calls() {
        return gateway.json("/v1/versions")
                .path("versions")
                .valueStream()
                .map(it -> it.path("calls").asLong())
                .toList();
    }
}
