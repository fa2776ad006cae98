package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import kr.kisgateway.api.orderbook.AnyOrderBook;
import kr.kisgateway.api.orderbook.OrderBook;
import kr.kisgateway.api.orderbook.OrderBookCalls;
import kr.kisgateway.api.orderbook.UsOrderBook;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "The order book, ten levels a side; of US stocks as many as KIS provides.%n"
                + "호가창을 10단계까지 보여 줍니다 (미국 주식은 받은 만큼).")
final class Book extends GatewayCommand {
    @Parameters(paramLabel = "SYMBOL", description = "005930, or AAPL.NASD")
    private String symbol = "";

    @Option(
            names = "--venue",
            paramLabel = "VENUE",
            description = "of a Korean stock: KRX, NXT, or UNIFIED for both together")
    private Optional<String> venue = Optional.empty();

    Book(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(OrderBookCalls.orderBook(symbol, OptionalInt.empty(), venue)), book -> {
            switch (book) {
                case OrderBook korean ->
                    show(
                            korean,
                            rows(korean.asks(), level -> Format.value(level.price()), OrderBook.Level::qty),
                            rows(korean.bids(), level -> Format.value(level.price()), OrderBook.Level::qty),
                            Format.value(korean.spread()));
                case UsOrderBook us ->
                    show(
                            us,
                            rows(us.asks(), level -> Format.dollars(level.price()), UsOrderBook.Level::qty),
                            rows(us.bids(), level -> Format.dollars(level.price()), UsOrderBook.Level::qty),
                            Format.dollars(us.spread()));
            }
        });
    }

    /** A level's price and quantity. */
    private record Row(String price, String qty) {}

    private static <L> List<Row> rows(List<L> levels, Function<L, String> price, ToLongFunction<L> qty) {
        return levels.stream()
                .map(level -> new Row(price.apply(level), Format.value(qty.applyAsLong(level))))
                .toList();
    }

    /** The asks above the bids, prices falling, as on trading screens. */
    private void show(AnyOrderBook book, List<Row> asks, List<Row> bids, String spread) {
        screen().line(book.symbol() + "  " + book.name() + "  " + book.session());
        var rows = new ArrayList<List<String>>();
        asks.reversed().forEach(ask -> rows.add(List.of(ask.qty(), ask.price(), "")));
        bids.forEach(bid -> rows.add(List.of("", bid.price(), bid.qty())));
        rows.add(List.of(Format.value(book.totalAskQty()), "in all", Format.value(book.totalBidQty())));
        screen().table(List.of(Column.right("ASKS"), Column.right("PRICE"), Column.right("BIDS")), rows);
        screen().pairs(List.of(
                new Pair("spread", spread),
                new Pair(
                        "expected fill",
                        book.expected()
                                .map(it -> Format.value(it.qty()) + " at " + Format.value(it.price()))
                                .orElse("")),
                new Pair("from", source(book.source(), book.freshnessSec(), book.state()))));
    }

    /** {@code kis-rest, 0.4 s old, STALE}. */
    static String source(String source, BigDecimal freshnessSec, String state) {
        return source + ", " + Format.value(freshnessSec) + " s old" + (state.equals("HEALTHY") ? "" : ", " + state);
    }
}
