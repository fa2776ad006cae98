package kr.kisgateway.gateway;

import java.time.Duration;
import kr.kisgateway.gateway.alert.AlertEvaluator;
import kr.kisgateway.gateway.alert.AlertEvaluator.Window;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.RuleFigure;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.risk.DailyOrdersRule;

/** The alerts about the counters of orders. */
final class OrderAlertRules {
    private static final String ORDERS = "orders";

    private OrderAlertRules() {}

    static void add(Platform platform, OrderDesk desk) {
        var evaluator = platform.evaluator();
        evaluator.add(AlertEvaluator.share(
                platform.alertSource(AlertEvent.ORDER_FAILURES),
                ORDERS,
                () -> desk.figures().failed(),
                () -> desk.figures().decided(),
                RuleFigure.ORDER_FAILURES_PERCENT,
                new Window(RuleFigure.ORDER_FAILURES_WINDOW, RuleFigure.ORDER_FAILURES_LEAST),
                (failed, all, window) -> failed + " of " + all + " orders of the last " + text(window)
                        + " failed: KIS refused them, they were not sent in time, or their result is unknown. GET"
                        + " /v1/orders has the reason of each."));
        evaluator.add(AlertEvaluator.count(
                platform.alertSource(AlertEvent.ORDERS_CORRECTED),
                ORDERS,
                () -> desk.figures().corrected(),
                new Window(RuleFigure.ORDERS_CORRECTED_WINDOW, RuleFigure.ORDERS_CORRECTED_LEAST),
                (count, window) -> "the broker's list corrected orders in the last " + text(window) + ", "
                        + count + " times: execution notices or answers are missing. The events of the orders show what"
                        + " was corrected."));
        evaluator.add(AlertEvaluator.count(
                platform.informingAlertSource(AlertEvent.ORDERS_ADOPTED),
                ORDERS,
                () -> desk.figures().adopted(),
                new Window(RuleFigure.ORDERS_ADOPTED_WINDOW, RuleFigure.ORDERS_ADOPTED_LEAST),
                (count, window) -> count + " orders that the gateway did not place were found on the account in the"
                        + " last " + text(window) + "; they are marked external"));
        evaluator.add(AlertEvaluator.count(
                platform.alertSource(AlertEvent.BUDGET_WAITS),
                ORDERS,
                () -> desk.figures().queueTimeouts(),
                new Window(RuleFigure.BUDGET_WAITS_WINDOW, RuleFigure.BUDGET_WAITS_LEAST),
                (count, window) -> count + " orders were refused in the last " + text(window)
                        + ", because they could not have been sent in time (QUEUE_TIMEOUT)"));
        evaluator.add(
                new DailyOrdersRule(platform.informingAlertSource(AlertEvent.DAILY_ORDERS_USED), desk::dailyOrders));
    }

    /** A window as people write it: {@code 90 s}, {@code 5 min}. */
    static String text(Duration window) {
        return window.toSeconds() % 60 == 0 ? window.toMinutes() + " min" : window.toSeconds() + " s";
    }
}
