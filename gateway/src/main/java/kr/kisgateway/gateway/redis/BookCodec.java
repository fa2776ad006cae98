package kr.kisgateway.gateway.redis;

import kr.kisgateway.gateway.orderbook.BookSource.Expected;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.OrderBook;

/** Codec of a book: symbol, time, forty levels, two totals, expected match of an auction, whether trading is interrupted. */
record BookCodec(Markets markets) implements Codec<RestBook> {
    private static final int LEVEL_VALUES = 4 * OrderBook.LEVELS;

    @Override
    public void write(FieldWriter fields, RestBook restBook) {
        OrderBook book = restBook.book();
        fields.text(book.symbol().code()).number(book.timeOfDay());
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            fields.number(book.askPrice(level));
        }
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            fields.number(book.bidPrice(level));
        }
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            fields.number(book.askQty(level));
        }
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            fields.number(book.bidQty(level));
        }
        fields.number(book.totalAskQty())
                .number(book.totalBidQty())
                .optional(
                        restBook.expected(),
                        (to, auction) -> to.number(auction.price())
                                .number(auction.qty())
                                .number(auction.change())
                                .decimal(auction.changePct()))
                .flag(restBook.interrupted());
    }

    @Override
    public RestBook read(FieldReader fields) {
        MarketSymbol symbol = markets.parse(fields.text()).orElseThrow(() -> new IllegalArgumentException("no symbol"));
        int time = fields.integer();
        long[] levels = new long[LEVEL_VALUES];
        for (int i = 0; i < LEVEL_VALUES; i++) {
            levels[i] = fields.number();
        }
        var book = new OrderBook(symbol, time, levels, fields.number(), fields.number());
        var expected =
                fields.optional(from -> new Expected(from.number(), from.number(), from.number(), from.decimal()));
        return new RestBook(book, expected, fields.flag());
    }
}
