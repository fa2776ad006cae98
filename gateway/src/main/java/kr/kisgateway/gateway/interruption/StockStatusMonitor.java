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
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores KIS's last status of each registered stock, and notifies listeners when it changes.
 *
 * <p>A record that differs in any field from the previous one invalidates every cached answer about its stock: that costs a
 * call, and a price from before a halt costs more. One about the whole market invalidates every answer about that market,
 * once, however many stocks report it. A status is retained only while the registration has no gap, so no stock stays halted
 * because the end of a halt was missed.
 *
 * <p>Bounded by what KIS registers.
 */
public final class StockStatusMonitor implements StatusListener {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.interruption");
    /** The same market operation arrives once for each of the market's registered stocks. */
    private static final Duration REPEAT_WINDOW = Duration.ofMinutes(1);

    /** @param at when it was received */
    public record ObservedStatus(StockStatus status, Instant at) {}

    private record MarketCode(Board market, String code) {}

    private final Function<Symbol, Optional<Board>> marketOf;
    private final Function<Board, List<Symbol>> symbolsOf;
    private final List<StatusChangeListener> listeners = new CopyOnWriteArrayList<>();
    private final Executor workers;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Written under the lock. */
    private final Map<Symbol, ObservedStatus> observed = new ConcurrentHashMap<>();

    private final Map<MarketCode, Instant> lastMarketCodes = new HashMap<>();
    private final Map<Board, LocalDate> breakers = new EnumMap<>(Board.class);
    private final LongAdder changes = new LongAdder();

    /**
     * @param marketOf the section that lists a stock
     * @param symbolsOf all symbols listed in a section
     * @param workers runs the listeners: the socket's thread must not wait for them
     */
    public StockStatusMonitor(
            Function<Symbol, Optional<Board>> marketOf,
            Function<Board, List<Symbol>> symbolsOf,
            Executor workers,
            TradingCalendar calendar,
            InstantSource clock) {
        this.marketOf = marketOf;
        this.symbolsOf = symbolsOf;
        this.workers = workers;
        this.calendar = calendar;
        this.clock = clock;
    }

    /** Adds a listener; listeners are called in the order of their addition. */
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
            changes.increment();
            LOG.info(
                    "stock_status symbol={} halted={} interrupted={} designation={} operation={}",
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
            Board market,
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
            Board market,
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

    /** Drops the status of a symbol that is no longer registered: the end of a halt would be missed. */
    @Override
    public void released(Symbol symbol) {
        discard(symbol, false);
    }

    /** Treats a possibly missed record as a change. */
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
            // Without a registered stock of that market the end of the breaker would not be reported.
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
                // Invalidation first: a listener notified of a change may request at once.
                workers.execute(() -> notifications.forEach(listeners::forEach));
            } catch (RejectedExecutionException stopping) {
                // The gateway stops, and its registrations with it: no listener is left to notify.
                LOG.debug("stock_status_at_stop", stopping);
            }
        }
    }

    /** KIS's last status of {@code symbol}; empty where it is not registered, or nothing has changed since. */
    public Optional<ObservedStatus> lastStatus(Symbol symbol) {
        return Optional.ofNullable(observed.get(symbol));
    }

    /** The markets for which KIS reports that the circuit breaker is on. */
    public List<Board> breakers() {
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

    /** Registers the meter of reported changes. */
    public void bindTo(Meters meters) {
        meters.counter("interruption.changes", "records", "Records with a changed status of a stock", changes::sum);
    }
}
