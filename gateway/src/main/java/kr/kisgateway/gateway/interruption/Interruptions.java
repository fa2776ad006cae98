package kr.kisgateway.gateway.interruption;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last word of KIS about each stock whose status is registered, and what follows when it changes.
 *
 * <p>A record that differs in anything from the one before it ends everything that was asked about its stock: that costs a call, and a
 * price of before a halt costs more. One about the whole market ends everything that was asked about that market, once, however many
 * stocks it is told of. Nothing is remembered longer than the registration stands without a gap, so no stock stays halted because the
 * end of a halt was missed.
 *
 * <p>Bounded by what KIS registers.
 */
public final class Interruptions implements StatusListener {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.interruption");
    /** The same word about a market comes once for each of its stocks that is registered. */
    private static final Duration SAME = Duration.ofMinutes(1);

    /** @param at when it came */
    public record Told(StockStatus status, Instant at) {}

    private record MarketWord(Market market, String code) {}

    private final Function<Symbol, Optional<Market>> marketOf;
    private final Function<Market, List<Symbol>> symbolsOf;
    private final List<Consequences> consequences = new CopyOnWriteArrayList<>();
    private final Executor workers;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Written under the lock. */
    private final Map<Symbol, Told> told = new ConcurrentHashMap<>();

    private final Map<MarketWord, Instant> words = new HashMap<>();
    private final Map<Market, LocalDate> breakers = new EnumMap<>(Market.class);
    private final AtomicLong changes = new AtomicLong();

    /**
     * @param marketOf in which section a stock is listed
     * @param symbolsOf all that a section lists
     * @param workers runs what follows: whoever tells of a change must not wait for it
     */
    public Interruptions(
            Function<Symbol, Optional<Market>> marketOf,
            Function<Market, List<Symbol>> symbolsOf,
            Executor workers,
            TradingCalendar calendar,
            InstantSource clock) {
        this.marketOf = marketOf;
        this.symbolsOf = symbolsOf;
        this.workers = workers;
        this.calendar = calendar;
        this.clock = clock;
    }

    /** Has {@code listener} told from now on; in the order in which they came. */
    public void listen(Consequences listener) {
        consequences.add(listener);
    }

    @Override
    public void told(StockStatus status) {
        var symbol = status.symbol();
        var market = marketOf.apply(symbol);
        var follows = new ArrayList<Consumer<Consequences>>();
        lock.lock();
        try {
            var now = clock.instant();
            var before = Optional.ofNullable(told.put(symbol, new Told(status, now)));
            if (before.filter(it -> it.status().equals(status)).isPresent()) {
                return;
            }
            changes.incrementAndGet();
            LOG.info(
                    "stock_status symbol={} halted={} interrupted={} standing={} operation={}",
                    symbol,
                    status.halted(),
                    status.interrupted(),
                    status.standing(),
                    status.operation());
            follows.add(it -> it.outdated(List.of(symbol)));
            follows.add(it -> it.changed(symbol));
            market.ifPresent(of -> Operation.of(status.operation())
                    .ifPresent(operation -> ofMarket(of, operation, status.operation(), now, follows)));
        } finally {
            lock.unlock();
        }
        run(follows);
    }

    private void ofMarket(
            Market market, Operation operation, String code, Instant now, List<Consumer<Consequences>> follows) {
        var before = words.put(new MarketWord(market, code), now);
        if (before != null && now.isBefore(before.plus(SAME))) {
            return;
        }
        breaker(market, operation, code, now, follows);
        follows.add(it -> it.outdated(symbolsOf.apply(market)));
    }

    private void breaker(
            Market market, Operation operation, String code, Instant now, List<Consumer<Consequences>> follows) {
        var today = calendar.tradingDay(now);
        boolean wasOn = today.equals(breakers.get(market));
        boolean isOn = switch (operation) {
            case BREAKER_ON -> true;
            case BREAKER_OFF -> false;
            case PAUSE, BREAKER_AUCTION -> wasOn;
        };
        if (isOn == wasOn) {
            return;
        }
        if (isOn) {
            breakers.put(market, today);
        } else {
            breakers.remove(market);
        }
        follows.add(it -> it.breaker(market, isOn, code));
    }

    /** What was told of it is forgotten: the end of a halt would be missed. */
    @Override
    public void released(Symbol symbol) {
        forget(symbol, false);
    }

    /** What may have been missed counts as a change. */
    @Override
    public void missed(Symbol symbol) {
        forget(symbol, true);
    }

    private void forget(Symbol symbol, boolean missed) {
        var market = marketOf.apply(symbol);
        var follows = new ArrayList<Consumer<Consequences>>();
        lock.lock();
        try {
            var was = Optional.ofNullable(told.remove(symbol));
            boolean stopped = was.map(Told::status)
                    .filter(it -> it.halted() || it.interrupted())
                    .isPresent();
            if (missed || stopped) {
                follows.add(it -> it.outdated(List.of(symbol)));
            }
            if (stopped) {
                follows.add(it -> it.changed(symbol));
            }
            // Without a stock of that market nobody would tell that the breaker is off again.
            market.filter(of -> told.keySet().stream()
                            .noneMatch(other -> marketOf.apply(other).equals(market)))
                    .ifPresent(of -> {
                        if (breakers.remove(of) != null) {
                            follows.add(it -> it.breakerUnknown(of));
                        }
                        words.keySet().removeIf(word -> word.market() == of);
                    });
        } finally {
            lock.unlock();
        }
        run(follows);
    }

    private void run(List<Consumer<Consequences>> follows) {
        if (!follows.isEmpty()) {
            try {
                // What is outdated first: whoever is told of a change may ask at once.
                workers.execute(() -> follows.forEach(consequences::forEach));
            } catch (RejectedExecutionException stopping) {
                // The gateway stops, and its registrations with it: nobody is left to be told.
                LOG.debug("stock_status_at_stop", stopping);
            }
        }
    }

    /** What KIS said last of {@code symbol}; empty where its status is not registered, or nothing has changed since. */
    public Optional<Told> last(Symbol symbol) {
        return Optional.ofNullable(told.get(symbol));
    }

    /** The markets of which KIS says that the circuit breaker is on. */
    public List<Market> breakers() {
        lock.lock();
        try {
            var today = calendar.tradingDay(clock.instant());
            return breakers.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(today))
                    .map(Map.Entry::getKey)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Records that said something new since the start. */
    public long changes() {
        return changes.get();
    }
}
