package kr.kisgateway.cli;

import java.util.Optional;
import kr.kisgateway.api.order.OrderCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "Cancel the open quantity of an order.%n" + "주문의 미체결 수량을 취소합니다.")
class OrderCancel extends ChangingCommand {
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
        requireOrder(id, "cancel");
        Optional<Integer> stopped = exitUnlessConfirmed(gateway);
        if (stopped.isPresent()) {
            return stopped.get();
        }
        String key = idempotencyKey();
        var response = gateway.change(OrderCalls.cancel(id).withKey(key), GatewayConnection.Retry.IDEMPOTENT);
        return report(
                response,
                answer -> screen().line(answer.orderId() + "  " + answer.status()
                        + ": the cancel is accepted; the order may still fill before it takes effect."),
                Optional.of(key));
    }
}
