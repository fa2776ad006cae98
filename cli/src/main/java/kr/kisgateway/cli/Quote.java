package kr.kisgateway.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.quote.AnyQuote;
import kr.kisgateway.api.quote.QuoteCalls;
import kr.kisgateway.api.quote.UsQuote;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(description = "The current price; US stocks in dollars.%n" + "현재가를 보여 줍니다. 미국 주식은 달러로 보여 줍니다.")
final class Quote extends GatewayCommand {
    @Parameters(paramLabel = "SYMBOL", description = "005930, AAPL.NASD, or with a class of shares BRK-B.NYSE")
    private String symbol = "";

    @Option(
            names = "--venue",
            paramLabel = "VENUE",
            description = "of a Korean stock: KRX, NXT, or UNIFIED for both together")
    private Optional<String> venue = Optional.empty();

    Quote(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(QuoteCalls.quote(symbol, venue)), quote -> {
            switch (quote) {
                case kr.kisgateway.api.quote.Quote it ->
                    show(
                            it,
                            it.price(),
                            it.change(),
                            it.prevClose(),
                            it.open(),
                            it.high(),
                            it.low(),
                            it.bid(),
                            it.ask(),
                            it.turnover());
                case UsQuote it ->
                    show(
                            it,
                            it.price(),
                            it.change(),
                            it.prevClose(),
                            it.open(),
                            it.high(),
                            it.low(),
                            it.bid(),
                            it.ask(),
                            it.turnover());
            }
        });
    }

    /** @param amounts price, change, previous close, open, high, low, bid, ask, turnover */
    private void show(AnyQuote quote, Object... amounts) {
        var texts = Arrays.stream(amounts)
                .map(amount -> Format.money(quote.currency(), amount))
                .toList();
        screen().line(quote.symbol() + "  " + quote.name() + "  " + quote.session());
        screen().pairs(List.of(
                new Pair("price", texts.get(0)),
                new Pair("change", texts.get(1) + " (" + Format.percent(quote.changePct()) + ")"),
                new Pair("previous close", texts.get(2)),
                new Pair("open", texts.get(3)),
                new Pair("high", texts.get(4)),
                new Pair("low", texts.get(5)),
                new Pair("bid", texts.get(6)),
                new Pair("ask", texts.get(7)),
                new Pair("volume", Format.value(quote.volume())),
                new Pair("turnover", texts.get(8)),
                new Pair("from", Book.source(quote.source(), quote.freshnessSec(), quote.state()))));
    }
}
