package kr.kisgateway.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

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
        return report(
                gateway.change(
                        "POST",
                        "/v1/orders/reconcile",
                        Optional.empty(),
                        Optional.empty(),
                        GatewayConnection.Retry.IDEMPOTENT),
                this::show);
    }

    private void show(JsonNode report) {
        screen().line("Checked " + Format.text(report, "checked") + " orders: " + Format.text(report, "mismatched")
                + " did not match, " + Format.text(report, "corrected") + " corrected, "
                + Format.text(report, "adopted")
                + " placed outside and followed from now on.");
        if (report.path("events").isEmpty()) {
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (JsonNode event : report.path("events")) {
            rows.add(List.of(
                    Format.text(event, "order_id"),
                    Format.text(event, "internal_status"),
                    Format.text(event, "corrected_status"),
                    Format.text(event, "broker_status")));
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
