package kr.kisgateway.gateway.risk;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.alert.AlertEvaluator;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertPolicy;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.alert.Condition;
import kr.kisgateway.gateway.alert.RuleFigure;

/** Reports that most of the orders that a limit allows a day are used. */
public final class DailyOrdersRule implements AlertEvaluator.Rule {
    private final AlertSource source;
    private final Supplier<List<DailyOrders>> usage;
    private final Condition condition;

    /** @param usage of the limits of the present trading day */
    public DailyOrdersRule(AlertSource source, Supplier<List<DailyOrders>> usage) {
        this.source = source;
        this.usage = usage;
        this.condition = new Condition(source, Duration.ZERO);
    }

    @Override
    public AlertEvent event() {
        return source.kind();
    }

    @Override
    public void check(AlertPolicy policy, Instant now) {
        long percent = policy.figure(RuleFigure.DAILY_ORDERS_PERCENT);
        List<DailyOrders> limits = usage.get();
        condition.retain(limits.stream().map(DailyOrders::subject).collect(Collectors.toSet()), now);
        limits.forEach(it -> condition.update(
                it.subject(), it.used() > 0 && it.used() * 100 >= it.limit() * percent, now, () -> text(it)));
    }

    private static String text(DailyOrders limit) {
        return "account " + limit.account() + " has used " + limit.used() + " of the " + limit.limit()
                + " orders of the day " + limit.day() + " (layer " + limit.layer()
                + "); the next are refused with DAILY_LIMIT_EXCEEDED when all are used";
    }

    @Override
    public void end() {
        condition.end();
    }
}
