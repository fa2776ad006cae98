package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        description = "Cancel every open order of an account, symbol or strategy, or all of them (operator).%n"
                + "계좌·종목·전략별로 또는 전체 미체결 주문을 취소합니다 (전체는 운영자).")
final class OrdersCancelAll extends ChangingCommand {
    @Option(names = "--account", paramLabel = "ALIAS", description = "only of this account")
    private Optional<String> account = Optional.empty();

    @Option(names = "--symbol", paramLabel = "SYMBOL", description = "only of this symbol")
    private Optional<String> symbol = Optional.empty();

    @Option(names = "--strategy", paramLabel = "NAME", description = "only of this strategy")
    private Optional<String> strategy = Optional.empty();

    @Option(names = "--everything", description = "all open orders")
    private boolean everything;

    OrdersCancelAll(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        boolean some = account.isPresent() || symbol.isPresent() || strategy.isPresent();
        if (some == everything) {
            throw usageError("Use --account, --symbol or --strategy, or else --everything");
        }
        String key = idempotencyKey();
        String body = new Body()
                .with("account_id", account)
                .with("symbol", symbol)
                .with("strategy_id", strategy)
                .text();
        Response response = gateway.change(
                "POST",
                "/v1/orders/cancel-all",
                Optional.of(body),
                Optional.of(key),
                GatewayConnection.Retry.IDEMPOTENT);
        return report(response, this::show, Optional.of(key));
    }

    private void show(JsonNode answer) {
        if (answer.path("count").asLong() == 0) {
            screen().line("Nothing to cancel: no open order that is not being cancelled already.");
            return;
        }
        screen().line("Cancels accepted: " + Format.text(answer, "count")
                + ". Orders may still fill before it takes effect.");
        orders(screen(), answer.path("orders"));
    }

    static void orders(Screen screen, JsonNode orders) {
        var rows = new ArrayList<List<String>>();
        orders.forEach(order -> rows.add(List.of(Format.text(order, "order_id"), Format.text(order, "status"))));
        screen.table(List.of(Column.left("ID"), Column.left("STATUS")), rows);
    }
}
