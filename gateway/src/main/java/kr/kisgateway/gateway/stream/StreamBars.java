package kr.kisgateway.gateway.stream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.bar.Bar;
import kr.kisgateway.gateway.bar.BarPeriod;
import kr.kisgateway.gateway.bar.BarSeries;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.TradingCalendar;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels {@code bars:…}: bars out of the trades that come, closed by the clock, and corrected by KIS's own minutes when
 * trades are missing. A symbol has a series from its first listener on; the listing bounds them.
 *
 * <p>Locks: a symbol's may be held while taking a topic's, never the other way round, and neither while KIS is asked.
 */
final class StreamBars {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.bars");
    /** What a trade may be late before its bar is closed without it; it is corrected then. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** KIS's minute is whole a few seconds after it ended [assumed]. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private static final Duration AGAIN = Duration.ofSeconds(20);
    /** Symbols that KIS is asked for at once; the others come in a later second. */
    private static final int ASKING_MAX = 4;

    private final MinuteSource source;
    private final InstantSource clock;
    private final StreamCounters counters;
    private final Map<String, Series> all = new ConcurrentHashMap<>();
    private final Semaphore asking = new Semaphore(ASKING_MAX);

    StreamBars(MinuteSource source, InstantSource clock, StreamCounters counters) {
        this.source = source;
        this.clock = clock;
        this.counters = counters;
    }

    void trade(Trade trade) {
        if (all.isEmpty()) {
            return;
        }
        var series = all.get(trade.symbol().code());
        if (series != null) {
            series.on(trade);
        }
    }

    /** By the second: closes bars whose time is over, and has KIS asked for what is missing. */
    void beat() {
        if (all.isEmpty()) {
            return;
        }
        var now = clock.instant();
        all.values().forEach(series -> series.beat(now));
    }

    void add(Subscription subscription, BarPeriod period) {
        all.computeIfAbsent(subscription.code, Series::new).add(subscription, period);
    }

    void remove(Subscription subscription, BarPeriod period) {
        var series = all.get(subscription.code);
        if (series != null) {
            series.remove(subscription, period);
        }
    }

    /** The topic, where somebody ever listened. */
    @Nullable
    Topic<?> known(Channel channel, String code) {
        var series = all.get(code);
        return series == null ? null : channel.period().map(series.topics::get).orElse(null);
    }

    private static long minute(Instant at) {
        return Bar.minute(LocalDateTime.ofInstant(at, TradingCalendar.SEOUL));
    }

    /** One symbol. */
    private final class Series {
        private final String code;
        private final ReentrantLock lock = new ReentrantLock();
        private final BarSeries series = new BarSeries();
        private final Map<BarPeriod, Topic<Bar>> topics = new ConcurrentHashMap<>();
        private final Set<BarPeriod> heard = EnumSet.noneOf(BarPeriod.class);
        private Instant askedAt = Instant.EPOCH;
        private boolean askingNow;

        Series(String code) {
            this.code = code;
        }

        void on(Trade trade) {
            lock.lock();
            try {
                series.on(trade, day(trade), heard, this::tell);
            } finally {
                lock.unlock();
            }
        }

        /** The trade's own day; without one, the day in Korea now. */
        private int day(Trade trade) {
            if (trade.businessDate() > 0) {
                return trade.businessDate();
            }
            var today = clock.instant().atZone(TradingCalendar.SEOUL).toLocalDate();
            return today.getYear() * 10_000 + today.getMonthValue() * 100 + today.getDayOfMonth();
        }

        void beat(Instant now) {
            lock.lock();
            try {
                series.over(minute(now.minus(GRACE)), heard, this::tell);
                if (heard.isEmpty()
                        || askingNow
                        || now.isBefore(askedAt.plus(AGAIN))
                        || minute(now.minus(SETTLED)) != minute(now)) {
                    return;
                }
                var longest = heard.stream().max(BarPeriod::compareTo).orElseThrow();
                var missing = series.missing(longest);
                if (missing.isPresent() && asking.tryAcquire()) {
                    askingNow = true;
                    askedAt = now;
                    var range = missing.get();
                    Thread.ofVirtual().name("bars-" + code).start(() -> ask(range));
                }
            } finally {
                lock.unlock();
            }
        }

        private void ask(BarSeries.Range range) {
            try {
                var minutes = source.minutes(new Symbol(code), range.from(), range.to());
                lock.lock();
                try {
                    minutes.ifPresent(whole -> {
                        counters.barsRestored.increment();
                        series.restore(range, whole, heard, this::tell);
                    });
                } finally {
                    lock.unlock();
                }
            } catch (RuntimeException e) {
                LOG.warn("minutes_failed symbol={} cause={}", code, e.toString());
            } finally {
                asking.release();
                lock.lock();
                try {
                    askingNow = false;
                } finally {
                    lock.unlock();
                }
            }
        }

        private void tell(Bar bar) {
            var topic = topics.get(bar.period());
            if (topic == null) {
                return;
            }
            if (bar.closed()) {
                topic.publishWhole(bar);
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
                                        code,
                                        (symbol, bar, seq, snapshot) ->
                                                StreamJson.bar(channel, symbol, bar, seq, snapshot, clock.millis()),
                                        counters,
                                        series.newest(period).orElse(null)))
                        .add(subscription);
                heard.add(period);
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
                    if (!topic.isHeard()) {
                        heard.remove(period);
                    }
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
