package kr.kisgateway.gateway.orderbook;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import kr.kisgateway.api.orderbook.AnyOrderBook;
import kr.kisgateway.api.orderbook.OrderBook;
import kr.kisgateway.api.orderbook.UsOrderBook;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.Currency;

/** Books as the API answers them. */
final class BookAnswers {
    private BookAnswers() {}

    static AnyOrderBook answer(BookAnswer answer) {
        return answer.listed().symbol().market().currency() == Currency.KRW ? inWon(answer) : inDecimals(answer);
    }

    private static OrderBook inWon(BookAnswer answer) {
        var book = answer.book();
        var bid = price(book.bidPrice(0));
        var ask = price(book.askPrice(0));
        return new OrderBook(
                answer.listed().code(),
                answer.listed().name(),
                answer.listed().market().name(),
                side(answer.depth(), book::bidPrice, book::bidQty, BookAnswers::wonLevel),
                side(answer.depth(), book::askPrice, book::askQty, BookAnswers::wonLevel),
                book.totalBidQty(),
                book.totalAskQty(),
                bid,
                ask,
                spread(bid, ask),
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

    /** Of a market whose currency has decimals. */
    private static UsOrderBook inDecimals(BookAnswer answer) {
        var book = answer.book();
        var currency = answer.listed().symbol().market().currency();
        LevelForm<UsOrderBook.Level> level =
                (price, qty) -> new UsOrderBook.Level(ApiValues.amount(currency, price), qty, OptionalLong.empty());
        var bid = price(book.bidPrice(0));
        var ask = price(book.askPrice(0));
        return new UsOrderBook(
                answer.listed().code(),
                answer.listed().name(),
                answer.listed().market().name(),
                side(answer.depth(), book::bidPrice, book::bidQty, level),
                side(answer.depth(), book::askPrice, book::askQty, level),
                book.totalBidQty(),
                book.totalAskQty(),
                amount(currency, bid),
                amount(currency, ask),
                amount(currency, spread(bid, ask)),
                Optional.empty(),
                answer.source().wireName(),
                seconds(answer.tsMs()),
                answer.tsMs(),
                ApiValues.thousandths(answer.ageMillis()),
                answer.state().name(),
                answer.session().name(),
                time(book.timeOfDay()),
                currency.name(),
                answer.depth(),
                answer.feed().map(PushFeed::wireName));
    }

    /** Levels with a price, the best first. KIS does not send the number of orders at a level. */
    private static <L> List<L> side(int depth, Figure price, Figure qty, LevelForm<L> form) {
        return IntStream.range(0, depth)
                .filter(level -> price.at(level) > 0)
                .mapToObj(level -> form.of(price.at(level), qty.at(level)))
                .toList();
    }

    /** A figure of each level. */
    private interface Figure {
        long at(int level);
    }

    private interface LevelForm<L> {
        L of(long price, long qty);
    }

    private static OrderBook.Level wonLevel(long price, long qty) {
        return new OrderBook.Level(price, qty, OptionalLong.empty());
    }

    private static OptionalLong spread(OptionalLong bid, OptionalLong ask) {
        return bid.isPresent() && ask.isPresent()
                ? OptionalLong.of(ask.getAsLong() - bid.getAsLong())
                : OptionalLong.empty();
    }

    private static Optional<BigDecimal> amount(Currency currency, OptionalLong units) {
        return units.isPresent() ? Optional.of(ApiValues.amount(currency, units.getAsLong())) : Optional.empty();
    }

    private static OptionalLong seconds(OptionalLong millis) {
        return millis.isPresent() ? OptionalLong.of(millis.getAsLong() / 1000) : OptionalLong.empty();
    }

    private static OptionalLong price(long units) {
        return units > 0 ? OptionalLong.of(units) : OptionalLong.empty();
    }

    private static Optional<String> time(int time) {
        return time == 0
                ? Optional.empty()
                : Optional.of(
                        String.format(Locale.ROOT, "%02d:%02d:%02d", time / 10_000, time / 100 % 100, time % 100));
    }
}
