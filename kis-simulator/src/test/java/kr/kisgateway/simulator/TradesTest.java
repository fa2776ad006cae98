package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The lists of trades (체결) of stocks without a subscriber, over a socket. */
@Tag("slow")
class TradesTest {
    @TempDir
    Path folder;

    private CatalogCalls calls;

    private KisSimulator start(String time, TradingCalendar calendar) {
        KisSimulator simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("trades.db"))
                .withSeed(7)
                .withTime(
                        calendar,
                        InstantSource.fixed(LocalDateTime.parse(time)
                                .atZone(TradingCalendar.SEOUL)
                                .toInstant()))
                .withRates(100_000, 100_000)
                .withSynchronous("OFF"));
        RawClient client = new RawClient(simulator, "PSTRADES000000000000000000000000001");
        client.timeout = Duration.ofMinutes(1);
        calls = new CatalogCalls(client.login(), Face.LIVE);
        return simulator;
    }

    private JsonNode request(String id, String code, String... params) {
        Map<String, String> all = new HashMap<>(Map.of("FID_INPUT_ISCD", code));
        for (int i = 0; i < params.length; i += 2) {
            all.put(params[i], params[i + 1]);
        }
        return RawClient.json(
                calls.request(CatalogCalls.call("domestic_stock_" + id), all).body());
    }

    private static String text(JsonNode row, String column) {
        return row.path(column).stringValue("(absent)");
    }

    private static double number(JsonNode row, String column) {
        return Double.parseDouble(text(row, column));
    }

    /** The trades of some minutes back from a time of day, newest first, page by page. */
    private List<JsonNode> trades(String code, String until, String from) {
        List<JsonNode> trades = new ArrayList<>();
        Set<String> observed = new HashSet<>();
        String hour = until;
        while (hour.compareTo(from) >= 0) {
            int before = trades.size();
            request("inquire_time_itemconclusion", code, "FID_INPUT_HOUR_1", hour)
                    .path("output2")
                    .forEach(row -> {
                        if (observed.add(text(row, "acml_vol"))) {
                            trades.add(row);
                        }
                    });
            assertThat(trades).as(code + " " + hour).hasSizeGreaterThan(before);
            hour = text(trades.getLast(), "stck_cntg_hour");
        }
        return trades.stream()
                .filter(row -> text(row, "stck_cntg_hour").compareTo(from) >= 0)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"005930", "000020", "000250", "069500"})
    void several_trades_add_up_to_each_minute_of_an_unwatched_stock(String code) {
        try (KisSimulator simulator = start("2026-11-20T10:30:30", new OpenCalendar())) {
            Map<String, JsonNode> minutes = new TreeMap<>();
            request("inquire_time_itemchartprice", code, "FID_INPUT_HOUR_1", "102900")
                    .path("output2")
                    .forEach(row -> minutes.put(text(row, "stck_cntg_hour").substring(0, 4), row));
            List<JsonNode> trades = trades(code, "102959", "102500");
            Map<String, List<JsonNode>> byMinute = new TreeMap<>();
            trades.forEach(row -> byMinute.computeIfAbsent(
                            text(row, "stck_cntg_hour").substring(0, 4), minute -> new ArrayList<>())
                    .add(row));

            assertThat(byMinute).as(code).isNotEmpty();
            if (!code.equals("000020")) {
                // That one trades for a quarter of a million won a minute.
                assertThat(trades.size()).as(code).isGreaterThan(3 * byMinute.size());
            }
            byMinute.forEach((minute, rows) -> {
                JsonNode bar = minutes.get(minute);
                assertThat(rows.stream().mapToDouble(row -> number(row, "cnqn")).sum())
                        .as(minute)
                        .isEqualTo(number(bar, "cntg_vol"));
                assertThat(text(rows.getFirst(), "stck_pbpr")).isEqualTo(text(bar, "stck_prpr"));
                assertThat(text(rows.getLast(), "stck_pbpr")).isEqualTo(text(bar, "stck_oprc"));
                assertThat(rows)
                        .allSatisfy(row -> assertThat(number(row, "stck_pbpr"))
                                .isBetween(number(bar, "stck_lwpr"), number(bar, "stck_hgpr")));
            });
            for (int i = 0; i + 1 < trades.size(); i++) {
                JsonNode row = trades.get(i);
                assertThat(number(row, "acml_vol") - number(row, "cnqn"))
                        .isEqualTo(number(trades.get(i + 1), "acml_vol"));
                assertThat(number(row, "tday_rltv"))
                        .as("strength beside its neighbour's")
                        .isCloseTo(number(trades.get(i + 1), "tday_rltv"), within(2.0));
            }
            assertThat(trades).allSatisfy(row -> {
                double price = number(row, "stck_pbpr");
                assertThat(price).isIn(number(row, "askp"), number(row, "bidp"));
                assertThat(number(row, "askp") - number(row, "bidp")).isBetween(1.0, price / 100);
            });
            assertThat(trades(code, "102959", "102500")).as("requested again").isEqualTo(trades);
        }
    }

    @Test
    void the_last_trade_is_the_price_and_its_strength_that_of_the_day() {
        try (KisSimulator simulator = start("2026-11-20T10:30:30", new OpenCalendar())) {
            JsonNode price = request("inquire_price", "005930").path("output");
            JsonNode trades = request("inquire_ccnl", "005930").path("output");
            assertThat(trades).hasSize(30);
            assertThat(text(trades.path(0), "stck_prpr")).isEqualTo(text(price, "stck_prpr"));
            JsonNode until = request("inquire_time_itemconclusion", "005930", "FID_INPUT_HOUR_1", "235959");
            assertThat(text(until.path("output2").path(0), "acml_vol")).isEqualTo(text(price, "acml_vol"));
            assertThat(text(trades.path(0), "tday_rltv"))
                    .isEqualTo(text(until.path("output2").path(0), "tday_rltv"));
            assertThat(number(trades.path(0), "tday_rltv")).isBetween(60.0, 170.0);
        }
    }

    @ParameterizedTest
    @CsvSource({"2026-11-20T21:00:00,true", "2026-09-11T21:00:00,true", "2026-11-20T21:00:00,false"})
    void at_night_trades_after_hours_are_those_behind_the_close(String time, boolean hours) {
        try (KisSimulator simulator = start(time, hours ? new KrxCalendar() : new OpenCalendar())) {
            JsonNode answer = request("inquire_time_overtimeconclusion", "005930");
            JsonNode rows = answer.path("output2");
            assertThat(rows).isNotEmpty().allSatisfy(row -> {
                assertThat(text(row, "stck_cntg_hour")).isBetween("153100", "195959");
                assertThat(number(row, "cntg_vol")).isPositive();
            });
            assertThat(text(rows.path(0), "acml_vol"))
                    .isEqualTo(text(answer.path("output1"), "ovtm_untp_vol"))
                    .isEqualTo(text(request("inquire_overtime_price", "005930").path("output"), "ovtm_untp_vol"));
            assertThat(text(rows.path(0), "stck_prpr")).isEqualTo(text(answer.path("output1"), "ovtm_untp_prpr"));
        }
    }

    @Test
    void before_the_close_there_are_no_trades_after_hours() {
        try (KisSimulator simulator = start("2026-11-20T10:30:00", new KrxCalendar())) {
            JsonNode answer = request("inquire_time_overtimeconclusion", "005930");
            assertThat(answer.path("output2")).isEmpty();
            assertThat(text(answer.path("output1"), "ovtm_untp_vol")).isEqualTo("0");
        }
    }

    @Test
    void an_order_that_trades_is_listed_as_it_traded_before_the_trades_of_the_minutes() {
        try (KisSimulator simulator = start("2026-11-20T10:30:30", new OpenCalendar())) {
            JsonNode before = until("005930");
            double volume = number(before.path(0), "acml_vol");
            assertThat(calls.request(
                                    CatalogCalls.call("domestic_stock_order_cash"),
                                    CatalogCalls.order("TTTC0012U", CatalogCalls.CANO, "01", "7", "0"))
                            .body())
                    .contains("\"rt_cd\":\"0\"");

            JsonNode after = until("005930");
            List<JsonNode> mine = after.valueStream()
                    .filter(row -> number(row, "acml_vol") > volume)
                    .toList();
            assertThat(mine.stream().mapToDouble(row -> number(row, "cnqn")).sum())
                    .isEqualTo(7);
            assertThat(mine).allSatisfy(row -> {
                assertThat(text(row, "stck_cntg_hour")).isEqualTo("103030");
                assertThat(text(row, "askp")).as("a buyer took it").isEqualTo(text(row, "stck_pbpr"));
            });
            assertThat(after.path(mine.size()).path("acml_vol"))
                    .isEqualTo(before.path(0).path("acml_vol"));
            JsonNode latest = request("inquire_ccnl", "005930").path("output");
            for (int i = 0; i < mine.size(); i++) {
                assertThat(text(latest.path(i), "stck_prpr")).isEqualTo(text(mine.get(i), "stck_pbpr"));
                assertThat(text(latest.path(i), "cntg_vol")).isEqualTo(text(mine.get(i), "cnqn"));
                assertThat(text(latest.path(i), "tday_rltv")).isEqualTo(text(mine.get(i), "tday_rltv"));
            }
        }
    }

    private JsonNode until(String code) {
        return request("inquire_time_itemconclusion", code, "FID_INPUT_HOUR_1", "235959")
                .path("output2");
    }
}
