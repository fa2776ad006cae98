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
    int run(Reach gateway) {
        var query = new Query("/v1/orders")
                .with("status", status)
                .with("symbol", symbol)
                .with("strategy_id", strategy)
                .with("account_id", account)
                .with("date", date)
                .with("limit", limit.map(String::valueOf))
                .with("cursor", cursor);
        return tell(gateway.get(query.text()), page -> {
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
            String price = Say.text(order, "price");
            rows.add(List.of(
                    Say.moment(order, "created_at"),
                    Say.text(order, "order_id"),
                    Say.text(order, "account_id"),
                    Say.text(order, "symbol"),
                    Say.text(order, "side"),
                    Say.text(order, "qty"),
                    price.isEmpty() ? "market" : price,
                    Say.text(order, "filled_qty"),
                    Say.text(order, "avg_price"),
                    Say.text(order, "status"),
                    Say.text(order, "kis_order_no"),
                    Say.text(order, "strategy_id"),
                    note(order)));
        }
        screen.table(COLUMNS, rows);
    }

    private static String note(JsonNode order) {
        String outside = order.path("external").asBoolean(false) ? "placed outside" : "";
        String word = Say.text(order, "error");
        String error = word.equals(Say.text(order, "status")) ? "" : word;
        return outside + (outside.isEmpty() || error.isEmpty() ? "" : ", ") + error;
    }
}
