package kr.kisgateway.gateway.quote;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.market.UsSymbol;

/**
 * The last pushed value of every US stock. Written by the feed's thread, read by any. Bounded as {@link QuoteStore} is: a
 * symbol beyond {@link QuoteStore#SYMBOLS_MAX} is counted and not stored.
 */
public final class UsQuoteStore {
    private final Map<UsSymbol, LastUsTick> ticks = new ConcurrentHashMap<>();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    public void putTick(LastUsTick tick) {
        messages.incrementAndGet();
        if (ticks.size() < QuoteStore.SYMBOLS_MAX || ticks.containsKey(tick.symbol())) {
            ticks.put(tick.symbol(), tick);
        } else {
            refused.incrementAndGet();
        }
    }

    public Optional<LastUsTick> last(UsSymbol symbol) {
        return Optional.ofNullable(ticks.get(symbol));
    }

    /** Stocks with a value. */
    public int size() {
        return ticks.size();
    }

    /** Trades and polled prices since the start. */
    public long messages() {
        return messages.get();
    }

    /** Values that were not stored. */
    public long refused() {
        return refused.get();
    }
}
