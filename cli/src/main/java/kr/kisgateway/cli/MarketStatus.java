package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.api.market.MarketCalls;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;

@Command(description = "What each market is doing now, and what it does next.%n" + "각 시장의 현재 상태와 다음 일정을 보여 줍니다.")
final class MarketStatus extends GatewayCommand {
    MarketStatus(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(MarketCalls.status()), this::show);
    }

    private void show(kr.kisgateway.api.market.MarketStatus status) {
        var rows = new ArrayList<List<String>>();
        for (var market : status.markets()) {
            rows.add(List.of(
                    market.market(),
                    market.session(),
                    Format.dateTime(market.nextAt()),
                    market.nextSession().orElse(""),
                    Format.dateTime(market.opensAt()),
                    Format.dateTime(market.closesAt()),
                    market.holiday().orElse("")));
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
        for (var market : status.markets()) {
            List<String> sections = market.circuitBreaker().orElse(List.of());
            if (!sections.isEmpty()) {
                screen().line("KIS reports the circuit breaker on: " + String.join(", ", sections) + ".");
            }
        }
    }
}
