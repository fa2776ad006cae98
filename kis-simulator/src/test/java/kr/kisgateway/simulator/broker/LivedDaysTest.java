package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.exchange.MarketRules;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of a day when it is over: it is history, kept and told like the days before it. */
class LivedDaysTest {
    private static final String QUOTATIONS = "/uapi/domestic-stock/v1/quotations/";

    private static void pass(Broker broker, int days) {
        broker.pass(Duration.ofDays(days));
        broker.login();
    }

    private static List<JsonNode> days(Broker broker, String code, String division) {
        Broker.Answer answer = broker.call(
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

    private static String price(Broker broker, String code, String column) {
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
    void a_day_that_is_over_stays_as_it_was_and_its_close_is_the_next_base() {
        Broker broker = Broker.open(3, 4);
        List<JsonNode> friday = days(broker, "005930", "J");
        broker.order("70000001", true, "005930", "01", 300, 0);
        broker.pass(Duration.ofSeconds(20));
        List<JsonNode> traded = days(broker, "005930", "J");
        pass(broker, 1);

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
    void the_minutes_of_a_day_that_somebody_watched_stay_as_they_were_for_ten_days() {
        Broker broker = Broker.at("2026-11-20T09:30:00", 4);
        broker.order("70000001", true, "005930", "01", 300, 0);
        broker.until("20:00:00");
        List<JsonNode> seen = minutes(broker, "005930", "20261120");
        pass(broker, 3);

        List<JsonNode> later = minutes(broker, "005930", "20261120");
        List<JsonNode> restarted = minutes(broker.restarted(), "005930", "20261120");
        long volume = later.stream()
                .mapToLong(row -> Long.parseLong(text(row, "cntg_vol")))
                .sum();
        JsonNode day = days(broker, "005930", "J").get(1);

        assertThat(seen).hasSizeGreaterThan(100);
        assertThat(later).isEqualTo(seen);
        assertThat(restarted).isEqualTo(seen);
        assertThat(text(day, "stck_bsop_date")).isEqualTo("20261120");
        assertThat(volume)
                .isLessThanOrEqualTo(Long.parseLong(text(day, "acml_vol")))
                .isPositive();
        assertThat(broker.file.records())
                .filteredOn(Change.TradedMinutes.class::isInstance)
                .hasSizeBetween(1, 2);
    }

    private static List<JsonNode> minutes(Broker broker, String code, String day) {
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
    void a_saturday_that_was_traded_through_is_a_day_and_one_that_was_not_is_none() {
        Broker broker = new Broker(Broker.rules(3, 4), new OpenCalendar(), Instant.parse("2026-11-21T03:00:00Z"));
        broker.login();
        broker.order("70000001", true, "005930", "01", 300, 0);
        price(broker, "000660", "stck_prpr");
        pass(broker, 3);

        List<String> traded = days(broker, "005930", "J").stream()
                .map(row -> text(row, "stck_bsop_date"))
                .limit(4)
                .toList();
        List<JsonNode> quiet = days(broker, "001510", "J");

        assertThat(traded).containsExactly("20261124", "20261123", "20261121", "20261120");
        assertThat(quiet.stream().map(row -> text(row, "stck_bsop_date")).limit(3))
                .containsExactly("20261124", "20261123", "20261120");
        assertThat(text(quiet.get(1), "acml_vol")).isEqualTo("0");
        assertThat(text(quiet.get(1), "stck_clpr")).isEqualTo(text(quiet.get(2), "stck_clpr"));
    }

    @Test
    void the_past_does_not_move_while_the_simulator_does_not_run() {
        Broker broker = Broker.open(3, 4);
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
    void days_of_nxt_and_of_both_together_are_kept_too() {
        Broker broker = new Broker(
                Broker.rules(3, 4).withMarket(MarketRules.usual().withoutQuietTrading()),
                new OpenCalendar(),
                Broker.NINE);
        broker.login();
        broker.order("70000001", true, "005930", "01", 30, 0, Map.of("EXCG_ID_DVSN_CD", "KRX"));
        broker.order("70000001", true, "005930", "00", 12, 210_000, Map.of("EXCG_ID_DVSN_CD", "NXT"));
        pass(broker, 1);

        assertThat(text(days(broker, "005930", "J").get(1), "acml_vol")).isEqualTo("30");
        assertThat(text(days(broker, "005930", "NX").get(1), "acml_vol")).isEqualTo("12");
        assertThat(text(days(broker, "005930", "UN").get(1), "acml_vol")).isEqualTo("42");
        assertThat(days(broker, "005930", "UN").get(2))
                .isEqualTo(days(broker, "005930", "J").get(2));
    }
}
