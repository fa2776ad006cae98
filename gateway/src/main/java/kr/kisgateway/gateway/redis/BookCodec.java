package kr.kisgateway.gateway.redis;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.orderbook.BookSource.Asked;
import kr.kisgateway.gateway.orderbook.BookSource.Expected;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;

/** A Korean order book with what an auction would give: symbol, time, forty levels, two totals, the auction's four, interrupted. */
final class BookCodec implements RedisShelf.Codec<Asked> {
    private static final int LEVEL_VALUES = 4 * OrderBook.LEVELS;
    private static final int HEAD = 2;
    private static final int TOTALS = HEAD + LEVEL_VALUES;
    private static final int AUCTION = TOTALS + 2;
    private static final int INTERRUPTED = AUCTION + 4;

    @Override
    public int count() {
        return INTERRUPTED + 1;
    }

    @Override
    public List<String> write(Asked asked) {
        OrderBook book = asked.book();
        List<String> fields = new ArrayList<>(count());
        fields.add(book.symbol().code());
        fields.add(Integer.toString(book.timeOfDay()));
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            fields.add(Long.toString(book.askPrice(level)));
        }
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            fields.add(Long.toString(book.bidPrice(level)));
        }
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            fields.add(Long.toString(book.askQty(level)));
        }
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            fields.add(Long.toString(book.bidQty(level)));
        }
        fields.add(Long.toString(book.totalAskQty()));
        fields.add(Long.toString(book.totalBidQty()));
        fields.addAll(asked.expected()
                .map(auction -> List.of(
                        Long.toString(auction.price()),
                        Long.toString(auction.qty()),
                        Long.toString(auction.change()),
                        auction.changePct().toPlainString()))
                .orElse(List.of("", "", "", "")));
        fields.add(asked.interrupted() ? "1" : "0");
        return fields;
    }

    @Override
    public Asked read(List<String> fields) {
        long[] levels =
                fields.subList(HEAD, TOTALS).stream().mapToLong(Long::parseLong).toArray();
        var book = new OrderBook(
                new Symbol(fields.get(0)),
                Integer.parseInt(fields.get(1)),
                levels,
                Long.parseLong(fields.get(TOTALS)),
                Long.parseLong(fields.get(TOTALS + 1)));
        List<String> auction = fields.subList(AUCTION, INTERRUPTED);
        Optional<Expected> expected = auction.getFirst().isEmpty()
                ? Optional.empty()
                : Optional.of(new Expected(
                        Long.parseLong(auction.get(0)),
                        Long.parseLong(auction.get(1)),
                        Long.parseLong(auction.get(2)),
                        new BigDecimal(auction.get(3))));
        return new Asked(book, expected, fields.get(INTERRUPTED).equals("1"));
    }
}
