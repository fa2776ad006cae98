package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.alert.AlertCalls;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        description = "Alerts, newest first. P1: money may be at risk, act now.%n" + "확인이 필요한 경보를 최신순으로 보여 줍니다.",
        synopsisSubcommandLabel = "[COMMAND]")
final class Alerts extends GatewayCommand {
    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 1000 (100)")
    private Optional<Integer> limit = Optional.empty();

    Alerts(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(AlertCalls.alerts(Format.integer(limit))), this::show);
    }

    private void show(kr.kisgateway.api.alert.Alerts answer) {
        if (answer.alerts().isEmpty()) {
            screen().line("No alerts since the gateway started.");
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (var alert : answer.alerts()) {
            rows.add(List.of(
                    Format.dateTime(alert.at()),
                    alert.level(),
                    alert.event(),
                    alert.subject(),
                    alert.by().orElse(""),
                    Format.dateTime(alert.settledAt()),
                    state(alert),
                    alert.message()));
        }
        screen().table(
                        List.of(
                                Column.left("TIME"),
                                Column.left("LEVEL"),
                                Column.left("EVENT"),
                                Column.left("SUBJECT"),
                                Column.left("BY"),
                                Column.left("SETTLED"),
                                Column.left("NOTED"),
                                Column.left("MESSAGE")),
                        rows);
        screen().line(Format.value(answer.raised()) + " raised since the gateway started.");
    }

    private static String state(kr.kisgateway.api.alert.Alerts.Alert alert) {
        return alert.acknowledged().map(it -> "by " + it.by()).orElse(alert.silenced() ? "silenced" : "");
    }
}
