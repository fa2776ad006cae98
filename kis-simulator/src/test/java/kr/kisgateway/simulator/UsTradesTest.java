package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The last trades of US stocks without a subscriber, over a socket. */
@Tag("slow")
class UsTradesTest {
    /** Dollars of a typical trade: 500,000 won. */
    private static final double TRADE_VALUE = 500_000 / 1_400.0;

    @TempDir
    Path folder;

    private KisSimulator simulator;
    private CatalogCalls calls;

    @BeforeEach
    void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("us-trades.db"))
                .withSeed(7)
                .withTime(
                        new OpenCalendar(),
                        InstantSource.fixed(LocalDateTime.parse("2026-11-20T10:30:30")
                                .atZone(TradingCalendar.SEOUL)
                                .toInstant()))
                .withRates(100_000, 100_000)
                .withSynchronous("OFF"));
        RawClient client = new RawClient(simulator, "PSUSTRADES0000000000000000000000001");
        client.timeout = Duration.ofMinutes(1);
        calls = new CatalogCalls(client.login(), Face.LIVE);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private JsonNode request(String id, String exchange, String ticker) {
        Map<String, String> params =
                new HashMap<>(Map.of("EXCD", exchange, "SYMB", ticker, "TDAY", "1", "NREC", "120"));
        if (id.contains("time")) {
            params.put("NMIN", "1");
        }
        return RawClient.json(
                calls.request(CatalogCalls.call("overseas_stock_" + id), params).body());
    }

    private List<JsonNode> trades(String exchange, String ticker) {
        List<JsonNode> trades = new ArrayList<>();
        request("quot_inquire_ccnl", exchange, ticker).path("output1").forEach(trades::add);
        return trades;
    }

    private static String text(JsonNode row, String column) {
        return row.path(column).stringValue("(absent)");
    }

    private static double number(JsonNode row, String column) {
        return Double.parseDouble(text(row, column));
    }

    private static String minute(JsonNode row) {
        return text(row, "khms").substring(0, 4);
    }

    private static double shares(List<JsonNode> trades) {
        return trades.stream().mapToDouble(row -> number(row, "evol")).sum();
    }

    @Test
    void a_date_that_begins_within_new_yorks_session_has_each_minute_once() {
        Map<String, String> params = new HashMap<>(
                Map.of("EXCD", "NAS", "SYMB", "MSFT", "NMIN", "1", "PINC", "1", "NREC", "120", "NEXT", "1"));
        params.put("KEYB", "20261119110000"); // the simulator's date began at 10:00 of New York
        List<String> starts = new ArrayList<>();
        RawClient.json(calls.request(CatalogCalls.call("overseas_stock_inquire_time_itemchartprice"), params)
                        .body())
                .path("output2")
                .forEach(row -> starts.add(text(row, "xymd") + text(row, "xhms")));

        assertThat(starts)
                .hasSizeGreaterThan(80)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(starts).contains("20261119105900", "20261119095900");
    }

    @ParameterizedTest
    @CsvSource({"AMS,AEF", "AMS,CET", "AMS,GROY"})
    void trades_of_an_unwatched_stock_add_up_to_each_minute_and_are_as_many_as_its_turnover_makes(
            String exchange, String ticker) {
        Map<String, JsonNode> minutes = new TreeMap<>();
        request("inquire_time_itemchartprice", exchange, ticker)
                .path("output2")
                .forEach(row -> minutes.put(minute(row), row));
        List<JsonNode> trades = trades(exchange, ticker);
        assertThat(trades).hasSize(30);
        Map<String, List<JsonNode>> byMinute = new TreeMap<>();
        trades.forEach(row ->
                byMinute.computeIfAbsent(minute(row), _ -> new ArrayList<>()).add(row));
        // The list may begin within the oldest minute.
        byMinute.remove(minute(trades.getLast()));

        assertThat(byMinute).isNotEmpty();
        byMinute.forEach((minute, rows) -> {
            JsonNode bar = minutes.get(minute);
            assertThat(shares(rows)).as(minute).isEqualTo(number(bar, "evol"));
            assertThat(text(rows.getFirst(), "last")).as(minute).isEqualTo(text(bar, "last"));
            assertThat(text(rows.getLast(), "last")).as(minute).isIn(text(bar, "open"), text(bar, "last"));
            double usual = number(bar, "eamt") / TRADE_VALUE;
            assertThat((double) rows.size()).as(minute).isBetween(Math.floor(0.6 * usual), 1.4 * usual + 4);
            assertThat(rows).allSatisfy(row -> {
                double price = number(row, "last");
                assertThat(price).isBetween(number(bar, "low"), number(bar, "high"));
                assertThat(price).isIn(number(row, "pbid"), number(row, "pask"));
                assertThat(number(row, "pask")).isGreaterThan(number(row, "pbid"));
            });
        });
        for (int i = 0; i + 1 < trades.size(); i++) {
            JsonNode row = trades.get(i);
            assertThat(number(row, "tvol") - number(row, "evol")).isEqualTo(number(trades.get(i + 1), "tvol"));
        }
        assertThat(trades(exchange, ticker)).as("requested again").isEqualTo(trades);
    }

    @Test
    void a_heavily_traded_stock_has_its_last_trades_within_one_minute() {
        List<JsonNode> trades = trades("NAS", "AAPL");
        assertThat(trades).hasSize(30).allSatisfy(row -> assertThat(minute(row)).isEqualTo("1029"));
        JsonNode detail = request("price_detail", "NAS", "AAPL").path("output");
        assertThat(text(trades.getFirst(), "tvol")).isEqualTo(text(detail, "tvol"));
        assertThat(text(trades.getFirst(), "last")).isEqualTo(text(detail, "last"));
    }

    @Test
    void an_order_that_trades_is_listed_as_it_traded_before_the_trades_of_the_minutes() {
        List<JsonNode> before = trades("NAS", "AAPL");
        double volume = number(before.getFirst(), "tvol");
        String limit = String.format(Locale.ROOT, "%.2f", number(before.getFirst(), "last") * 1.01);
        assertThat(calls.request(
                                CatalogCalls.call("overseas_stock_order"),
                                Map.of(
                                        "tr_id", "TTTT1002U",
                                        "OVRS_EXCG_CD", "NASD",
                                        "PDNO", "AAPL",
                                        "ORD_QTY", "7",
                                        "OVRS_ORD_UNPR", limit,
                                        "ORD_SVR_DVSN_CD", "0",
                                        "ORD_DVSN", "00"))
                        .body())
                .contains("\"rt_cd\":\"0\"");

        List<JsonNode> after = trades("NAS", "AAPL");
        List<JsonNode> mine =
                after.stream().filter(row -> number(row, "tvol") > volume).toList();
        assertThat(shares(mine)).isEqualTo(7);
        assertThat(mine).allSatisfy(row -> assertThat(text(row, "khms")).isEqualTo("103030"));
        List<JsonNode> others = after.subList(mine.size(), after.size());
        assertThat(others)
                .extracting(row -> text(row, "tvol"))
                .isEqualTo(before.subList(0, others.size()).stream()
                        .map(row -> text(row, "tvol"))
                        .toList());
    }
}
