package kr.kisgateway.cli;

import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
        description = "Whether the kill switch is on, why, since when and by whom, and which orders are open.%n"
                + "킬 스위치 상태와 미체결 주문을 보여 줍니다.")
final class KillSwitchStatus extends GatewayCommand {
    static final String PATH = "/v1/risk/kill-switch";

    KillSwitchStatus(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(PATH), answer -> show(screen(), answer));
    }

    static void show(Screen screen, JsonNode answer) {
        boolean on = answer.path("on").asBoolean(false);
        screen.line("The kill switch is "
                + (on ? "ON: nothing is placed or modified, cancels pass. " : "off: orders are accepted. ")
                + "Open orders: " + Format.text(answer, "open") + ".");
        String at = Format.dateTime(answer, "set_at");
        if (on && !at.isEmpty()) {
            boolean settings = Format.text(answer, "set_by").equals("ENVIRONMENT");
            String by = Format.text(answer, "by");
            screen.line("Set " + at + " by "
                    + (settings
                            ? "the gateway's settings: "
                            : (by.isEmpty() || by.equals("local") ? "an operator" : by) + ": ")
                    + Format.text(answer, "reason"));
        } else if (on) {
            screen.line("Not on record yet, because the journal is away: " + Format.text(answer, "reason"));
        }
        if (!answer.path("open_orders").isEmpty()) {
            OrdersCancelAll.orders(screen, answer.path("open_orders"));
        }
    }
}
