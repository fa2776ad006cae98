package kr.kisgateway.cli;

import kr.kisgateway.api.simulator.SimulatorCalls;
import picocli.CommandLine.Command;

@Command(
        description =
                "Its faults, the day that it plays, and its scenarios.%n" + "시뮬레이터의 장애 설정, 재생 중인 날짜, 시나리오를 보여 줍니다.")
final class SimulatorShow extends SimulatorCommand {
    SimulatorShow(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(SimulatorCalls.state()), this::show);
    }
}
