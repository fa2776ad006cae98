package kr.kisgateway.gateway.redis;

import java.time.LocalTime;
import kr.kisgateway.gateway.orderbook.BookSource.Expected;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;

/** Codecs of order books, level by level. */
final class BookCodecs {
    private static final int LEVEL_VALUES = 4 * OrderBook.LEVELS;

    private BookCodecs() {}

    /** A Korean book: symbol, time, forty levels, two totals, expected match of an auction, whether trading is interrupted. */
    static final class Korean implements Codec<RestBook> {
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
            Symbol symbol = fields.symbol();
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

    static final class Us implements Codec<UsBook> {
        @Override
        public void write(FieldWriter fields, UsBook book) {
            fields.list(book.bids(), Us::write)
                    .list(book.asks(), Us::write)
                    .number(book.totalBidQty())
                    .number(book.totalAskQty())
                    .optional(book.at(), (to, at) -> to.number(at.toNanoOfDay()));
        }

        @Override
        public UsBook read(FieldReader fields) {
            return new UsBook(
                    fields.list(Us::level),
                    fields.list(Us::level),
                    fields.number(),
                    fields.number(),
                    fields.optional(from -> LocalTime.ofNanoOfDay(from.number())));
        }

        private static void write(FieldWriter fields, UsBook.Level level) {
            fields.decimal(level.price()).number(level.qty());
        }

        private static UsBook.Level level(FieldReader fields) {
            return new UsBook.Level(fields.decimal(), fields.number());
        }
    }
}
