package kr.kisgateway.gateway.history;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import kr.kisgateway.market.BarPeriod;

/**
 * A query for bars of an instrument. Moments are by its exchange's clock: KST, or New York's.
 *
 * @param from the period of this moment is the oldest; empty for no limit
 * @param to the period of this moment is the newest
 * @param before only periods that begin before this moment: the end of the previous page
 * @param limit maximum number of bars
 * @param adjusted whether prices before a split are adjusted for it; minutes are answered as KIS stores them
 */
public record BarQuery(
        BarPeriod period,
        Optional<LocalDateTime> from,
        LocalDateTime to,
        Optional<LocalDateTime> before,
        int limit,
        boolean adjusted) {
    /** Default number of bars. */
    public static final int LIMIT_DEFAULT = 100;

    /** Maximum number of bars. */
    public static final int LIMIT_MAX = 1_000;

    /** The period of the broker's bars that answer it: years are merged from months. */
    BarPeriod base() {
        return period == BarPeriod.YEAR ? BarPeriod.MONTH : period;
    }

    /** Minimum pages of {@code pageSize} bars for a query of days and longer. */
    int dayPages(int pageSize) {
        long requested = limit * (period == BarPeriod.YEAR ? 12L : 1L);
        long periods = from.map(oldest -> ChronoUnit.DAYS.between(oldest.toLocalDate(), to.toLocalDate()) + 1)
                .map(days -> switch (base()) {
                    case WEEK -> days / 7;
                    case MONTH -> days / 31;
                    case DAY, YEAR, M1, M3, M5, M10, M30, M60 -> days * 5 / 8; // weekends, and some holidays
                })
                .map(count -> Math.min(count, requested))
                .orElse(requested);
        return (int) Math.max(1, (periods + pageSize - 1) / pageSize);
    }

    /** The query for the page after the one that ended at {@code moment}. */
    BarQuery before(LocalDateTime moment) {
        return new BarQuery(period, from, to, Optional.of(moment), limit, adjusted);
    }
}
