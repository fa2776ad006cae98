package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.operations.ClientUsage;
import kr.kisgateway.api.operations.OperationsCalls;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderMetrics;
import kr.kisgateway.api.session.LiveReadiness;
import kr.kisgateway.api.session.SessionCalls;
import kr.kisgateway.api.session.SessionStatus;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        description =
                "The gateway at a glance, again every two seconds until Ctrl-C: session, app keys and their budget, orders, and"
                        + " what each caller uses (operator).%n세션, 앱키, 주문, 호출자별 사용량을 2초마다 보여 줍니다 (운영자).")
final class Top extends GatewayCommand {
    @Option(names = "--count", paramLabel = "N", description = "end after so many pages")
    private Optional<Integer> count = Optional.empty();

    Top(Kis kis) {
        super(kis);
    }

    @Override
    boolean needsOperator() {
        return true;
    }

    @Override
    Set<String> withoutOptions() {
        return Set.of("--csv", "--quiet", "--watch");
    }

    @Override
    int run(GatewayConnection gateway) {
        for (int drawn = 1; ; drawn++) {
            int code = draw(gateway);
            if (code != Kis.DONE || isReaderGone() || count.isPresent() && drawn >= count.get()) {
                return code;
            }
            kis.process().pause().accept(WATCH_INTERVAL);
        }
    }

    private int draw(GatewayConnection gateway) {
        var status = gateway.get(SessionCalls.status());
        if (!(status instanceof Response.Done<SessionStatus>(SessionStatus session, var _, boolean _))) {
            return report(status, _ -> {});
        }
        var readiness = gateway.get(SessionCalls.liveReadiness());
        if (!(readiness instanceof Response.Done<LiveReadiness>(LiveReadiness ready, var _, boolean _))) {
            return report(readiness, _ -> {});
        }
        var counted = gateway.get(OrderCalls.metrics());
        if (!(counted instanceof Response.Done<OrderMetrics>(OrderMetrics orders, var _, boolean _))) {
            return report(counted, _ -> {});
        }
        // Last, because its answer is what --json prints.
        return report(gateway.get(OperationsCalls.clients()), usage -> {
            beginDrawing();
            Status.show(screen(), session, ready);
            screen().blank();
            show(orders);
            screen().blank();
            show(usage);
        });
    }

    private void show(OrderMetrics orders) {
        screen().pairs(List.of(
                new Pair(
                        "orders",
                        Format.value(orders.accepted()) + " accepted, " + Format.value(orders.queueDepth())
                                + " waiting"),
                new Pair(
                        "ended",
                        Format.value(orders.filled()) + " filled, " + Format.value(orders.canceled()) + " cancelled, "
                                + Format.value(orders.rejected()) + " rejected"),
                new Pair("in doubt", Format.value(orders.unknown()))));
    }

    private void show(ClientUsage usage) {
        screen().table(
                        List.of(
                                Column.left("CALLER"),
                                Column.right("CALLS"),
                                Column.right("REFUSED"),
                                Column.right("CALLS TO KIS"),
                                Column.right("SUBSCRIPTIONS"),
                                Column.left("LAST CALL")),
                        usage.clients().stream()
                                .map(client -> List.of(
                                        client.name().isEmpty() ? "-" : client.name(),
                                        Format.value(client.calls()),
                                        Format.value(client.refused()),
                                        Format.value(client.kisCalls()),
                                        Format.value(client.subscriptions()),
                                        Format.timeOfDay(client.lastCallAt())))
                                .toList());
    }
}
