package kr.kisgateway.cli;

import java.util.List;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(description = "The current price; US stocks in dollars.%n" + "현재가를 보여 줍니다. 미국 주식은 달러로 보여 줍니다.")
final class Quote extends GatewayCommand {
    @Parameters(paramLabel = "SYMBOL", description = "005930, AAPL.NASD, or with a class of shares BRK-B.NYSE")
    private String symbol = "";

    Quote(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get("/v1/quotes/" + GatewayConnection.encode(symbol)), this::show);
    }

    private void show(JsonNode quote) {
        screen().line(Format.text(quote, "symbol") + "  " + Format.text(quote, "name") + "  "
                + Format.text(quote, "session"));
        screen().pairs(List.of(
                new Pair("price", Format.money(quote, quote.path("price"))),
                new Pair(
                        "change",
                        Format.money(quote, quote.path("change")) + " (" + Format.text(quote, "change_pct") + " %)"),
                new Pair("previous close", Format.money(quote, quote.path("prev_close"))),
                new Pair("open", Format.money(quote, quote.path("open"))),
                new Pair("high", Format.money(quote, quote.path("high"))),
                new Pair("low", Format.money(quote, quote.path("low"))),
                new Pair("bid", Format.money(quote, quote.path("bid"))),
                new Pair("ask", Format.money(quote, quote.path("ask"))),
                new Pair("volume", Format.text(quote, "volume")),
                new Pair("turnover", Format.money(quote, quote.path("turnover"))),
                new Pair("from", Book.source(quote))));
    }
}
