package kr.kisgateway.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(description = "Why KIS pushes a symbol, or why it is polled.%n" + "종목을 실시간으로 받는지 조회로 받는지, 그 이유를 보여 줍니다.")
final class Why extends GatewayCommand {
    @Parameters(paramLabel = "SYMBOL", description = "as 005930")
    private String symbol = "";

    Why(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        String path = new Query("/v1/session/pool")
                .with("symbol", Optional.of(symbol))
                .text();
        return report(gateway.get(path), this::show);
    }

    private void show(JsonNode answer) {
        for (JsonNode one : answer.path("demand")) {
            screen().line(symbol + " " + Format.text(one, "kind") + " (" + Format.text(one, "mode") + "): "
                    + Format.text(one, "why"));
        }
        if (answer.path("demand").isEmpty()) {
            screen().line("No stream client subscribes to " + symbol
                    + " , and KIS_WS_SYMBOLS does not name it: KIS pushes"
                    + " nothing of it, and a quote is requested from KIS on demand.");
        }
    }
}
