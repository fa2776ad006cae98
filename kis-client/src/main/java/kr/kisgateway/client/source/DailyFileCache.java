package kr.kisgateway.client.source;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import kr.kisgateway.client.fetch.SingleFlight;
import kr.kisgateway.client.krx.KrxReply;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * Days of the exchange by symbol, the recently used ones cached: a published day never changes. An empty one
 * may only be late, so it is requested again after a while, unless it is long past.
 */
final class DailyFileCache<T> {
    /** A file. */
    record Key(KrxBoard board, LocalDate day) {}

    private record CachedFile<T>(Map<Symbol, T> rows, Instant emptySince) {}

    private static final Duration RETRY_INTERVAL = Duration.ofMinutes(10);
    private static final int LATE_DAYS_MAX = 7;

    private final BiFunction<KrxBoard, LocalDate, KrxReply<Map<Symbol, T>>> loader;
    private final InstantSource clock;
    private final SingleFlight<Key, KrxReply<Map<Symbol, T>>> inFlight = new SingleFlight<>();
    private final Map<Key, CachedFile<T>> files;

    DailyFileCache(
            BiFunction<KrxBoard, LocalDate, KrxReply<Map<Symbol, T>>> loader, InstantSource clock, int filesMax) {
        this.loader = loader;
        this.clock = clock;
        this.files = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, CachedFile<T>> eldest) {
                return size() > filesMax;
            }
        };
    }

    /** The day's rows; empty when the exchange was closed or has not published them. */
    KrxReply<Map<Symbol, T>> get(KrxBoard board, LocalDate day) {
        var key = new Key(board, day);
        return findCached(key)
                .<KrxReply<Map<Symbol, T>>>map(KrxReply.Ok::new)
                .orElseGet(() -> inFlight.run(key, () -> load(key)));
    }

    /** Whether {@link #get} answers without spending a call. */
    boolean isCached(KrxBoard board, LocalDate day) {
        return findCached(new Key(board, day)).isPresent();
    }

    private KrxReply<Map<Symbol, T>> load(Key key) {
        Optional<Map<Symbol, T>> cached = findCached(key);
        if (cached.isPresent()) {
            return new KrxReply.Ok<>(cached.get());
        }
        KrxReply<Map<Symbol, T>> reply = loader.apply(key.board(), key.day());
        if (reply instanceof KrxReply.Ok<Map<Symbol, T>>(Map<Symbol, T> rows)) {
            synchronized (files) {
                files.put(key, new CachedFile<>(rows, clock.instant()));
            }
        }
        return reply;
    }

    private Optional<Map<Symbol, T>> findCached(Key key) {
        Instant now = clock.instant();
        synchronized (files) {
            return Optional.ofNullable(files.get(key))
                    .filter(it -> !it.rows().isEmpty() || isStillEmpty(key, it.emptySince(), now))
                    .map(CachedFile::rows);
        }
    }

    private static boolean isStillEmpty(Key key, Instant since, Instant now) {
        LocalDate requestedOn = LocalDate.ofInstant(since, TradingCalendar.SEOUL);
        boolean isLongPast = key.day().plusDays(LATE_DAYS_MAX).isBefore(requestedOn);
        Duration age = Duration.between(since, now);
        return isLongPast || !age.isNegative() && age.compareTo(RETRY_INTERVAL) < 0;
    }
}
