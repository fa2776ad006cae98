package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.order.Execution;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        description = "Fills of all orders, the last recorded first, also of orders placed elsewhere.%n"
                + "체결 내역을 최신순으로 보여 줍니다.")
final class Executions extends GatewayCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.left("DAY"),
            Column.left("TIME"),
            Column.left("ACCOUNT"),
            Column.left("SYMBOL"),
            Column.left("SIDE"),
            Column.right("QTY"),
            Column.right("PRICE"),
            Column.right("VALUE"),
            Column.left("KIS NO"),
            Column.left("STRATEGY"),
            Column.left("ID"),
            Column.left("NOTE"));

    @Option(names = "--date", paramLabel = "DAY", description = "trading day, 2026-11-20")
    private Optional<String> date = Optional.empty();

    @Option(names = "--from", paramLabel = "DAY", description = "first trading day")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "DAY", description = "last trading day")
    private Optional<String> to = Optional.empty();

    @Option(names = "--symbol", paramLabel = "SYMBOL", description = "005930")
    private Optional<String> symbol = Optional.empty();

    @Option(names = "--side", paramLabel = "SIDE", converter = KnownWord.BuyOrSell.class, description = "BUY or SELL")
    private Optional<String> side = Optional.empty();

    @Option(names = "--strategy", paramLabel = "NAME", description = "the strategy_id of the orders")
    private Optional<String> strategy = Optional.empty();

    @Option(names = "--order", paramLabel = "ID", description = "one order's fills")
    private Optional<String> order = Optional.empty();

    @Option(names = "--account", paramLabel = "ALIAS", description = "A1")
    private Optional<String> account = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 1000 (100)")
    private Optional<Integer> limit = Optional.empty();

    @Option(names = "--cursor", paramLabel = "TEXT", description = "next_cursor of the page before")
    private Optional<String> cursor = Optional.empty();

    Executions(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        order.ifPresent(it -> requireOrder(it, "show"));
        var query = new OrderCalls.ExecutionQuery(
                account, date, from, to, symbol, strategy, order, side, Format.integer(limit), cursor);
        return report(gateway.get(OrderCalls.executions(query)), page -> {
            if (page.executions().isEmpty()) {
                screen().line("No executions.");
                return;
            }
            screen().table(
                            COLUMNS,
                            page.executions().stream().map(Executions::row).toList());
            page.nextCursor().ifPresent(next -> screen().line("… and more: --cursor " + next));
        });
    }

    private static List<String> row(Execution execution) {
        return List.of(
                execution.tradingDay().toString(),
                execution.time().map(Executions::time).orElse(""),
                execution.accountId(),
                execution.symbol(),
                execution.side(),
                Format.value(execution.qty()),
                Format.money(execution.currency(), execution.price()),
                Format.money(execution.currency(), execution.value()),
                execution.kisOrderNo(),
                execution.strategyId().orElse(""),
                execution.execId(),
                note(execution));
    }

    /** {@code 093015} as {@code 09:30:15}. */
    private static String time(String digits) {
        return digits.substring(0, 2) + ":" + digits.substring(2, 4) + ":" + digits.substring(4);
    }

    private static String note(Execution execution) {
        String outside = execution.external() ? "placed outside" : "";
        String correction = execution.kind().equals("CORRECTION") ? "from the list" : "";
        return outside + (outside.isEmpty() || correction.isEmpty() ? "" : ", ") + correction;
    }
}
