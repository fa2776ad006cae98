package kr.kisgateway.cli;

import picocli.CommandLine.Command;

@Command(description = "What is being recorded.%n" + "기록 중인 틱을 보여 줍니다.")
final class TicksList extends GatewayCommand {
    TicksList(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(Ticks.PATH), answer -> Ticks.show(screen(), answer.path("recordings")));
    }
}
