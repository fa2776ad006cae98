package kr.kisgateway.cli;

import java.util.Optional;
import kr.kisgateway.api.risk.KillSwitchRequest;
import kr.kisgateway.api.risk.RiskCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(description = "Allow placing and modifying again (operator).%n" + "신규 주문과 정정을 다시 허용합니다 (운영자).")
final class KillSwitchOff extends GatewayCommand {
    @Option(names = "--reason", paramLabel = "TEXT", description = "why")
    private Optional<String> reason = Optional.empty();

    KillSwitchOff(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        var response = gateway.change(
                RiskCalls.setKillSwitch(new KillSwitchRequest(false, reason, Optional.empty())),
                // It may be switched on between two attempts; the second must not undo that.
                GatewayConnection.Retry.ONLY_IF_NOT_SENT);
        return report(response, answer -> KillSwitchStatus.show(screen(), answer));
    }
}
