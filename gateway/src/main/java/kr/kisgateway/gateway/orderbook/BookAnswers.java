package kr.kisgateway.gateway.orderbook;

import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import kr.kisgateway.api.orderbook.OrderBook;
import kr.kisgateway.api.orderbook.UsOrderBook;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.gateway.quote.UsFeed;

/** Books as the API answers them. */
final class BookAnswers {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private BookAnswers() {}

    static OrderBook answer(BookAnswer answer, int depth) {
        var book = answer.book();
        var bid = price(book.bidPrice(0));
        var ask = price(book.askPrice(0));
        return new OrderBook(
                answer.instrument().symbol().code(),
                answer.instrument().name(),
                answer.instrument().market().name(),
                side(depth, level -> book.bidPrice((int) level), level -> book.bidQty((int) level)),
                side(depth, level -> book.askPrice((int) level), level -> book.askQty((int) level)),
                book.totalBidQty(),
                book.totalAskQty(),
                bid,
                ask,
                bid.isPresent() && ask.isPresent()
                        ? OptionalLong.of(ask.getAsLong() - bid.getAsLong())
                        : OptionalLong.empty(),
                answer.expected().map(it -> new OrderBook.Expected(it.price(), it.qty(), it.change(), it.changePct())),
                answer.source().wireName(),
                seconds(answer.tsMs()),
                answer.tsMs(),
                ApiValues.thousandths(answer.ageMillis()),
                answer.state().name(),
                answer.session().name(),
                time(book.timeOfDay()),
                "KRW");
    }

    /** Levels with a price, the best first. KIS does not send the number of orders at a level. */
    private static List<OrderBook.Level> side(int depth, LongUnaryOperator price, LongUnaryOperator qty) {
        return IntStream.range(0, depth)
                .filter(level -> price.applyAsLong(level) > 0)
                .mapToObj(level ->
                        new OrderBook.Level(price.applyAsLong(level), qty.applyAsLong(level), OptionalLong.empty()))
                .toList();
    }

    static UsOrderBook answer(UsBookAnswer answer) {
        var book = answer.book();
        return new UsOrderBook(
                answer.listed().code(),
                answer.listed().name(),
                answer.listed().market().name(),
                side(book.bids()),
                side(book.asks()),
                book.totalBidQty(),
                book.totalAskQty(),
                book.bestBid().map(Dollars::plain),
                book.bestAsk().map(Dollars::plain),
                book.spread().map(Dollars::plain),
                Optional.empty(),
                answer.source().wireName(),
                seconds(answer.tsMs()),
                answer.tsMs(),
                ApiValues.thousandths(answer.ageMillis()),
                answer.state().name(),
                answer.session().name(),
                book.at().map(TIME::format),
                "USD",
                answer.depth(),
                answer.feed().map(UsFeed::wireName));
    }

    private static List<UsOrderBook.Level> side(List<UsBook.Level> levels) {
        return levels.stream()
                .map(level -> new UsOrderBook.Level(Dollars.plain(level.price()), level.qty(), OptionalLong.empty()))
                .toList();
    }

    private static OptionalLong seconds(OptionalLong millis) {
        return millis.isPresent() ? OptionalLong.of(millis.getAsLong() / 1000) : OptionalLong.empty();
    }

    private static OptionalLong price(long won) {
        return won > 0 ? OptionalLong.of(won) : OptionalLong.empty();
    }

    private static Optional<String> time(int time) {
        return time == 0
                ? Optional.empty()
                : Optional.of(
                        String.format(Locale.ROOT, "%02d:%02d:%02d", time / 10_000, time / 100 % 100, time % 100));
    }
}
