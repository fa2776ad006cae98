package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.parent.BasketDryRun;
import kr.kisgateway.api.parent.Parent;
import kr.kisgateway.api.parent.ParentAccepted;
import kr.kisgateway.api.parent.ParentAnswer;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.api.parent.ParentLeg;
import kr.kisgateway.api.parent.ParentOrder;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "One parent order.%n" + "예약·조건 주문 하나를 보여 줍니다.")
final class ParentShow extends GatewayCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.left("ROLE"),
            Column.left("STATUS"),
            Column.left("SIDE"),
            Column.right("QTY"),
            Column.left("SYMBOL"),
            Column.right("PRICE"),
            Column.left("WAITS FOR"),
            Column.right("FILLED"),
            Column.left("ORDER"),
            Column.left("REASON"));

    @Parameters(paramLabel = "ID", description = "the id, par_…")
    private String id = "";

    ParentShow(Kis kis) {
        super(kis);
    }

    @Override
    Optional<String> orderId() {
        return Optional.of(id);
    }

    @Override
    int run(GatewayConnection gateway) {
        requireParent(id, "show");
        return report(gateway.get(ParentCalls.parent(id)), parent -> show(screen(), parent));
    }

    /** What became of a request for a parent order. */
    static void show(Screen screen, ParentAnswer answer) {
        screen.line(
                switch (answer) {
                    case ParentAccepted accepted ->
                        accepted.parentId() + "  " + accepted.status() + ": ./kis parents show " + accepted.parentId()
                                + " shows what becomes of it.";
                    case BasketDryRun evaluated -> evaluated.status() + ": nothing was placed.";
                });
    }

    static void show(Screen screen, Parent parent) {
        screen.line(parent.parentId() + "  " + parent.kind() + "  " + parent.status());
        boolean isBasket = isBasket(parent);
        screen.pairs(List.of(
                new Pair("order", orders(parent)),
                new Pair("account", parent.order().accountId()),
                new Pair("venue", isBasket ? "" : parent.order().venue()),
                new Pair("strategy", isBasket ? "" : parent.order().strategyId().orElse("")),
                new Pair(
                        "placed at",
                        parent.at()
                                        .map(Format::dateTime)
                                        .orElse(isBasket ? "once its market is open" : "when its conditions are met")
                                + ", not after " + Format.dateTime(parent.until())),
                new Pair("order id", isBasket ? "" : parent.orderId().orElse("")),
                new Pair("reason", parent.reason().orElse("")),
                new Pair("created", Format.dateTime(parent.createdAt()) + " by " + parent.by()),
                new Pair("canceled by", parent.canceledBy().orElse("")),
                new Pair("key", parent.idempotencyKey())));
        if (!parent.kind().equals("SCHEDULED")) {
            screen.table(COLUMNS, parent.legs().stream().map(ParentShow::row).toList());
        }
        parent.leftOut()
                .ifPresent(lines -> lines.forEach(
                        line -> screen.line("Left out: " + line.field() + "  " + line.code() + "  " + line.message())));
        if (parent.status().equals("HELD")) {
            screen.line("Its price was reached while the gateway was away: ./kis parents release " + parent.parentId()
                    + " places the order now, cancel ends it.");
        }
    }

    private static List<String> row(ParentLeg leg) {
        return List.of(
                leg.role(),
                leg.status(),
                leg.side(),
                Format.value(leg.qty()),
                leg.symbol(),
                Format.price(Format.currencyOf(leg.symbol()), leg.price()),
                condition(leg),
                Format.value(leg.filledQty()),
                leg.orderId().orElse(""),
                leg.reason().orElse(""));
    }

    private static String condition(ParentLeg leg) {
        return leg.at()
                .map(Format::dateTime)
                .or(() -> leg.afterFillOf().map(order -> "fill of " + order))
                .or(() -> leg.watched()
                        .map(symbol -> symbol
                                + leg.watchedVenue()
                                        .map(venue -> " (" + venue + ")")
                                        .orElse("")
                                + trigger(leg, Format.currencyOf(symbol))))
                .orElse("");
    }

    private static String trigger(ParentLeg leg, String currency) {
        String direction = leg.direction().orElse("").equals("AT_OR_ABOVE") ? " ≥ " : " ≤ ";
        return direction
                + leg.triggerPrice().map(it -> Format.money(currency, it)).orElse("?")
                + leg.trail()
                        .map(trail -> ", trailing "
                                + trail.percent()
                                        .map(percent -> Format.rate(percent))
                                        .orElseGet(() -> Format.money(currency, trail.amount())))
                        .orElse("");
    }

    /** Whether each of its orders has terms of its own. */
    static boolean isBasket(Parent parent) {
        return parent.kind().equals("BASKET");
    }

    /** The terms of its order, or how many orders it has. */
    static String orders(Parent parent) {
        return isBasket(parent) ? parent.legs().size() + " orders" : terms(parent.order());
    }

    static String terms(ParentOrder order) {
        return order.side() + " " + Format.value(order.qty()) + " " + order.symbol() + " at "
                + Format.price(order.currency(), order.price());
    }

    /** The order of a leg. */
    static String terms(ParentLeg leg) {
        return leg.side() + " " + Format.value(leg.qty()) + " " + leg.symbol() + " at "
                + Format.price(Format.currencyOf(leg.symbol()), leg.price());
    }
}
