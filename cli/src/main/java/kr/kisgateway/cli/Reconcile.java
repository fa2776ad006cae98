package kr.kisgateway.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.ReconcileReport;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;

@Command(
        description = "Compare all orders with the broker now and show what was corrected (operator).%n"
                + "지금 증권사의 주문 내역과 대조하고 바로잡은 내용을 보여 줍니다 (운영자).")
final class Reconcile extends GatewayCommand {
    Reconcile(Kis kis) {
        super(kis);
    }

    @Override
    Duration limit() {
        return BROKER_LIMIT;
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.change(OrderCalls.reconcile(), GatewayConnection.Retry.IDEMPOTENT), this::show);
    }

    private void show(ReconcileReport report) {
        screen().line("Checked " + Format.value(report.checked()) + " orders: " + Format.value(report.mismatched())
                + " did not match, " + Format.value(report.corrected()) + " corrected, "
                + Format.value(report.adopted())
                + " placed outside and followed from now on.");
        if (report.events().isEmpty()) {
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (var event : report.events()) {
            rows.add(List.of(event.orderId(), event.internalStatus(), event.correctedStatus(), event.brokerStatus()));
        }
        screen().table(
                        List.of(
                                Column.left("ID"),
                                Column.left("WAS"),
                                Column.left("IS NOW"),
                                Column.left("BROKER'S LIST")),
                        rows);
    }
}
