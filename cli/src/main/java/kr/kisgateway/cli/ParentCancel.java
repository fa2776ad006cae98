package kr.kisgateway.cli;

import java.util.Optional;
import kr.kisgateway.api.parent.ParentCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description = "End a parent order; what is placed already is cancelled.%n"
                + "예약·조건 주문을 취소합니다. 이미 접수된 주문은 미체결 수량을 취소합니다.")
final class ParentCancel extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "the id, par_…")
    private String id = "";

    ParentCancel(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    Optional<String> orderId() {
        return Optional.of(id);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(
                gateway.change(ParentCalls.cancel(id), GatewayConnection.Retry.IDEMPOTENT),
                parent -> screen().line(parent.parentId() + "  " + parent.status()
                        + (parent.orderId().isEmpty()
                                ? ": nothing was placed."
                                : ": a cancel of its open orders is requested.")));
    }
}
