package kr.kisgateway.gateway.aegis;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.aegis.T1101Answer;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.orderbook.BookAnswer;
import kr.kisgateway.gateway.orderbook.BookService;
import kr.kisgateway.gateway.quote.Quote;
import kr.kisgateway.gateway.quote.QuoteService;
import kr.kisgateway.market.OrderBook;

/**
 * t1101: the quote and the order book of a stock, by the rules of {@code /v1/quotes} and {@code /v1/orderbooks}: pushed values, or
 * requested ones of the last second.
 */
record PriceWithBook(KoreanListing listing, QuoteService quotes, BookService books) implements TrCall {
    @Override
    public String name() {
        return "t1101";
    }

    @Override
    public Role role() {
        return Role.QUOTE;
    }

    @Override
    public List<String> parameters() {
        return List.of(KoreanListing.PARAMETER);
    }

    @Override
    public T1101Answer answer(TrParameters parameters, Caller caller, AegisVersion version) {
        var listed = listing.require(parameters, caller);
        var quote = quotes.quote(listed, caller.name()).orElseThrow();
        var book = books.book(listed, OrderBook.LEVELS, caller.name());
        var state = quote.state().compareTo(book.state()) > 0 ? quote.state() : book.state();
        var age = ApiValues.thousandths(Math.max(quote.ageMillis(), book.ageMillis()));
        return new T1101Answer(
                state == Quote.State.HEALTHY ? AegisCode.OK.text() : AegisCode.DELAYED.text(),
                state == Quote.State.HEALTHY ? AegisCode.OK.message() : delayed(state, age),
                data(quote, book, version.hasMarketCap() ? marketCap(quote) : OptionalLong.empty(), state, age));
    }

    private static String delayed(Quote.State state, BigDecimal age) {
        return "Delayed (지연): the price or the book is " + state + ", " + age.toPlainString() + " s old";
    }

    private static T1101Answer.Data data(
            Quote quote, BookAnswer answer, OptionalLong marketCap, Quote.State state, BigDecimal age) {
        var book = answer.book();
        return new T1101Answer.Data(
                quote.listed().code(),
                quote.listed().name(),
                quote.price(),
                quote.change(),
                quote.changePct(),
                quote.volume(),
                quote.turnover(),
                quote.prevClose(),
                price(quote.open()),
                price(quote.high()),
                price(quote.low()),
                levels(book),
                book.totalAskQty(),
                book.totalBidQty(),
                book.timeOfDay() == 0
                        ? Optional.empty()
                        : Optional.of(String.format(Locale.ROOT, "%06d", book.timeOfDay())),
                answer.expected().map(it -> OptionalLong.of(it.price())).orElse(OptionalLong.empty()),
                answer.expected().map(it -> OptionalLong.of(it.qty())).orElse(OptionalLong.empty()),
                marketCap,
                state.name(),
                quote.source().wireName(),
                age);
    }

    /** 0 means none. */
    private static OptionalLong price(long won) {
        return won > 0 ? OptionalLong.of(won) : OptionalLong.empty();
    }

    private static Map<String, Long> levels(OrderBook book) {
        var levels = new LinkedHashMap<String, Long>();
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            levels.put("offerho" + (level + 1), book.askPrice(level));
            levels.put("bidho" + (level + 1), book.bidPrice(level));
            levels.put("offerrem" + (level + 1), book.askQty(level));
            levels.put("bidrem" + (level + 1), book.bidQty(level));
        }
        return levels;
    }

    /** KIS's; a pushed price comes without one. */
    private static OptionalLong marketCap(Quote quote) {
        if (quote.marketCap().isPresent()) {
            return quote.marketCap();
        }
        long shares = quote.listed() instanceof Listed.Korean korean
                ? korean.instrument().listedShares()
                : 0;
        return shares > 0 ? OptionalLong.of(Math.multiplyExact(shares, quote.price())) : OptionalLong.empty();
    }
}
