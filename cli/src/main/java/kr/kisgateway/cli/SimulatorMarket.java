package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.simulator.SimulatorChange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "Operate the market; docs/SIMULATOR.md lists what there is.%n" + "시장을 조작합니다 (거래정지, 변동성완화장치 등).")
final class SimulatorMarket extends SimulatorCommand {
    @Parameters(paramLabel = "NAME=VALUE", arity = "1..*", description = "halt=005930")
    private List<String> words = List.of();

    SimulatorMarket(Kis kis) {
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
                        Optional.empty(),
                        Optional.of(values(words)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }
}
