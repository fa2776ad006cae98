package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

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
        return report(gateway.get(orderPath(id)), order -> show(screen(), order));
    }

    static void show(Screen screen, JsonNode order) {
        screen.line(Format.text(order, "order_id") + "  " + Format.text(order, "status"));
        screen.pairs(List.of(
                new Pair(
                        "order",
                        Format.terms(order) + (order.path("external").asBoolean(false) ? ", placed outside" : "")),
                new Pair("account", Format.text(order, "account_id")),
                new Pair("venue", Format.text(order, "venue")),
                new Pair("strategy", Format.text(order, "strategy_id")),
                new Pair(
                        "filled",
                        Format.text(order, "filled_qty") + average(order) + ", " + Format.text(order, "remaining_qty")
                                + " left"),
                new Pair("KIS number", Format.text(order, "kis_order_no")),
                new Pair(
                        "all numbers",
                        order.path("kis_order_nos").size() < 2 ? "" : Format.text(order, "kis_order_nos")),
                new Pair("error", Format.text(order, "error")),
                new Pair("reason", Format.text(order, "reason")),
                new Pair("accepted", by(Format.dateTime(order, "created_at"), order)),
                new Pair("last change", change(order.path("last_change"))),
                new Pair("dispatch by", Format.dateTime(order, "dispatch_by")),
                new Pair("trading day", Format.text(order, "trading_day")),
                new Pair("key", Format.text(order, "idempotency_key"))));
        if (!order.path("fills").isEmpty()) {
            screen.blank();
            fills(screen, order.path("fills"));
        }
    }

    private static void fills(Screen screen, JsonNode fills) {
        var rows = new ArrayList<List<String>>();
        for (JsonNode fill : fills) {
            String time = Format.text(fill, "time");
            rows.add(List.of(
                    time.length() == 6
                            ? time.substring(0, 2) + ":" + time.substring(2, 4) + ":" + time.substring(4)
                            : time,
                    Format.text(fill, "qty"),
                    Format.text(fill, "price"),
                    Format.text(fill, "value"),
                    Format.text(fill, "kis_order_no"),
                    Format.text(fill, "kind"),
                    Format.text(fill, "source")));
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

    private static String by(String moment, JsonNode done) {
        String by = Format.text(done, "by");
        return by.isEmpty() ? moment : moment + " by " + by;
    }

    private static String change(JsonNode change) {
        return change.isObject()
                ? Format.text(change, "kind").toLowerCase(Locale.ROOT) + " " + by(Format.dateTime(change, "at"), change)
                : "";
    }

    private static String average(JsonNode order) {
        String average = Format.text(order, "avg_price");
        return average.isEmpty() ? "" : " at " + average + " on average";
    }
}
