package kr.kisgateway.cli;

import java.util.Optional;
import kr.kisgateway.api.simulator.SimulatorChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "Start a scenario, beside the faults that are on.%n" + "시나리오를 시작합니다.")
final class SimulatorScenarioStart extends SimulatorCommand {
    @Parameters(paramLabel = "NAME", description = "as ./kis simulator state lists them")
    private String name = "";

    SimulatorScenarioStart(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        return change(
                gateway,
                new SimulatorChange(
                        Optional.empty(), Optional.empty(), Optional.of(name), Optional.empty(), Optional.empty()));
    }
}
