package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(description = "Alerts, newest first. P1: money may be at risk, act now.%n" + "확인이 필요한 경보를 최신순으로 보여 줍니다.")
final class Alerts extends GatewayCommand {
    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 1000 (100)")
    private Optional<Integer> limit = Optional.empty();

    Alerts(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        String path = new Query("/v1/alerts")
                .with("limit", limit.map(String::valueOf))
                .text();
        return report(gateway.get(path), this::show);
    }

    private void show(JsonNode answer) {
        if (answer.path("alerts").isEmpty()) {
            screen().line("No alerts since the gateway started.");
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (JsonNode alert : answer.path("alerts")) {
            rows.add(List.of(
                    Format.dateTime(alert, "at"),
                    Format.text(alert, "level"),
                    Format.text(alert, "event"),
                    Format.text(alert, "order_id"),
                    Format.text(alert, "by"),
                    Format.dateTime(alert, "settled_at"),
                    Format.text(alert, "message")));
        }
        screen().table(
                        List.of(
                                Column.left("TIME"),
                                Column.left("LEVEL"),
                                Column.left("EVENT"),
                                Column.left("ORDER"),
                                Column.left("BY"),
                                Column.left("SETTLED"),
                                Column.left("MESSAGE")),
                        rows);
        screen().line(Format.text(answer, "raised") + " raised since the gateway started.");
    }
}
