package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.risk.KillSwitch;
import kr.kisgateway.api.risk.RiskCalls;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;

@Command(
        description = "Whether the kill switch is on, why, since when and by whom, and which orders are open.%n"
                + "킬 스위치 상태와 미체결 주문을 보여 줍니다.")
final class KillSwitchStatus extends GatewayCommand {
    KillSwitchStatus(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(RiskCalls.killSwitch()), answer -> show(screen(), answer));
    }

    static void show(Screen screen, KillSwitch state) {
        boolean on = state.on();
        screen.line("The kill switch is "
                + (on ? "ON: nothing is placed or modified, cancels pass. " : "off: orders are accepted. ")
                + "Open orders: " + Format.value(state.open()) + ".");
        String reason = state.reason().orElse("");
        if (on && state.setAt().isPresent()) {
            boolean settings = state.setBy().equals(Optional.of("ENVIRONMENT"));
            Optional<String> by = settings ? Optional.of("the gateway's settings") : state.by();
            screen.line("Set " + Format.dateTime(state.setAt())
                    + by.map(name -> " by " + name).orElse("") + ": " + reason);
        } else if (on) {
            screen.line("Not on record yet, because the journal is away: " + reason);
        }
        if (!state.openOrders().isEmpty()) {
            OrdersCancelAll.table(
                    screen,
                    state.openOrders().stream()
                            .map(order -> List.of(order.orderId(), order.status()))
                            .toList());
        }
    }
}
