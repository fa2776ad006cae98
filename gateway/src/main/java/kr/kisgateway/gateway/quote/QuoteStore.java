package kr.kisgateway.gateway.quote;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.VenueSymbol;

/**
 * The last pushed value of every symbol. Written by the feed's one thread, read by any. Bounded by {@link #SYMBOLS_MAX}; a
 * symbol beyond that is counted and not stored (the listing has fewer).
 */
public final class QuoteStore {
    /** More symbols than all markets list. */
    public static final int SYMBOLS_MAX = 20_000;

    private final InstantSource clock;
    private final ConcurrentHashMap<MarketSymbol, LastTick> trades = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<MarketSymbol, LastBook> books = new ConcurrentHashMap<>();
    private final AtomicLong upserts = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    public QuoteStore(InstantSource clock) {
        this.clock = clock;
    }

    /** Stores {@code trade} as the last one; returns the new state. */
    public LastTick putTrade(Trade trade, PushFeed feed) {
        messages.incrementAndGet();
        return put(trade, Optional.of(feed));
    }

    /** Stores the polled figures of a day, which are no trade; returns the new state. */
    public LastTick putPolled(Trade figures) {
        return put(figures, Optional.empty());
    }

    private LastTick put(Trade trade, Optional<PushFeed> feed) {
        var last = new LastTick(trade, feed, clock.millis(), trade.bid(), trade.ask());
        store(last);
        return last;
    }

    private void store(LastTick last) {
        if (hasCapacity(trades, last.trade().symbol())) {
            trades.put(last.trade().symbol(), last);
            upserts.incrementAndGet();
        }
    }

    /** Stores what the owner of the cluster has as the last value of a symbol. */
    public void put(LastTick last) {
        messages.incrementAndGet();
        store(last);
    }

    /** Stores {@code latest} as the last book of its symbol and its best prices with the last trade. */
    public void putBook(LastBook latest) {
        messages.incrementAndGet();
        var book = latest.book();
        if (hasCapacity(books, book.symbol())) {
            books.put(book.symbol(), latest);
            trades.computeIfPresent(book.symbol(), (_, last) -> withBest(last, latest));
            upserts.incrementAndGet();
        }
    }

    public Optional<LastTick> last(MarketSymbol symbol) {
        return Optional.ofNullable(trades.get(symbol));
    }

    /** Best prices of another series are not those of this trade. */
    private static LastTick withBest(LastTick last, LastBook latest) {
        boolean sameFeed =
                last.feed().isEmpty() || latest.feed().isEmpty() || last.feed().equals(latest.feed());
        return sameFeed
                ? new LastTick(
                        last.trade(),
                        last.feed(),
                        last.tradeAtMs(),
                        latest.book().bidPrice(0),
                        latest.book().askPrice(0))
                : last;
    }

    /** The last book, pushed or polled. */
    public Optional<LastBook> lastBook(MarketSymbol symbol) {
        return Optional.ofNullable(books.get(symbol));
    }

    /** Symbols of {@code market} with a pushed or polled value of the main series. */
    public int size(Market market) {
        return (int) trades.keySet().stream()
                .filter(symbol -> symbol.market().equals(market)
                        && VenueSymbol.venueOf(symbol).isEmpty())
                .count();
    }

    public void forEach(BiConsumer<MarketSymbol, LastTick> action) {
        trades.forEach(action);
    }

    /** Registers the meters of what was pushed and stored. */
    public void bindTo(Meters meters) {
        meters.counter("quote.store.messages", "messages", "Trades and books received", messages::get);
        meters.cacheLimit("last_trades", trades::size, SYMBOLS_MAX);
        meters.cacheLimit("last_books", books::size, SYMBOLS_MAX);
        meters.counter("quote.store.upserts", "values", "Values stored", upserts::get);
        meters.counter("quote.store.refused", "values", "Values not stored: too many symbols are stored", refused::get);
    }

    private boolean hasCapacity(ConcurrentHashMap<MarketSymbol, ?> map, MarketSymbol symbol) {
        if (map.size() < SYMBOLS_MAX || map.containsKey(symbol)) {
            return true;
        }
        refused.incrementAndGet();
        return false;
    }
}
