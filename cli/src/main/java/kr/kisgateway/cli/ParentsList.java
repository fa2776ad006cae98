package kr.kisgateway.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.parent.Parent;
import kr.kisgateway.api.parent.ParentCalls;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(description = "Parent orders, newest first.%n" + "예약·조건 주문을 최신순으로 조회합니다.")
final class ParentsList extends GatewayCommand {
    private static final List<Column> COLUMNS = List.of(
            Column.left("CREATED"),
            Column.left("KIND"),
            Column.left("AT"),
            Column.left("ID"),
            Column.left("ACCT"),
            Column.left("SYMBOL"),
            Column.left("SIDE"),
            Column.right("QTY"),
            Column.right("PRICE"),
            Column.left("STATUS"),
            Column.left("ORDER"),
            Column.left("BY"));

    /** In ./kis parents show; left out where the rows fit the terminal without them. */
    private static final List<String> EXPENDABLE = List.of("ORDER", "BY");

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            converter = KnownWord.OpenOrEnded.class,
            description = "open or ended")
    private Optional<String> status = Optional.empty();

    @Option(names = "--account", paramLabel = "ALIAS", description = "A1")
    private Optional<String> account = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 200 (50)")
    private Optional<Integer> limit = Optional.empty();

    @Option(names = "--cursor", paramLabel = "TEXT", description = "next_cursor of the page before")
    private Optional<String> cursor = Optional.empty();

    ParentsList(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        var query = new ParentCalls.Query(account, status, Format.integer(limit), cursor);
        return report(gateway.get(ParentCalls.parents(query)), page -> {
            if (page.parents().isEmpty()) {
                screen().line("No parent orders.");
                return;
            }
            var now = kis.process().clock().instant();
            var rows = new ArrayList<List<String>>();
            page.parents().forEach(parent -> rows.add(row(parent, now)));
            screen().table(COLUMNS, rows, EXPENDABLE);
            page.nextCursor().ifPresent(next -> screen().line("… and more: --cursor " + next));
        });
    }

    private static List<String> row(Parent parent, Instant now) {
        var order = parent.order();
        boolean isBasket = ParentShow.isBasket(parent);
        return List.of(
                Format.listTime(parent.createdAt(), now),
                parent.kind(),
                parent.at().map(at -> Format.listTime(at, now)).orElse(""),
                parent.parentId(),
                order.accountId(),
                isBasket ? ParentShow.orders(parent) : order.symbol(),
                isBasket ? "" : order.side(),
                isBasket ? "" : Format.value(order.qty()),
                isBasket ? "" : Format.price(order.currency(), order.price()),
                parent.status(),
                isBasket ? "" : parent.orderId().orElse(""),
                parent.by());
    }
}
