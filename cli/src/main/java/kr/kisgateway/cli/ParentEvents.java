package kr.kisgateway.cli;

import java.util.Optional;
import kr.kisgateway.api.parent.ParentCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description = "What happened to one scheduled order, oldest first, as the journal has it.%n"
                + "예약 주문에 일어난 일을 저널에 기록된 순서대로 보여 줍니다.")
final class ParentEvents extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "the id, par_…")
    private String id = "";

    ParentEvents(Kis kis) {
        super(kis);
    }

    @Override
    Optional<String> orderId() {
        return Optional.of(id);
    }

    @Override
    int run(GatewayConnection gateway) {
        requireParent(id, "events");
        return report(gateway.get(ParentCalls.events(id)), events -> OrderEvents.table(screen(), events));
    }
}
