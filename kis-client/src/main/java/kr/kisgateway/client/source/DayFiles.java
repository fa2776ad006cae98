package kr.kisgateway.client.source;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import kr.kisgateway.client.fetch.OneAtATime;
import kr.kisgateway.client.krx.KrxReply;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * Whole days of the exchange by symbol, the lately used ones kept: a day that was published never changes. An empty one
 * may only be late, so it is asked for again after a while, unless it is long past.
 */
final class DayFiles<T> {
    /** Which file. */
    record Key(KrxBoard board, LocalDate day) {}

    private record Kept<T>(Map<Symbol, T> rows, Instant emptySince) {}

    private static final Duration ASK_AGAIN = Duration.ofMinutes(10);
    private static final int LATE_DAYS_MAX = 7;

    private final BiFunction<KrxBoard, LocalDate, KrxReply<Map<Symbol, T>>> ask;
    private final InstantSource clock;
    private final OneAtATime<Key, KrxReply<Map<Symbol, T>>> underway = new OneAtATime<>();
    private final Map<Key, Kept<T>> kept;

    DayFiles(BiFunction<KrxBoard, LocalDate, KrxReply<Map<Symbol, T>>> ask, InstantSource clock, int filesMax) {
        this.ask = ask;
        this.clock = clock;
        this.kept = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Kept<T>> eldest) {
                return size() > filesMax;
            }
        };
    }

    /** The day's rows; empty when the exchange was closed or has not published them. */
    KrxReply<Map<Symbol, T>> of(KrxBoard board, LocalDate day) {
        var key = new Key(board, day);
        return known(key)
                .<KrxReply<Map<Symbol, T>>>map(KrxReply.Ok::new)
                .orElseGet(() -> underway.of(key, () -> asked(key)));
    }

    /** Whether {@link #of} answers without spending a call. */
    boolean has(KrxBoard board, LocalDate day) {
        return known(new Key(board, day)).isPresent();
    }

    private KrxReply<Map<Symbol, T>> asked(Key key) {
        Optional<Map<Symbol, T>> known = known(key);
        if (known.isPresent()) {
            return new KrxReply.Ok<>(known.get());
        }
        KrxReply<Map<Symbol, T>> reply = ask.apply(key.board(), key.day());
        if (reply instanceof KrxReply.Ok<Map<Symbol, T>>(Map<Symbol, T> rows)) {
            synchronized (kept) {
                kept.put(key, new Kept<>(rows, clock.instant()));
            }
        }
        return reply;
    }

    private Optional<Map<Symbol, T>> known(Key key) {
        Instant now = clock.instant();
        synchronized (kept) {
            return Optional.ofNullable(kept.get(key))
                    .filter(it -> !it.rows().isEmpty() || isStillEmpty(key, it.emptySince(), now))
                    .map(Kept::rows);
        }
    }

    private static boolean isStillEmpty(Key key, Instant since, Instant now) {
        LocalDate asked = LocalDate.ofInstant(since, TradingCalendar.SEOUL);
        boolean longPast = key.day().plusDays(LATE_DAYS_MAX).isBefore(asked);
        Duration age = Duration.between(since, now);
        return longPast || !age.isNegative() && age.compareTo(ASK_AGAIN) < 0;
    }
}
