package kr.kisgateway.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(description = "Orders, newest first.%n" + "주문을 최신순으로 조회합니다.")
final class OrdersList extends GatewayCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.left("TIME"),
            Column.left("ID"),
            Column.left("ACCT"),
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

    /** In ./kis orders show; left out where the rows fit the terminal without them. */
    private static final List<String> EXPENDABLE = List.of("KIS NO", "AVERAGE");

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
        var query = new OrderCalls.Query(account, status, symbol, strategy, date, Format.integer(limit), cursor);
        return report(gateway.get(OrderCalls.orders(query)), page -> {
            if (page.orders().isEmpty()) {
                screen().line("No orders.");
                return;
            }
            table(screen(), page.orders(), kis.process().clock().instant());
            page.nextCursor().ifPresent(next -> screen().line("… and more: --cursor " + next));
        });
    }

    static void table(Screen screen, List<Order> orders, Instant now) {
        var rows = new ArrayList<List<String>>();
        for (Order order : orders) {
            rows.add(List.of(
                    Format.listTime(order.createdAt(), now),
                    order.orderId(),
                    order.accountId(),
                    order.symbol(),
                    order.side(),
                    Format.value(order.qty()),
                    Format.price(order.currency(), order.price()),
                    Format.value(order.filledQty()),
                    Format.money(order.currency(), order.avgPrice()),
                    order.status(),
                    order.kisOrderNo().orElse(""),
                    order.strategyId().orElse(""),
                    note(order)));
        }
        screen.table(COLUMNS, rows, EXPENDABLE);
    }

    private static String note(Order order) {
        String outside = order.external() ? "placed outside" : "";
        String error = order.error().filter(it -> !it.equals(order.status())).orElse("");
        return outside + (outside.isEmpty() || error.isEmpty() ? "" : ", ") + error;
    }
}
