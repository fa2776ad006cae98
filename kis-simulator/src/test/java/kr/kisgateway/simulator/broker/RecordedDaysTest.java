package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.exchange.MarketRules;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A day that is over: it is stored and shown as history like the days before it. */
class RecordedDaysTest {
    private static final String QUOTATIONS = "/uapi/domestic-stock/v1/quotations/";

    private static void advanceDays(TestBroker broker, int days) {
        broker.advanceBy(Duration.ofDays(days));
        broker.login();
    }

    private static List<JsonNode> days(TestBroker broker, String code, String division) {
        TestBroker.Answer answer = broker.call(
                "GET",
                QUOTATIONS + "inquire-daily-itemchartprice",
                Map.of("tr_id", "FHKST03010100"),
                Map.of(
                        "FID_COND_MRKT_DIV_CODE", division,
                        "FID_INPUT_ISCD", code,
                        "FID_INPUT_DATE_1", "00000101",
                        "FID_INPUT_DATE_2", "20991231",
                        "FID_PERIOD_DIV_CODE", "D",
                        "FID_ORG_ADJ_PRC", "0"));
        JsonNode rows = answer.json().path("output2");
        return StreamSupport.stream(rows.spliterator(), false).toList();
    }

    private static String price(TestBroker broker, String code, String column) {
        return broker.call(
                        "GET",
                        QUOTATIONS + "inquire-price",
                        Map.of("tr_id", "FHKST01010100"),
                        Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", code))
                .text("output", column);
    }

    private static String text(JsonNode row, String column) {
        return row.path(column).stringValue("(absent)");
    }

    @Test
    void a_finished_day_does_not_change_and_its_close_is_the_next_base() {
        TestBroker broker = TestBroker.open(3, 4);
        List<JsonNode> friday = days(broker, "005930", "J");
        broker.order("70000001", true, "005930", "01", 300, 0);
        broker.advanceBy(Duration.ofSeconds(20));
        List<JsonNode> traded = days(broker, "005930", "J");
        advanceDays(broker, 1);

        List<JsonNode> saturday = days(broker, "005930", "J");

        assertThat(text(saturday.get(0), "stck_bsop_date")).isEqualTo("20261121");
        assertThat(text(saturday.get(1), "stck_bsop_date")).isEqualTo("20261120");
        assertThat(text(saturday.get(1), "stck_oprc")).isEqualTo(text(traded.get(0), "stck_oprc"));
        assertThat(Long.parseLong(text(saturday.get(1), "acml_vol")))
                .isGreaterThanOrEqualTo(Long.parseLong(text(traded.get(0), "acml_vol")));
        assertThat(text(saturday.get(1), "stck_clpr")).isEqualTo(price(broker, "005930", "stck_sdpr"));
        assertThat(saturday.subList(2, 100)).isEqualTo(friday.subList(1, 99));
        assertThat(days(broker.restarted(), "005930", "J")).isEqualTo(saturday);
    }

    @Test
    void the_minutes_of_a_watched_day_do_not_change_for_ten_days() {
        TestBroker broker = TestBroker.at("2026-11-20T09:30:00", 4);
        broker.order("70000001", true, "005930", "01", 300, 0);
        broker.until("20:00:00");
        List<JsonNode> recorded = minutes(broker, "005930", "20261120");
        advanceDays(broker, 3);

        List<JsonNode> later = minutes(broker, "005930", "20261120");
        List<JsonNode> restarted = minutes(broker.restarted(), "005930", "20261120");
        long volume = later.stream()
                .mapToLong(row -> Long.parseLong(text(row, "cntg_vol")))
                .sum();
        JsonNode day = days(broker, "005930", "J").get(1);

        assertThat(recorded).hasSizeGreaterThan(100);
        assertThat(later).isEqualTo(recorded);
        assertThat(restarted).isEqualTo(recorded);
        assertThat(text(day, "stck_bsop_date")).isEqualTo("20261120");
        assertThat(volume)
                .isLessThanOrEqualTo(Long.parseLong(text(day, "acml_vol")))
                .isPositive();
        assertThat(broker.file.records())
                .filteredOn(Change.TradedMinutes.class::isInstance)
                .hasSizeBetween(1, 2);
    }

    private static List<JsonNode> minutes(TestBroker broker, String code, String day) {
        JsonNode rows = broker.call(
                        "GET",
                        QUOTATIONS + "inquire-time-dailychartprice",
                        Map.of("tr_id", "FHKST03010230"),
                        Map.of(
                                "FID_COND_MRKT_DIV_CODE", "J",
                                "FID_INPUT_ISCD", code,
                                "FID_INPUT_DATE_1", day,
                                "FID_INPUT_HOUR_1", "160000",
                                "FID_PW_DATA_INCU_YN", "N",
                                "FID_FAKE_TICK_INCU_YN", ""))
                .json()
                .path("output2");
        return StreamSupport.stream(rows.spliterator(), false).toList();
    }

    @Test
    void a_saturday_is_a_trading_day_only_if_the_simulator_traded_on_it() {
        TestBroker broker =
                new TestBroker(TestBroker.rules(3, 4), new OpenCalendar(), Instant.parse("2026-11-21T03:00:00Z"));
        broker.login();
        broker.order("70000001", true, "005930", "01", 300, 0);
        price(broker, "000660", "stck_prpr");
        advanceDays(broker, 3);

        List<String> traded = days(broker, "005930", "J").stream()
                .map(row -> text(row, "stck_bsop_date"))
                .limit(4)
                .toList();
        List<JsonNode> unattended = days(broker, "001510", "J");

        assertThat(traded).containsExactly("20261124", "20261123", "20261121", "20261120");
        assertThat(unattended.stream().map(row -> text(row, "stck_bsop_date")).limit(4))
                .containsExactly("20261124", "20261123", "20261121", "20261120");
    }

    @Test
    void an_unrequested_stock_has_traded_on_every_day_and_today_continues_from_there() {
        TestBroker broker = TestBroker.open(3, 4);
        broker.order("70000001", true, "005930", "01", 300, 0);
        advanceDays(broker, 1);
        // Off for a week, and then on for a day without a request for these.
        broker.now = broker.now.plus(Duration.ofDays(6));
        broker.restarted();
        broker.login();
        // Of 24 hours the first nine are over, whatever was played before the pause.
        assertThat(Double.parseDouble(price(broker, "005930", "acml_vol"))
                        / TestBroker.LISTING
                                .find(new Symbol("005930"))
                                .orElseThrow()
                                .volume())
                .isBetween(0.2, 0.7);
        advanceDays(broker, 1);

        for (String code : List.of("001510", "000660", "247540")) {
            for (String division : List.of("J", "UN")) {
                List<JsonNode> rows = days(broker, code, division);
                List<JsonNode> missed = rows.subList(1, 7);
                assertThat(missed.stream().map(row -> text(row, "stck_bsop_date")))
                        .containsExactly("20261127", "20261126", "20261125", "20261124", "20261123", "20261121");
                assertThat(missed).as(code).allSatisfy(row -> {
                    assertThat(number(row, "acml_vol")).isPositive();
                    assertThat(number(row, "stck_hgpr")).isGreaterThan(number(row, "stck_lwpr"));
                    assertThat(Math.abs(number(row, "prdy_vrss")) * 5).isLessThan(number(row, "stck_clpr"));
                });
                assertThat(missed.stream().map(row -> number(row, "stck_clpr")).distinct())
                        .as("closes of " + code)
                        .hasSizeGreaterThan(2);
                for (int i = 0; i < 8; i++) {
                    assertThat(number(rows.get(i), "stck_clpr") - number(rows.get(i), "prdy_vrss"))
                            .as("the close before " + text(rows.get(i), "stck_bsop_date"))
                            .isEqualTo(number(rows.get(i + 1), "stck_clpr"));
                }
                assertThat(number(rows.get(1), "stck_clpr"))
                        .isEqualTo(Long.parseLong(price(broker, code, "stck_sdpr")));
            }
            List<JsonNode> minutes = minutes(broker, code, "20261125");
            assertThat(minutes).as(code).isNotEmpty();
        }
        List<JsonNode> recorded = days(broker, "000660", "J");
        assertThat(days(broker.restarted(), "000660", "J").subList(1, 100)).isEqualTo(recorded.subList(1, 100));
    }

    @Test
    void without_dormant_trading_a_day_without_trades_is_flat() {
        TestBroker broker = new TestBroker(
                TestBroker.rules(3, 4).withMarket(MarketRules.defaults().withoutDormantTrading()),
                new OpenCalendar(),
                TestBroker.NINE);
        broker.login();
        advanceDays(broker, 4);

        JsonNode monday = days(broker, "001510", "J").get(1);
        assertThat(text(monday, "stck_bsop_date")).isEqualTo("20261123");
        assertThat(number(monday, "acml_vol")).isZero();
        assertThat(number(monday, "prdy_vrss")).isZero();
    }

    @Test
    void a_restart_does_not_change_today_s_minutes_of_watched_and_requested_stocks() {
        TestBroker broker = watchedBroker("005930");
        price(broker, "000660", "stck_prpr");
        run(broker, Duration.ofMinutes(20).plusSeconds(25));
        // From here on nothing watches; both continue unattended.
        broker.handle(new Input.SocketClosed(1));
        run(broker, Duration.ofMinutes(20).minusSeconds(15));
        List<String> codes = List.of("005930", "000660", "035720");
        Map<String, List<JsonNode>> before = new TreeMap<>();
        for (String code : codes) {
            price(broker, code, "stck_prpr");
            before.put(code, minutes(broker, code, "20261120"));
        }

        broker.restarted();
        broker.login();

        for (String code : codes) {
            List<JsonNode> after = minutes(broker, code, "20261120");
            assertThat(before.get(code)).as(code).hasSizeGreaterThan(60);
            assertThat(after).as(code).isEqualTo(before.get(code));
            assertThat(after.stream().mapToLong(row -> number(row, "cntg_vol")).sum())
                    .as("volume of " + code)
                    .isEqualTo(Long.parseLong(price(broker, code, "acml_vol")));
        }
    }

    @Test
    void a_stopped_process_loses_no_minute_of_a_watched_stock() {
        TestBroker broker = watchedBroker("005930");
        run(broker, Duration.ofMinutes(20).plusSeconds(25));
        long volume = Long.parseLong(price(broker, "005930", "acml_vol"));
        List<JsonNode> before = minutes(broker, "005930", "20261120");

        broker.restarted();
        broker.login();

        List<JsonNode> after = minutes(broker, "005930", "20261120");
        assertThat(after.subList(1, after.size())).isEqualTo(before.subList(1, before.size()));
        assertThat(text(after.getFirst(), "stck_cntg_hour")).isEqualTo("102000");
        assertThat(text(after.getFirst(), "stck_prpr")).isEqualTo(text(before.getFirst(), "stck_prpr"));
        assertThat(after.stream().mapToLong(row -> number(row, "cntg_vol")).sum())
                .isEqualTo(volume);
    }

    /** At ten, with a session that is registered for the trades of a stock and need not answer any PINGPONG. */
    private static TestBroker watchedBroker(String code) {
        BrokerRules rules =
                new BrokerRules(3, 100_000, 100_000, 41, 4, Duration.ofDays(1), Duration.ofMillis(100), false);
        TestBroker broker = new TestBroker(rules, new KrxCalendar(), TestBroker.kst("2026-11-20T10:00:00"));
        broker.login();
        broker.subscribe(1, "H0STCNT0", code);
        return broker;
    }

    /** Second by second: in a longer pause the exchange drops missed actions. */
    private static void run(TestBroker broker, Duration time) {
        for (long i = 0; i < time.toSeconds(); i++) {
            broker.advanceBy(Duration.ofSeconds(1));
        }
    }

    private static long number(JsonNode row, String column) {
        return Long.parseLong(text(row, column));
    }

    @Test
    void the_history_does_not_change_while_the_simulator_is_stopped() {
        TestBroker broker = TestBroker.open(3, 4);
        List<JsonNode> first = days(broker, "005930", "J");
        // Off for four days.
        broker.now = broker.now.plus(Duration.ofDays(4));
        broker.restarted();
        broker.login();

        List<JsonNode> later = days(broker, "005930", "J");

        assertThat(text(later.get(0), "stck_bsop_date")).isEqualTo("20261124");
        assertThat(later.subList(3, 100)).isEqualTo(first.subList(1, 98));
    }

    @Test
    void days_of_nxt_and_of_both_venues_are_stored_too() {
        TestBroker broker = new TestBroker(
                TestBroker.rules(3, 4).withMarket(MarketRules.defaults().withoutDormantTrading()),
                new OpenCalendar(),
                TestBroker.NINE);
        broker.login();
        broker.order("70000001", true, "005930", "01", 30, 0, Map.of("EXCG_ID_DVSN_CD", "KRX"));
        broker.order("70000001", true, "005930", "00", 12, 210_000, Map.of("EXCG_ID_DVSN_CD", "NXT"));
        advanceDays(broker, 1);

        assertThat(text(days(broker, "005930", "J").get(1), "acml_vol")).isEqualTo("30");
        assertThat(text(days(broker, "005930", "NX").get(1), "acml_vol")).isEqualTo("12");
        assertThat(text(days(broker, "005930", "UN").get(1), "acml_vol")).isEqualTo("42");
        assertThat(days(broker, "005930", "UN").get(2))
                .isEqualTo(days(broker, "005930", "J").get(2));
    }
}
