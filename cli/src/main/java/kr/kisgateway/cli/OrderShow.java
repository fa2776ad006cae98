package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.api.order.Fill;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.Repricing;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "One order with its fills.%n" + "주문 하나를 체결 내역과 함께 보여 줍니다.")
final class OrderShow extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "the order's id")
    private String id = "";

    OrderShow(Kis kis) {
        super(kis);
    }

    @Override
    Optional<String> orderId() {
        return Optional.of(id);
    }

    @Override
    int run(GatewayConnection gateway) {
        requireOrder(id, "show");
        return report(gateway.get(OrderCalls.order(id)), order -> show(screen(), order));
    }

    static void show(Screen screen, Order order) {
        screen.line(order.orderId() + "  " + order.status());
        screen.pairs(List.of(
                new Pair("order", Format.terms(order) + (order.external() ? ", placed outside" : "")),
                new Pair("account", order.accountId()),
                new Pair("venue", order.venue()),
                new Pair("venue chosen", order.routing().map(RoutingText::of).orElse("")),
                new Pair("strategy", order.strategyId().orElse("")),
                new Pair(
                        "credit",
                        order.credit()
                                .map(credit -> credit.type() + " of " + credit.loanDate())
                                .orElse("")),
                new Pair(
                        "price chosen", order.repricing().map(OrderShow::chosen).orElse("")),
                new Pair(
                        "filled",
                        Format.value(order.filledQty()) + average(order) + ", " + Format.value(order.remainingQty())
                                + " left"),
                new Pair("KIS number", order.kisOrderNo().orElse("")),
                new Pair("all numbers", order.kisOrderNos().size() < 2 ? "" : Format.value(order.kisOrderNos())),
                new Pair("error", order.error().orElse("")),
                new Pair("reason", order.reason().orElse("")),
                new Pair("accepted", by(order.createdAt(), order.by())),
                new Pair(
                        "last change",
                        order.lastChange()
                                .map(change -> change.kind().toLowerCase(Locale.ROOT) + " "
                                        + by(change.at(), Optional.of(change.by())))
                                .orElse("")),
                new Pair("dispatch by", Format.dateTime(order.dispatchBy())),
                new Pair("trading day", order.tradingDay().toString()),
                new Pair("key", order.idempotencyKey())));
        if (!order.fills().isEmpty()) {
            screen.blank();
            fills(screen, order.currency(), order.fills());
        }
    }

    private static void fills(Screen screen, String currency, List<Fill> fills) {
        var rows = new ArrayList<List<String>>();
        for (Fill fill : fills) {
            String time = fill.time().orElse("");
            rows.add(List.of(
                    time.length() == 6
                            ? time.substring(0, 2) + ":" + time.substring(2, 4) + ":" + time.substring(4)
                            : time,
                    Format.value(fill.qty()),
                    Format.money(currency, fill.price()),
                    Format.money(currency, fill.value()),
                    fill.kisOrderNo(),
                    fill.kind(),
                    fill.source()));
        }
        screen.table(
                List.of(
                        Column.left("FILLED AT"),
                        Column.right("QTY"),
                        Column.right("PRICE"),
                        Column.right("VALUE"),
                        Column.left("KIS NO"),
                        Column.left("KIND"),
                        Column.left("SOURCE")),
                rows);
    }

    private static String chosen(Repricing repricing) {
        return "by the gateway, " + repricing.done() + " of " + repricing.max() + " further prices, each after "
                + BigDecimal.valueOf(repricing.afterMs(), 3)
                        .stripTrailingZeros()
                        .toPlainString() + " s";
    }

    private static String by(OffsetDateTime time, Optional<String> name) {
        return Format.dateTime(time) + name.map(it -> " by " + it).orElse("");
    }

    private static String average(Order order) {
        return order.avgPrice()
                .map(price -> " at " + Format.money(order.currency(), price) + " on average")
                .orElse("");
    }
}
