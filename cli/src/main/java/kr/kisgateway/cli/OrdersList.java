package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(description = "Orders, newest first.%n" + "주문을 최신순으로 조회합니다.")
final class OrdersList extends GatewayCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.left("TIME"),
            Column.left("ID"),
            Column.left("ACCOUNT"),
            Column.left("SYMBOL"),
            Column.left("SIDE"),
            Column.right("QTY"),
            Column.right("PRICE"),
            Column.right("FILLED"),
            Column.right("AVERAGE"),
            Column.left("STATUS"),
            Column.left("KIS NO"),
            Column.left("STRATEGY"),
            Column.left("NOTE"));

    @Option(names = "--status", paramLabel = "STATUS", description = "QUEUED, SENT, PARTIAL_FILLED, UNKNOWN, …")
    private Optional<String> status = Optional.empty();

    @Option(names = "--symbol", paramLabel = "SYMBOL", description = "005930")
    private Optional<String> symbol = Optional.empty();

    @Option(names = "--strategy", paramLabel = "NAME", description = "the strategy_id it was placed with")
    private Optional<String> strategy = Optional.empty();

    @Option(names = "--account", paramLabel = "ALIAS", description = "A1")
    private Optional<String> account = Optional.empty();

    @Option(names = "--date", paramLabel = "DAY", description = "trading day, 2026-11-20")
    private Optional<String> date = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 1000 (100)")
    private Optional<Integer> limit = Optional.empty();

    @Option(names = "--cursor", paramLabel = "TEXT", description = "next_cursor of the page before")
    private Optional<String> cursor = Optional.empty();

    OrdersList(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        var query = new Query("/v1/orders")
                .with("status", status)
                .with("symbol", symbol)
                .with("strategy_id", strategy)
                .with("account_id", account)
                .with("date", date)
                .with("limit", limit.map(String::valueOf))
                .with("cursor", cursor);
        return report(gateway.get(query.text()), page -> {
            if (page.path("orders").isEmpty()) {
                screen().line("No orders.");
                return;
            }
            table(screen(), page.path("orders"));
            String next = page.path("next_cursor").asString("");
            if (!next.isEmpty()) {
                screen().line("… and more: --cursor " + next);
            }
        });
    }

    static void table(Screen screen, Iterable<JsonNode> orders) {
        var rows = new ArrayList<List<String>>();
        for (JsonNode order : orders) {
            String price = Format.text(order, "price");
            rows.add(List.of(
                    Format.dateTime(order, "created_at"),
                    Format.text(order, "order_id"),
                    Format.text(order, "account_id"),
                    Format.text(order, "symbol"),
                    Format.text(order, "side"),
                    Format.text(order, "qty"),
                    price.isEmpty() ? "market" : price,
                    Format.text(order, "filled_qty"),
                    Format.text(order, "avg_price"),
                    Format.text(order, "status"),
                    Format.text(order, "kis_order_no"),
                    Format.text(order, "strategy_id"),
                    note(order)));
        }
        screen.table(COLUMNS, rows);
    }

    private static String note(JsonNode order) {
        String outside = order.path("external").asBoolean(false) ? "placed outside" : "";
        String errorCode = Format.text(order, "error");
        String error = errorCode.equals(Format.text(order, "status")) ? "" : errorCode;
        return outside + (outside.isEmpty() || error.isEmpty() ? "" : ", ") + error;
    }
}
