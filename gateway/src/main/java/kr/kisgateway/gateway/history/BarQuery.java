package kr.kisgateway.gateway.history;

import java.time.LocalDateTime;
import java.util.Optional;
import kr.kisgateway.market.BarPeriod;

/**
 * Which bars of an instrument. Moments are by its exchange's clock: KST, or New York's.
 *
 * @param from the period that this moment falls into is the oldest; empty, as far as there is anything
 * @param to the period that this moment falls into is the newest
 * @param before only periods that begin before this moment: where the page before ended
 * @param limit bars at most
 * @param adjusted whether prices before a split are those that would have been; minutes are told as KIS keeps them
 */
public record BarQuery(
        BarPeriod period,
        Optional<LocalDateTime> from,
        LocalDateTime to,
        Optional<LocalDateTime> before,
        int limit,
        boolean adjusted) {
    /** Bars where no limit is named. */
    static final int LIMIT_DEFAULT = 100;

    static final int LIMIT_MAX = 1_000;

    /** The page that follows the one that ended there. */
    BarQuery before(LocalDateTime moment) {
        return new BarQuery(period, from, to, Optional.of(moment), limit, adjusted);
    }
}
