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
    Optional<String> order() {
        return Optional.of(id);
    }

    @Override
    int run(Reach gateway) {
        return tell(gateway.get(orderPath(id)), order -> show(screen(), order));
    }

    static void show(Screen screen, JsonNode order) {
        screen.line(Say.text(order, "order_id") + "  " + Say.text(order, "status"));
        screen.pairs(List.of(
                new Pair(
                        "order",
                        Say.terms(order) + (order.path("external").asBoolean(false) ? ", placed outside" : "")),
                new Pair("account", Say.text(order, "account_id")),
                new Pair("venue", Say.text(order, "venue")),
                new Pair("strategy", Say.text(order, "strategy_id")),
                new Pair(
                        "filled",
                        Say.text(order, "filled_qty") + average(order) + ", " + Say.text(order, "remaining_qty")
                                + " left"),
                new Pair("KIS number", Say.text(order, "kis_order_no")),
                new Pair("all numbers", order.path("kis_order_nos").size() < 2 ? "" : Say.text(order, "kis_order_nos")),
                new Pair("error", Say.text(order, "error")),
                new Pair("reason", Say.text(order, "reason")),
                new Pair("accepted", by(Say.moment(order, "created_at"), order)),
                new Pair("last change", change(order.path("last_change"))),
                new Pair("to leave by", Say.moment(order, "dispatch_by")),
                new Pair("trading day", Say.text(order, "trading_day")),
                new Pair("key", Say.text(order, "idempotency_key"))));
        if (!order.path("fills").isEmpty()) {
            screen.blank();
            fills(screen, order.path("fills"));
        }
    }

    private static void fills(Screen screen, JsonNode fills) {
        var rows = new ArrayList<List<String>>();
        for (JsonNode fill : fills) {
            String time = Say.text(fill, "time");
            rows.add(List.of(
                    time.length() == 6
                            ? time.substring(0, 2) + ":" + time.substring(2, 4) + ":" + time.substring(4)
                            : time,
                    Say.text(fill, "qty"),
                    Say.text(fill, "price"),
                    Say.text(fill, "value"),
                    Say.text(fill, "kis_order_no"),
                    Say.text(fill, "kind"),
                    Say.text(fill, "source")));
        }
        screen.table(
                List.of(
                        Column.left("FILLED AT"),
                        Column.right("QTY"),
                        Column.right("PRICE"),
                        Column.right("VALUE"),
                        Column.left("KIS NO"),
                        Column.left("KIND"),
                        Column.left("TOLD BY")),
                rows);
    }

    private static String by(String moment, JsonNode done) {
        String by = Say.text(done, "by");
        return by.isEmpty() ? moment : moment + " by " + by;
    }

    private static String change(JsonNode change) {
        return change.isObject()
                ? Say.text(change, "kind").toLowerCase(Locale.ROOT) + " " + by(Say.moment(change, "at"), change)
                : "";
    }

    private static String average(JsonNode order) {
        String average = Say.text(order, "avg_price");
        return average.isEmpty() ? "" : " at " + average + " on average";
    }
}
