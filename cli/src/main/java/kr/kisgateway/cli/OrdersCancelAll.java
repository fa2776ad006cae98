package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.order.CancelAllAnswer;
import kr.kisgateway.api.order.CancelAllRequest;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
        var response = gateway.change(
                OrderCalls.cancelAll(new CancelAllRequest(account, symbol, strategy), key),
                GatewayConnection.Retry.IDEMPOTENT);
        return report(response, this::show, Optional.of(key));
    }

    private void show(CancelAllAnswer answer) {
        if (answer.count() == 0) {
            screen().line("Nothing to cancel: no open order that is not being cancelled already.");
            return;
        }
        screen().line("Cancels accepted: " + Format.value(answer.count())
                + ". Orders may still fill before it takes effect.");
        table(
                screen(),
                answer.orders().stream()
                        .map(order -> List.of(order.orderId(), order.status()))
                        .toList());
    }

    /** @param orders id and status of each */
    static void table(Screen screen, List<List<String>> orders) {
        screen.table(List.of(Column.left("ID"), Column.left("STATUS")), orders);
    }
}
