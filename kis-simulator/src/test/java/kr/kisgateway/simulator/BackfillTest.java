package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.MarketRules;
import kr.kisgateway.simulator.history.KrxSessions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A program that fills its own database with KIS's whole history, page after page, over a socket. */
@Tag("slow")
class BackfillTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:30:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    @TempDir
    Path folder;

    /** A simulator whose clock stands still, so that its agents only quote, and a client. */
    private final class Market implements AutoCloseable {
        final KisSimulator simulator;
        final CatalogCalls calls;

        Market(String file, long seed, TradingCalendar calendar, Face face) {
            this(file, seed, calendar, face, MarketRules.defaults().withoutDormantTrading());
        }

        Market(String file, long seed, TradingCalendar calendar, Face face, MarketRules rules) {
            simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve(file))
                    .withSeed(seed)
                    .withFace(face)
                    .withTime(calendar, InstantSource.fixed(NOW))
                    .withMarket(rules)
                    .withRates(100_000, 100_000)
                    .withSynchronous("OFF"));
            calls = new CatalogCalls(
                    new RawClient(simulator, "PSBACKFILL000000000000000000000000" + face.ordinal()).login(), face);
        }

        Market(String file, long seed) {
            this(file, seed, new KrxCalendar(), Face.LIVE);
        }

        JsonNode request(String id, Map<String, String> params) {
            return RawClient.json(calls.request(CatalogCalls.call("domestic_stock_" + id), params)
                    .body());
        }

        /** All days of a stock, by the page, newest first. */
        List<JsonNode> days(String code, String period, String from) {
            List<JsonNode> all = new ArrayList<>();
            String until = DAY.format(TODAY);
            while (true) {
                JsonNode page = request(
                                "inquire_daily_itemchartprice",
                                Map.of(
                                        "FID_INPUT_ISCD", code,
                                        "FID_INPUT_DATE_1", from,
                                        "FID_INPUT_DATE_2", until,
                                        "FID_PERIOD_DIV_CODE", period))
                        .path("output2");
                page.forEach(all::add);
                if (page.isEmpty()) {
                    return all;
                }
                assertThat(page.size()).isLessThanOrEqualTo(100);
                until = DAY.format(date(all.getLast()).minusDays(1));
            }
        }

        /** All minutes of a day, by the page, newest first. */
        List<JsonNode> minutes(String code, LocalDate date) {
            List<JsonNode> all = new ArrayList<>();
            String until = "235900";
            while (true) {
                JsonNode page = request(
                                "inquire_time_dailychartprice",
                                Map.of(
                                        "FID_INPUT_ISCD",
                                        code,
                                        "FID_INPUT_DATE_1",
                                        DAY.format(date),
                                        "FID_INPUT_HOUR_1",
                                        until,
                                        "FID_PW_DATA_INCU_YN",
                                        "N"))
                        .path("output2");
                page.forEach(all::add);
                if (page.size() < 120) {
                    return all;
                }
                int minute = minute(all.getLast()) - 1;
                until = String.format("%02d%02d00", minute / 60, minute % 60);
            }
        }

        @Override
        public void close() {
            simulator.close();
        }
    }

    private static LocalDate date(JsonNode row) {
        return LocalDate.parse(text(row, "stck_bsop_date"), DAY);
    }

    private static int minute(JsonNode row) {
        String hour = text(row, "stck_cntg_hour");
        return Integer.parseInt(hour, 0, 2, 10) * 60 + Integer.parseInt(hour, 2, 4, 10);
    }

    private static String text(JsonNode row, String column) {
        return row.path(column).stringValue("(absent)");
    }

    private static long number(JsonNode row, String column) {
        return Long.parseLong(text(row, column));
    }

    private static List<LocalDate> tradingDays(LocalDate first) {
        KrxSessions sessions = new KrxSessions(new KrxCalendar());
        return first.datesUntil(TODAY.plusDays(1))
                .filter(sessions::isTradingDay)
                .toList()
                .reversed();
    }

    static Stream<TradingCalendar> calendars() {
        return Stream.of(new KrxCalendar(), new OpenCalendar());
    }

    @ParameterizedTest
    @MethodSource("calendars")
    void twenty_years_of_days_have_no_gap_and_no_day_twice_and_each_begins_at_the_close_before(
            TradingCalendar calendar) {
        try (Market market = new Market("one.db", 7, calendar, Face.LIVE)) {
            List<JsonNode> rows = market.days("005930", "D", "00000101");

            assertThat(rows.stream().map(BackfillTest::date)).isEqualTo(tradingDays(TODAY.minusYears(20)));
            JsonNode price = market.request("inquire_price", Map.of()).path("output");
            assertThat(text(rows.getFirst(), "stck_clpr")).isEqualTo(text(price, "stck_prpr"));
            assertThat(text(rows.get(1), "stck_clpr")).isEqualTo(text(price, "stck_sdpr"));
            for (int i = 0; i + 1 < rows.size(); i++) {
                JsonNode row = rows.get(i);
                long change = number(row, "stck_clpr") - number(rows.get(i + 1), "stck_clpr");
                assertThat(number(row, "prdy_vrss")).as("%s", row).isEqualTo(change);
                assertThat(text(row, "prdy_vrss_sign")).isEqualTo(change > 0 ? "2" : change < 0 ? "5" : "3");
            }
        }
    }

    @Test
    void date_bounds_are_inclusive_and_pages_have_a_hundred_rows() {
        try (Market market = new Market("one.db", 7)) {
            JsonNode page = market.request(
                            "inquire_daily_itemchartprice",
                            Map.of("FID_INPUT_DATE_1", "20260303", "FID_INPUT_DATE_2", "20260310"))
                    .path("output2");
            assertThat(page.valueStream().map(row -> text(row, "stck_bsop_date")))
                    .containsExactly("20260310", "20260309", "20260306", "20260305", "20260304", "20260303");
            assertThat(market.request(
                                    "inquire_daily_itemchartprice",
                                    Map.of("FID_INPUT_DATE_1", "00000101", "FID_INPUT_DATE_2", "20260310"))
                            .path("output2"))
                    .hasSize(100);
            assertThat(market.request(
                                    "inquire_daily_itemchartprice",
                                    Map.of("FID_INPUT_DATE_1", "20260310", "FID_INPUT_DATE_2", "20260302"))
                            .path("output2"))
                    .isEmpty();
        }
    }

    @Test
    void no_bars_are_returned_from_before_a_listing() {
        try (Market market = new Market("one.db", 7)) {
            List<JsonNode> rows = market.days("0001A0", "D", "00000101");

            assertThat(rows.stream().map(BackfillTest::date)).isEqualTo(tradingDays(LocalDate.of(2026, 1, 30)));
            assertThat(market.request(
                                    "inquire_daily_itemchartprice",
                                    Map.of(
                                            "FID_INPUT_ISCD", "0001A0",
                                            "FID_INPUT_DATE_1", "20200101",
                                            "FID_INPUT_DATE_2", "20260129"))
                            .path("output2"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"W", "M", "Y"})
    void longer_bars_aggregate_days_on_every_page(String period) {
        try (Market market = new Market("one.db", 7)) {
            List<JsonNode> days = market.days("005930", "D", "00000101").reversed();
            List<JsonNode> bars = market.days("005930", period, "00000101").reversed();
            Map<String, List<JsonNode>> groups = new LinkedHashMap<>();
            days.forEach(day -> groups.computeIfAbsent(group(date(day), period), g -> new ArrayList<>())
                    .add(day));

            assertThat(bars).hasSize(groups.size());
            int i = 0;
            for (List<JsonNode> group : groups.values()) {
                JsonNode bar = bars.get(i++);
                assertThat(text(bar, "stck_bsop_date")).isEqualTo(text(group.getFirst(), "stck_bsop_date"));
                assertThat(text(bar, "stck_oprc")).isEqualTo(text(group.getFirst(), "stck_oprc"));
                assertThat(text(bar, "stck_clpr")).isEqualTo(text(group.getLast(), "stck_clpr"));
                assertThat(number(bar, "stck_hgpr"))
                        .isEqualTo(group.stream()
                                .mapToLong(day -> number(day, "stck_hgpr"))
                                .max()
                                .orElseThrow());
                assertThat(number(bar, "stck_lwpr"))
                        .isEqualTo(group.stream()
                                .mapToLong(day -> number(day, "stck_lwpr"))
                                .min()
                                .orElseThrow());
                assertThat(number(bar, "acml_vol"))
                        .isEqualTo(group.stream()
                                .mapToLong(day -> number(day, "acml_vol"))
                                .sum());
            }
        }
    }

    private static String group(LocalDate day, String period) {
        return switch (period) {
            case "W" -> day.minusDays(day.getDayOfWeek().getValue()).toString();
            case "M" -> day.toString().substring(0, 7);
            default -> day.toString().substring(0, 4);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"D", "W", "M"})
    void the_last_thirty_are_the_newest_of_the_chart(String period) {
        try (Market market = new Market("one.db", 7)) {
            List<JsonNode> chart = market.days("005930", period, "20240101").subList(0, 30);
            JsonNode last = market.request("inquire_daily_price", Map.of("FID_PERIOD_DIV_CODE", period))
                    .path("output");

            assertThat(last).hasSize(30);
            for (int i = 0; i < 30; i++) {
                for (String column : List.of(
                        "stck_bsop_date",
                        "stck_oprc",
                        "stck_hgpr",
                        "stck_lwpr",
                        "stck_clpr",
                        "acml_vol",
                        "prdy_vrss")) {
                    assertThat(text(last.path(i), column)).as(column).isEqualTo(text(chart.get(i), column));
                }
            }
        }
    }

    @Test
    void a_year_of_minutes_sums_to_its_days() {
        try (Market market = new Market("one.db", 7)) {
            List<JsonNode> days = market.days("005930", "D", DAY.format(TODAY.minusYears(1)));
            // Today has not traded.
            for (int i = 1; i < days.size(); i += 16) {
                JsonNode day = days.get(i);
                List<JsonNode> minutes = market.minutes("005930", date(day));

                assertThat(minutes).hasSizeBetween(360, 381);
                assertThat(minutes).allMatch(row -> date(row).equals(date(day)));
                assertThat(minutes.stream().map(BackfillTest::minute).toList().reversed())
                        .isSorted()
                        .doesNotHaveDuplicates();
                assertThat(text(minutes.getLast(), "stck_oprc")).isEqualTo(text(day, "stck_oprc"));
                assertThat(text(minutes.getFirst(), "stck_prpr")).isEqualTo(text(day, "stck_clpr"));
                assertThat(minutes.stream()
                                .mapToLong(row -> number(row, "stck_hgpr"))
                                .max())
                        .hasValue(number(day, "stck_hgpr"));
                assertThat(minutes.stream()
                                .mapToLong(row -> number(row, "stck_lwpr"))
                                .min())
                        .hasValue(number(day, "stck_lwpr"));
                assertThat(minutes.stream()
                                .mapToLong(row -> number(row, "cntg_vol"))
                                .sum())
                        .isEqualTo(number(day, "acml_vol"));
                assertThat(text(minutes.getFirst(), "acml_tr_pbmn")).isEqualTo(text(day, "acml_tr_pbmn"));
            }
            assertThat(market.minutes("005930", TODAY.minusYears(1).minusDays(1)))
                    .isEmpty();
            assertThat(market.minutes("005930", LocalDate.of(2026, 11, 14)))
                    .as("a Saturday")
                    .isEmpty();
        }
    }

    @Test
    void minutes_continue_into_earlier_days_and_include_empty_ones_on_request() {
        try (Market market = new Market("one.db", 7)) {
            JsonNode page = market.request(
                            "inquire_time_dailychartprice",
                            Map.of(
                                    "FID_INPUT_DATE_1", "20261105",
                                    "FID_INPUT_HOUR_1", "090900",
                                    "FID_PW_DATA_INCU_YN", "Y"))
                    .path("output2");
            List<JsonNode> every = new ArrayList<>();
            market.request(
                            "inquire_time_dailychartprice",
                            Map.of(
                                    "FID_INPUT_ISCD", "000157",
                                    "FID_INPUT_DATE_1", "20261105",
                                    "FID_INPUT_HOUR_1", "153000",
                                    "FID_PW_DATA_INCU_YN", "N",
                                    "FID_FAKE_TICK_INCU_YN", "Y"))
                    .path("output2")
                    .forEach(every::add);

            assertThat(page).hasSize(120);
            assertThat(text(page.path(0), "stck_cntg_hour")).isEqualTo("090900");
            assertThat(text(page.path(9), "stck_cntg_hour")).isEqualTo("090000");
            assertThat(text(page.path(10), "stck_bsop_date")).isEqualTo("20261104");
            assertThat(text(page.path(10), "stck_cntg_hour")).isEqualTo("153000");
            assertThat(every).hasSize(120);
            assertThat(text(every.get(1), "stck_cntg_hour")).isEqualTo("151900");
            assertThat(text(every.get(119), "stck_cntg_hour")).isEqualTo("132100");
            assertThat(every).anyMatch(row -> number(row, "cntg_vol") == 0);
        }
    }

    @Test
    void an_unwatched_morning_is_in_the_charts_too() {
        try (Market market = new Market("one.db", 7, new KrxCalendar(), Face.LIVE, MarketRules.defaults())) {
            JsonNode price = market.request("inquire_price", Map.of()).path("output");
            JsonNode day = market.days("005930", "D", "20261120").getFirst();
            List<JsonNode> minutes = market.minutes("005930", TODAY);
            JsonNode trades = market.request("inquire_ccnl", Map.of()).path("output");

            assertThat(minutes).hasSizeBetween(80, 91);
            assertThat(text(day, "stck_bsop_date")).isEqualTo("20261120");
            for (String column :
                    List.of("stck_oprc", "stck_hgpr", "stck_lwpr", "acml_vol", "acml_tr_pbmn", "prdy_vrss")) {
                assertThat(text(day, column)).as(column).isEqualTo(text(price, column));
            }
            assertThat(text(day, "stck_clpr")).isEqualTo(text(price, "stck_prpr"));
            assertThat(text(minutes.getLast(), "stck_oprc")).isEqualTo(text(day, "stck_oprc"));
            assertThat(text(minutes.getFirst(), "stck_prpr")).isEqualTo(text(day, "stck_clpr"));
            assertThat(minutes.stream()
                            .mapToLong(row -> number(row, "stck_hgpr"))
                            .max())
                    .hasValue(number(day, "stck_hgpr"));
            assertThat(minutes.stream()
                            .mapToLong(row -> number(row, "stck_lwpr"))
                            .min())
                    .hasValue(number(day, "stck_lwpr"));
            assertThat(minutes.stream()
                            .mapToLong(row -> number(row, "cntg_vol"))
                            .sum())
                    .isEqualTo(number(day, "acml_vol"));
            assertThat(text(minutes.getFirst(), "acml_tr_pbmn")).isEqualTo(text(day, "acml_tr_pbmn"));
            assertThat(trades).hasSize(30);
            assertThat(text(trades.path(0), "stck_prpr")).isEqualTo(text(price, "stck_prpr"));
        }
    }

    @Test
    void today_s_minutes_are_its_trades_and_future_minutes_repeat_the_price() {
        try (Market market = new Market("one.db", 7)) {
            for (String qty : List.of("7", "5")) {
                assertThat(market.calls
                                .request(
                                        CatalogCalls.call("domestic_stock_order_cash"),
                                        CatalogCalls.order("TTTC0012U", CatalogCalls.CANO, "01", qty, "0"))
                                .body())
                        .contains("APBK0013");
            }
            JsonNode price = market.request("inquire_price", Map.of()).path("output");
            String last = text(price, "stck_prpr");

            JsonNode now = minutes(market, "000000", "N");
            JsonNode later = minutes(market, "104500", "N");
            JsonNode before = minutes(market, "102900", "N");
            JsonNode withPast = minutes(market, "103000", "Y");

            assertThat(now).hasSize(1);
            assertThat(text(now.path(0), "stck_cntg_hour")).isEqualTo("103000");
            assertThat(text(now.path(0), "cntg_vol")).isEqualTo("12").isEqualTo(text(price, "acml_vol"));
            assertThat(text(now.path(0), "acml_tr_pbmn")).isEqualTo(text(price, "acml_tr_pbmn"));
            assertThat(text(now.path(0), "stck_prpr")).isEqualTo(last);
            assertThat(later).hasSize(16);
            assertThat(text(later.path(0), "stck_cntg_hour")).isEqualTo("104500");
            assertThat(text(later.path(0), "stck_prpr")).isEqualTo(last);
            assertThat(text(later.path(0), "cntg_vol")).isEqualTo("0");
            assertThat(later.path(15)).isEqualTo(now.path(0));
            assertThat(before).isEmpty();
            assertThat(withPast).as("no other day, once today has traded").hasSize(1);
            JsonNode trades = market.request("inquire_ccnl", Map.of()).path("output");
            long shares = 0;
            for (JsonNode trade : trades) {
                assertThat(text(trade, "stck_cntg_hour")).isEqualTo("103000");
                shares += number(trade, "cntg_vol");
            }
            assertThat(text(trades.path(0), "stck_prpr")).isEqualTo(last);
            assertThat(shares).isEqualTo(12);
            assertThat(market.request("inquire_time_itemconclusion", Map.of("FID_INPUT_HOUR_1", "102959"))
                            .path("output2"))
                    .isEmpty();
            assertThat(text(
                            market.request("inquire_time_itemconclusion", Map.of("FID_INPUT_HOUR_1", "103000"))
                                    .path("output2")
                                    .path(0),
                            "acml_vol"))
                    .isEqualTo("12");
        }
    }

    private static JsonNode minutes(Market market, String hour, String includePast) {
        return market.request(
                        "inquire_time_itemchartprice",
                        Map.of("FID_INPUT_HOUR_1", hour, "FID_PW_DATA_INCU_YN", includePast))
                .path("output2");
    }

    @Test
    void two_simulators_of_one_seed_and_a_restarted_one_have_the_same_history() {
        Map<String, String> years =
                Map.of("FID_INPUT_DATE_1", "00000101", "FID_INPUT_DATE_2", "20211231", "FID_INPUT_ISCD", "000660");
        Map<String, String> minutes = Map.of("FID_INPUT_DATE_1", "20260511", "FID_INPUT_HOUR_1", "120000");
        List<String> first;
        try (Market one = new Market("one.db", 7)) {
            first = answers(one, years, minutes);
            assertThat(answers(one, years, minutes)).isEqualTo(first);
        }
        try (Market restarted = new Market("one.db", 7);
                Market twin = new Market("two.db", 7);
                Market other = new Market("three.db", 8);
                Market paper = new Market("four.db", 7, new KrxCalendar(), Face.PAPER)) {
            assertThat(answers(restarted, years, minutes)).isEqualTo(first);
            assertThat(answers(twin, years, minutes)).isEqualTo(first);
            assertThat(answers(other, years, minutes)).doesNotContainAnyElementsOf(first);
            assertThat(paper.request("inquire_daily_itemchartprice", years).path("output2"))
                    .isEqualTo(restarted
                            .request("inquire_daily_itemchartprice", years)
                            .path("output2"));
        }
    }

    private static List<String> answers(Market market, Map<String, String> years, Map<String, String> minutes) {
        return List.of(
                market.request("inquire_daily_itemchartprice", years)
                        .path("output2")
                        .toString(),
                market.request("inquire_time_dailychartprice", minutes)
                        .path("output2")
                        .toString());
    }

    @Test
    void the_price_reports_the_year_high_and_low_of_the_daily_bars() {
        try (Market market = new Market("year.db", 7)) {
            for (String code : List.of("005930", "035720", "069500")) {
                List<JsonNode> days = market.days(code, "D", "20251121");
                JsonNode price = market.request("inquire_price", Map.of("FID_INPUT_ISCD", code))
                        .path("output");

                JsonNode highest = days.stream()
                        .max(Comparator.comparing(day -> day.path("stck_hgpr").asLong()))
                        .orElseThrow();
                JsonNode lowest = days.stream()
                        .min(Comparator.comparing(day -> day.path("stck_lwpr").asLong()))
                        .orElseThrow();
                assertThat(price.path("w52_hgpr").asLong())
                        .isEqualTo(highest.path("stck_hgpr").asLong());
                assertThat(price.path("w52_hgpr_date").asString())
                        .isEqualTo(highest.path("stck_bsop_date").asString());
                assertThat(price.path("w52_lwpr").asLong())
                        .isEqualTo(lowest.path("stck_lwpr").asLong());
                assertThat(price.path("w52_lwpr_date").asString())
                        .isEqualTo(lowest.path("stck_bsop_date").asString());
                assertThat(price.path("stck_dryy_hgpr").asLong())
                        .isLessThanOrEqualTo(highest.path("stck_hgpr").asLong());
                assertThat(price.path("d250_hgpr").asLong())
                        .isGreaterThanOrEqualTo(price.path("stck_prpr").asLong());
            }
        }
    }
}
