package kr.kisgateway.cli;

import java.time.Duration;
import java.util.Optional;
import kr.kisgateway.api.risk.KillSwitch;
import kr.kisgateway.api.risk.KillSwitchRequest;
import kr.kisgateway.api.risk.RiskCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(description = "Stop all placing and modifying at once (operator).%n" + "모든 신규 주문과 정정을 즉시 막습니다 (운영자).")
final class KillSwitchOn extends GatewayCommand {
    @Option(names = "--reason", paramLabel = "TEXT", description = "the reason, shown with refusals")
    private Optional<String> reason = Optional.empty();

    @Option(
            names = "--cancel-open",
            description = "also cancel orders at the broker; waits until none is open, at most 20 s")
    private boolean cancelOpen;

    KillSwitchOn(Kis kis) {
        super(kis);
    }

    @Override
    Duration limit() {
        return cancelOpen ? BROKER_LIMIT : DEFAULT_LIMIT;
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        var response = gateway.change(
                RiskCalls.setKillSwitch(
                        new KillSwitchRequest(true, reason, cancelOpen ? Optional.of(true) : Optional.empty())),
                GatewayConnection.Retry.IDEMPOTENT); // setting it twice has the effect of once
        int code = report(response, answer -> KillSwitchStatus.show(screen(), answer));
        boolean stillOpen = cancelOpen
                && response instanceof Response.Done<KillSwitch> done
                && done.answer().open() > 0;
        if (stillOpen) {
            errorScreen().line("Some orders are still open: check them with ./kis orders show, and in the HTS.");
        }
        return stillOpen ? Kis.REFUSED : code;
    }
}
