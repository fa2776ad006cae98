package kr.kisgateway.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
        description = "Compare all orders with the broker now and tell what that corrected (operator).%n"
                + "지금 증권사의 주문 내역과 대조하고 바로잡은 내용을 보여 줍니다 (운영자).")
final class Reconcile extends GatewayCommand {
    Reconcile(Kis kis) {
        super(kis);
    }

    @Override
    Duration limit() {
        return BROKER;
    }

    @Override
    boolean changes() {
        return true;
    }

    @Override
    int run(Reach gateway) {
        return tell(
                gateway.change(
                        "POST", "/v1/orders/reconcile", Optional.empty(), Optional.empty(), Reach.Repeat.HARMLESS),
                this::show);
    }

    private void show(JsonNode report) {
        screen().line("Checked " + Say.text(report, "checked") + " orders: " + Say.text(report, "mismatched")
                + " did not match, " + Say.text(report, "corrected") + " corrected, " + Say.text(report, "adopted")
                + " placed outside and followed from now on.");
        if (report.path("events").isEmpty()) {
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (JsonNode event : report.path("events")) {
            rows.add(List.of(
                    Say.text(event, "order_id"),
                    Say.text(event, "internal_status"),
                    Say.text(event, "corrected_status"),
                    Say.text(event, "broker_status")));
        }
        screen().table(
                        List.of(
                                Column.left("ID"),
                                Column.left("WAS"),
                                Column.left("IS NOW"),
                                Column.left("THE BROKER'S LIST SAYS")),
                        rows);
    }
}
