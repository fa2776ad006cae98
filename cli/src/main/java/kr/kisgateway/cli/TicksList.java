package kr.kisgateway.cli;

import kr.kisgateway.api.history.HistoryCalls;
import picocli.CommandLine.Command;

@Command(description = "What is being recorded.%n" + "기록 중인 틱을 보여 줍니다.")
final class TicksList extends GatewayCommand {
    TicksList(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(HistoryCalls.recordings()), answer -> Ticks.show(screen(), answer.recordings()));
    }
}
