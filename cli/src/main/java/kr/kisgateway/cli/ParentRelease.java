package kr.kisgateway.cli;

import java.util.Optional;
import kr.kisgateway.api.parent.ParentCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description = "Place an order that is held because its price was reached while the gateway was away.%n"
                + "게이트웨이가 멈춘 사이 조건이 충족되어 보류된 주문을 접수합니다.")
final class ParentRelease extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "the id, par_…")
    private String id = "";

    ParentRelease(Kis kis) {
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
                gateway.change(ParentCalls.release(id), GatewayConnection.Retry.ONLY_IF_NOT_SENT),
                parent -> ParentShow.show(screen(), parent));
    }
}
