package kr.kisgateway.gateway.stream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.bar.BarSeries;
import kr.kisgateway.gateway.bar.BarTrade;
import kr.kisgateway.gateway.bar.LiveBar;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels {@code bars:…}: bars built from received trades, closed by the clock, and corrected with KIS's own minutes
 * when trades are missing. A symbol has a series from its first subscriber on; the listing bounds them. A trade belongs to
 * the minute in which it was traded, by the clock of its exchange, whenever it arrives.
 *
 * <p>Trades of the US day market (주간거래) make no bars: it is a market of its own, and KIS's minutes of the stock do not
 * include it.
 *
 * <p>Locks: a symbol's lock may be held while taking a topic's, never the other way round, and neither during a request to
 * KIS.
 */
final class StreamBars {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.bars");
    /** How late a trade may arrive before its bar is closed without it and corrected afterwards. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** KIS's minute is complete a few seconds after it ended [assumed]. */
    private static final Duration MINUTE_SETTLED_AFTER = Duration.ofSeconds(5);

    /** A trade later than this comes from a delayed feed of KIS, and its bars close as much later. */
    private static final Duration DELAYED_FROM = Duration.ofMinutes(1);
    /** No free feed is delayed for longer; anything older is a repeat and does not measure the delay of others. */
    private static final Duration DELAY_MAX = Duration.ofMinutes(20);

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(20);
    /** Symbols requested from KIS at once; the others follow in a later second. */
    private static final int CONCURRENT_REQUESTS_MAX = 4;

    private final MinuteSource source;
    private final InstantSource clock;
    private final StreamCounters counters;
    private final Map<String, SymbolBars> seriesByCode = new ConcurrentHashMap<>();
    private final Semaphore requestPermits = new Semaphore(CONCURRENT_REQUESTS_MAX);

    StreamBars(MinuteSource source, InstantSource clock, StreamCounters counters) {
        this.source = source;
        this.clock = clock;
        this.counters = counters;
    }

    void trade(LastTick last) {
        var trade = last.trade();
        // A trade without its time makes no bar; the next trade reveals the gap.
        if (seriesByCode.isEmpty()
                || last.feed().equals(Optional.of(PushFeed.DAY_MARKET))
                || trade.qty() == 0
                || trade.timeOfDay() == 0 && !trade.symbol().market().equals(Market.KOREA)) {
            return;
        }
        var series = seriesByCode.get(trade.symbol().code());
        if (series != null) {
            if (!last.feed().equals(Optional.of(PushFeed.DOMESTIC))) {
                series.updateDelay(last);
            }
            series.addTrade(new BarTrade(
                    trade.businessDate() > 0 ? trade.businessDate() : series.today(),
                    trade.timeOfDay(),
                    trade.price(),
                    trade.qty(),
                    trade.volume()));
        }
    }

    /** Runs every second: closes bars whose time is over, and requests missing minutes from KIS. */
    void onTick() {
        if (seriesByCode.isEmpty()) {
            return;
        }
        var now = clock.instant();
        seriesByCode.values().forEach(series -> series.onTick(now));
    }

    void add(Subscription subscription, BarPeriod period) {
        seriesByCode
                .computeIfAbsent(subscription.code, _ -> new SymbolBars(subscription.symbol.orElseThrow()))
                .add(subscription, period);
    }

    void remove(Subscription subscription, BarPeriod period) {
        var series = seriesByCode.get(subscription.code);
        if (series != null) {
            series.remove(subscription, period);
        }
    }

    /** The topic; empty when it never had a subscriber. */
    @Nullable
    Topic<?> findTopic(Channel channel, String code) {
        var series = seriesByCode.get(code);
        return series == null ? null : channel.period().map(series.topics::get).orElse(null);
    }

    /** Bars of one symbol. */
    private final class SymbolBars {
        private final String code;
        private final MarketSymbol symbol;
        /** Time zone of the clock that the bars follow. */
        private final ZoneId zone;

        private final ReentrantLock lock = new ReentrantLock();
        private final BarSeries series = new BarSeries();
        private final Map<BarPeriod, Topic<LiveBar>> topics = new ConcurrentHashMap<>();
        private final Set<BarPeriod> subscribedPeriods = EnumSet.noneOf(BarPeriod.class);
        private Instant requestedAt = Instant.EPOCH;
        private boolean requestPending;
        /** Delay of the last trade, where the feed is delayed. */
        private Duration delay = Duration.ZERO;

