package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(description = "What each market is doing now, and what it does next.%n" + "각 시장의 현재 상태와 다음 일정을 보여 줍니다.")
final class MarketStatus extends GatewayCommand {
    MarketStatus(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get("/v1/market/status"), this::show);
    }

    private void show(JsonNode status) {
        var rows = new ArrayList<List<String>>();
        for (JsonNode market : status.path("markets")) {
            rows.add(List.of(
                    Format.text(market, "market"),
                    Format.text(market, "session"),
                    Format.dateTime(market, "next_at"),
                    Format.text(market, "next_session"),
                    Format.dateTime(market, "opens_at"),
                    Format.dateTime(market, "closes_at"),
                    Format.text(market, "holiday")));
        }
        screen().table(
                        List.of(
                                Column.left("MARKET"),
                                Column.left("NOW"),
                                Column.left("NEXT AT"),
                                Column.left("NEXT"),
                                Column.left("OPENS AT"),
                                Column.left("CLOSES AT"),
                                Column.left("HOLIDAY")),
                        rows);
        for (JsonNode market : status.path("markets")) {
            var sections = new ArrayList<String>();
            market.path("circuit_breaker").forEach(section -> sections.add(section.asString("")));
            if (!sections.isEmpty()) {
                screen().line("KIS reports the circuit breaker on: " + String.join(", ", sections) + ".");
            }
        }
    }
}
