package kr.kisgateway.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "Cancel the open quantity of an order.%n" + "주문의 미체결 수량을 취소합니다.")
final class OrderCancel extends ChangingCommand {
    @Parameters(paramLabel = "ID", description = "the order's id")
    private String id = "";

    OrderCancel(Kis kis) {
        super(kis);
    }

    @Override
    Optional<String> orderId() {
        return Optional.of(id);
    }

    @Override
    int run(GatewayConnection gateway) {
        String key = idempotencyKey();
        Response response = gateway.change(
                "POST",
                orderPath(id) + "/cancel",
                Optional.empty(),
                Optional.of(key),
                GatewayConnection.Retry.IDEMPOTENT);
        return report(
                response,
                answer -> screen().line(Format.text(answer, "order_id") + "  " + Format.text(answer, "status")
                        + ": the cancel is accepted; the order may still fill before it takes effect."),
                Optional.of(key));
    }
}