        SymbolBars(MarketSymbol symbol) {
            this.code = symbol.code();
            this.symbol = symbol;
            this.zone = symbol.market().zone();
        }

        void addTrade(BarTrade trade) {
            lock.lock();
            try {
                series.addTrade(trade, subscribedPeriods, this::publish);
            } finally {
                lock.unlock();
            }
        }

        /** Current date in the symbol's zone, for a trade without a date. */
        int today() {
            var today = clock.instant().atZone(zone).toLocalDate();
            return today.getYear() * 10_000 + today.getMonthValue() * 100 + today.getDayOfMonth();
        }

        void updateDelay(LastTick tick) {
            var day = tick.trade().businessDate() > 0 ? tick.trade().businessDate() : today();
            var time = tick.trade().timeOfDay();
            var traded = LocalDateTime.of(
                            day / 10_000, day / 100 % 100, day % 100, time / 10_000, time / 100 % 100, time % 100)
                    .atZone(zone)
                    .toInstant();
            var lateness = Duration.between(traded, Instant.ofEpochMilli(tick.tradeAtMs()));
            lock.lock();
            try {
                if (lateness.compareTo(DELAYED_FROM) < 0) {
                    delay = Duration.ZERO;
                } else if (lateness.compareTo(DELAY_MAX) <= 0) {
                    delay = lateness;
                }
            } finally {
                lock.unlock();
            }
        }

        private long minute(Instant at) {
            return LiveBar.minute(LocalDateTime.ofInstant(at, zone));
        }

        void onTick(Instant now) {
            lock.lock();
            try {
                series.over(minute(now.minus(GRACE).minus(delay)), subscribedPeriods, this::publish);
                if (subscribedPeriods.isEmpty()
                        || requestPending
                        || now.isBefore(requestedAt.plus(RETRY_INTERVAL))
                        || minute(now.minus(MINUTE_SETTLED_AFTER)) != minute(now)) {
                    return;
                }
                var longest =
                        subscribedPeriods.stream().max(BarPeriod::compareTo).orElseThrow();
                var missing = series.missingRange(longest);
                if (missing.isPresent() && requestPermits.tryAcquire()) {
                    requestPending = true;
                    requestedAt = now;
                    var range = missing.get();
                    Thread.ofVirtual().name("bars-" + code).start(() -> requestMissing(range));
                }
            } finally {
                lock.unlock();
            }
        }

        private void requestMissing(BarSeries.Range range) {
            try {
                var minutes = source.minutes(symbol, range.from(), range.to());
                lock.lock();
                try {
                    if (minutes.isPresent() && series.restore(range, minutes.get(), subscribedPeriods, this::publish)) {
                        counters.barsRestored.increment();
                    }
                } finally {
                    lock.unlock();
                }
            } catch (RuntimeException e) {
                LOG.warn("minutes_failed symbol={} cause={}", code, e.toString());
            } finally {
                requestPermits.release();
                lock.lock();
                try {
                    requestPending = false;
                } finally {
                    lock.unlock();
                }
            }
        }

        private void publish(LiveBar bar) {
            var topic = topics.get(bar.period());
            if (topic == null) {
                return;
            }
            if (bar.closed()) {
                topic.publishFinal(bar);
            } else {
                topic.publish(bar);
            }
        }

        void add(Subscription subscription, BarPeriod period) {
            lock.lock();
            try {
                var channel = subscription.channel;
                topics.computeIfAbsent(
                                period,
                                _ -> new Topic<>(
                                        channel,
                                        subscription.subject,
                                        (name, bar, seq, snapshot) -> StreamJson.bar(
                                                channel, name, symbol.market(), bar, seq, snapshot, clock.millis()),
                                        counters,
                                        series.latestBar(period).orElse(null)))
                        .add(subscription);
                subscribedPeriods.add(period);
            } finally {
                lock.unlock();
            }
        }

        void remove(Subscription subscription, BarPeriod period) {
            lock.lock();
            try {
                var topic = topics.get(period);
                if (topic != null) {
                    topic.remove(subscription);
                    if (!topic.hasSubscribers()) {
                        subscribedPeriods.remove(period);
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
