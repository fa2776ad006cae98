package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.DAY;
import static kr.kisgateway.gateway.risk.RiskSample.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertPolicy;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.alert.RuleFigure;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingDay;
import org.junit.jupiter.api.Test;

/** The alert about a day's orders. */
class DailyOrdersRuleTest {
    private static final AlertPolicy EIGHTY_PERCENT =
            new AlertPolicy(Set.of(), Map.of(), Map.of(), Map.of(RuleFigure.DAILY_ORDERS_PERCENT, 80L));

    private final List<String> published = new ArrayList<>();
    private final AlertLog log = new AlertLog(
            alert -> published.add((alert.settledAt().isPresent() ? "settled " : "raised ") + alert.message()));
    private List<DailyOrders> usage = List.of();
    private final DailyOrdersRule rule =
            new DailyOrdersRule(new AlertSource(log, AlertEvent.DAILY_ORDERS_USED, () -> NOW), () -> usage);

    private void check(DailyOrders... limits) {
        usage = List.of(limits);
        rule.check(EIGHTY_PERCENT, NOW);
    }

    private static DailyOrders of(long used, long limit) {
        return new DailyOrders("key bot", "A1", TradingDay.korean(DAY), used, limit);
    }

    @Test
    void it_reports_once_from_the_percentage_on_and_settles_below_it() {
        assertThat(rule.event()).isEqualTo(AlertEvent.DAILY_ORDERS_USED);
        check(of(39, 50));
        assertThat(published).isEmpty();
        check(of(40, 50));
        check(of(41, 50));
        String message = "account A1 has used 40 of the 50 orders of the day 2026-11-20 (layer key bot); the next are"
                + " refused with DAILY_LIMIT_EXCEEDED when all are used";
        assertThat(published).containsExactly("raised " + message);
        check(of(41, 100));
        assertThat(published).containsExactly("raised " + message, "settled " + message);
    }

    @Test
    void the_first_order_of_a_small_limit_is_reported_and_none_is_not() {
        var everyUse = new AlertPolicy(Set.of(), Map.of(), Map.of(), Map.of(RuleFigure.DAILY_ORDERS_PERCENT, 0L));
        usage = List.of(of(0, 1));
        rule.check(everyUse, NOW);
        assertThat(published).isEmpty();
        usage = List.of(of(1, 1));
        rule.check(everyUse, NOW);
        assertThat(published).hasSize(1);
    }

    @Test
    void accounts_markets_and_layers_are_reported_separately_and_settle_when_their_day_is_over() {
        check(
                of(9, 10),
                new DailyOrders("gateway", "A1", TradingDay.korean(DAY), 9, 10),
                new DailyOrders("key bot", "A2", TradingDay.korean(DAY), 9, 10),
                new DailyOrders("key bot", "A1", new TradingDay(Market.US, DAY), 9, 10));
        assertThat(published).hasSize(4);
        check();
        assertThat(published).hasSize(8);
    }

    @Test
    void at_its_end_it_settles_what_it_reported() {
        check(of(9, 10));
        rule.end();
        assertThat(published).hasSize(2).last().asString().startsWith("settled ");
    }
}
