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
public final class StockStatusMonitor implements StatusListener {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.interruption");
    /** The same word about a market comes once for each of its stocks that is registered. */
    private static final Duration REPEAT_WINDOW = Duration.ofMinutes(1);

    /** @param at when it came */
    public record ObservedStatus(StockStatus status, Instant at) {}

    private record MarketCode(Market market, String code) {}

    private final Function<Symbol, Optional<Market>> marketOf;
    private final Function<Market, List<Symbol>> symbolsOf;
    private final List<StatusChangeListener> listeners = new CopyOnWriteArrayList<>();
    private final Executor workers;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Written under the lock. */
    private final Map<Symbol, ObservedStatus> observed = new ConcurrentHashMap<>();

    private final Map<MarketCode, Instant> lastMarketCodes = new HashMap<>();
    private final Map<Market, LocalDate> breakers = new EnumMap<>(Market.class);
    private final AtomicLong changes = new AtomicLong();

    /**
     * @param marketOf in which section a stock is listed
     * @param symbolsOf all that a section lists
     * @param workers runs what follows: whoever tells of a change must not wait for it
     */
    public StockStatusMonitor(
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
    public void addListener(StatusChangeListener listener) {
        listeners.add(listener);
    }

    @Override
    public void observed(StockStatus status) {
        var symbol = status.symbol();
        var market = marketOf.apply(symbol);
        var notifications = new ArrayList<Consumer<StatusChangeListener>>();
        lock.lock();
        try {
            var now = clock.instant();
            var before = Optional.ofNullable(observed.put(symbol, new ObservedStatus(status, now)));
            if (before.filter(it -> it.status().equals(status)).isPresent()) {
                return;
            }
            changes.incrementAndGet();
            LOG.info(
                    "stock_status symbol={} halted={} interrupted={} standing={} operation={}",
                    symbol,
                    status.halted(),
                    status.interrupted(),
                    status.designation(),
                    status.operation());
            notifications.add(it -> it.answersInvalidated(List.of(symbol)));
            notifications.add(it -> it.statusChanged(symbol));
            market.ifPresent(of -> MarketOperation.of(status.operation())
                    .ifPresent(
                            operation -> applyMarketOperation(of, operation, status.operation(), now, notifications)));
        } finally {
            lock.unlock();
        }
        dispatch(notifications);
    }

    private void applyMarketOperation(
            Market market,
            MarketOperation operation,
            String code,
            Instant now,
            List<Consumer<StatusChangeListener>> notifications) {
        var before = lastMarketCodes.put(new MarketCode(market, code), now);
        if (before != null && now.isBefore(before.plus(REPEAT_WINDOW))) {
            return;
        }
        updateBreaker(market, operation, code, now, notifications);
        notifications.add(it -> it.answersInvalidated(symbolsOf.apply(market)));
    }

    private void updateBreaker(
            Market market,
            MarketOperation operation,
            String code,
            Instant now,
            List<Consumer<StatusChangeListener>> notifications) {
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
        notifications.add(it -> it.breakerChanged(market, isOn, code));
    }

    /** What was told of it is forgotten: the end of a halt would be missed. */
    @Override
    public void released(Symbol symbol) {
        discard(symbol, false);
    }

    /** What may have been missed counts as a change. */
    @Override
    public void missed(Symbol symbol) {
        discard(symbol, true);
    }

    private void discard(Symbol symbol, boolean missed) {
        var market = marketOf.apply(symbol);
        var notifications = new ArrayList<Consumer<StatusChangeListener>>();
        lock.lock();
        try {
            var was = Optional.ofNullable(observed.remove(symbol));
            boolean wasStopped = was.map(ObservedStatus::status)
                    .filter(it -> it.halted() || it.interrupted())
                    .isPresent();
            if (missed || wasStopped) {
                notifications.add(it -> it.answersInvalidated(List.of(symbol)));
            }
            if (wasStopped) {
                notifications.add(it -> it.statusChanged(symbol));
            }
            // Without a stock of that market nobody would tell that the breaker is off again.
            market.filter(of -> observed.keySet().stream()
                            .noneMatch(other -> marketOf.apply(other).equals(market)))
                    .ifPresent(of -> {
                        if (breakers.remove(of) != null) {
                            notifications.add(it -> it.breakerUnknown(of));
                        }
                        lastMarketCodes.keySet().removeIf(marketCode -> marketCode.market() == of);
                    });
        } finally {
            lock.unlock();
        }
        dispatch(notifications);
    }

    private void dispatch(List<Consumer<StatusChangeListener>> notifications) {
        if (!notifications.isEmpty()) {
            try {
                // What is outdated first: whoever is told of a change may ask at once.
                workers.execute(() -> notifications.forEach(listeners::forEach));
            } catch (RejectedExecutionException stopping) {
                // The gateway stops, and its registrations with it: nobody is left to be told.
                LOG.debug("stock_status_at_stop", stopping);
            }
        }
    }

    /** What KIS said last of {@code symbol}; empty where its status is not registered, or nothing has changed since. */
    public Optional<ObservedStatus> lastStatus(Symbol symbol) {
        return Optional.ofNullable(observed.get(symbol));
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
