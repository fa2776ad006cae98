package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.parent.Parent;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.api.parent.ParentOrder;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "One scheduled order.%n" + "예약 주문 하나를 보여 줍니다.")
final class ParentShow extends GatewayCommand {
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
        return report(gateway.get(ParentCalls.parent(id)), parent -> show(screen(), parent));
    }

    static void show(Screen screen, Parent parent) {
        screen.line(parent.parentId() + "  " + parent.status());
        screen.pairs(List.of(
                new Pair("order", terms(parent.order())),
                new Pair("account", parent.order().accountId()),
                new Pair("venue", parent.order().venue()),
                new Pair("strategy", parent.order().strategyId().orElse("")),
                new Pair("placed at", Format.dateTime(parent.at()) + ", not after " + Format.dateTime(parent.until())),
                new Pair("order id", parent.orderId().orElse("")),
                new Pair("reason", parent.reason().orElse("")),
                new Pair("scheduled", Format.dateTime(parent.createdAt()) + " by " + parent.by()),
                new Pair("canceled by", parent.canceledBy().orElse("")),
                new Pair("key", parent.idempotencyKey())));
    }

    static String terms(ParentOrder order) {
        return order.side() + " " + Format.value(order.qty()) + " " + order.symbol() + " "
                + (order.price().isEmpty() ? "at market" : "at " + Format.value(order.price()));
    }
}
