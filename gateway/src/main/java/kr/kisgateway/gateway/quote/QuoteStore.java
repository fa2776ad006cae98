package kr.kisgateway.gateway.quote;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;

/**
 * The last pushed value of every symbol. Written by the feed's one thread, read by any. Bounded by {@link #SYMBOLS_MAX}; a
 * symbol beyond that is counted and not stored (the listing has fewer).
 */
public final class QuoteStore {
    /** More symbols than the market lists. */
    public static final int SYMBOLS_MAX = 10_000;

    private final InstantSource clock;
    private final ConcurrentHashMap<Symbol, LastTick> trades = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<MarketSymbol, LastBook> books = new ConcurrentHashMap<>();
    private final AtomicLong upserts = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    public QuoteStore(InstantSource clock) {
        this.clock = clock;
    }

    /** Stores {@code trade} as the last one; returns the new state. */
    public LastTick putTrade(Trade trade) {
        messages.incrementAndGet();
        var last = new LastTick(trade, clock.millis(), trade.bid(), trade.ask());
        if (hasCapacity(trades, trade.symbol())) {
            trades.put(trade.symbol(), last);
            upserts.incrementAndGet();
        }
        return last;
    }

    /**
     * Stores the polled figures of the day of {@code symbol}, in won and shares; returns the new state.
     *
     * @param bid best bid; 0 when KIS does not send it
     * @param ask best ask; 0 when KIS does not send it
     */
    public LastTick putPolled(
            Symbol symbol,
            long price,
            long change,
            long open,
            long high,
            long low,
            long bid,
            long ask,
            long volume,
            long turnover) {
        var figures = new Trade(symbol, 0, 0, price, 0, change, open, high, low, ask, bid, volume, turnover, '-');
        var last = new LastTick(figures, clock.millis(), bid, ask);
        if (hasCapacity(trades, symbol)) {
            trades.put(symbol, last);
            upserts.incrementAndGet();
        }
        return last;
    }

    /** Stores {@code latest} as the last book of its symbol and its best prices with the last trade. */
    public void putBook(LastBook latest) {
        messages.incrementAndGet();
        var book = latest.book();
        if (hasCapacity(books, book.symbol())) {
            books.put(book.symbol(), latest);
            if (book.symbol() instanceof Symbol korean) {
                trades.computeIfPresent(
                        korean,
                        (_, last) -> new LastTick(last.trade(), last.tradeAtMs(), book.bidPrice(0), book.askPrice(0)));
            }
            upserts.incrementAndGet();
        }
    }

    public Optional<LastTick> last(Symbol symbol) {
        return Optional.ofNullable(trades.get(symbol));
    }

    /** The last book, pushed or polled. */
    public Optional<LastBook> lastBook(MarketSymbol symbol) {
        return Optional.ofNullable(books.get(symbol));
    }

    /** Symbols with a pushed trade. */
    public int size() {
        return trades.size();
    }

    public void forEach(BiConsumer<Symbol, LastTick> action) {
        trades.forEach(action);
    }

    /** Values stored since the start. */
    public long upserts() {
        return upserts.get();
    }

    /** Trades and books received since the start. */
    public long messages() {
        return messages.get();
    }

    /** Values not stored because {@link #SYMBOLS_MAX} symbols are stored already. */
    public long refused() {
        return refused.get();
    }

    private <K> boolean hasCapacity(ConcurrentHashMap<K, ?> map, K symbol) {
        if (map.size() < SYMBOLS_MAX || map.containsKey(symbol)) {
            return true;
        }
        refused.incrementAndGet();
        return false;
    }
}
