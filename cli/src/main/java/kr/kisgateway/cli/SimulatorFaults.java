package kr.kisgateway.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.simulator.SimulatorChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

@Command(description = "Switch faults on and off; docs/SIMULATOR.md lists them.%n" + "장애를 켜거나 끕니다.")
final class SimulatorFaults extends SimulatorCommand {
    @Parameters(paramLabel = "NAME=VALUE", arity = "1..*", description = "latency_ms=500, or clear")
    private List<String> words = List.of();

    SimulatorFaults(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    private Map<String, JsonNode> faults() {
        return words.equals(List.of("clear")) ? Map.of("clear", BooleanNode.TRUE) : values(words);
    }

    @Override
    int run(GatewayConnection gateway) {
        return change(
                gateway,
                new SimulatorChange(
                        Optional.of(faults()), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }
}
