package kr.kisgateway.gateway.history;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import kr.kisgateway.market.UsHours;

/**
 * The bar of a US stock for one period. A period without a trade has no bar. Prices are dollars, quantities shares.
 *
 * @param begin when the period begins, in New York; of a day and longer midnight of its first calendar day
 * @param close last price, so far where the period is not over
 * @param turnover dollars traded in the period
 */
public record UsBar(
        LocalDateTime begin,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        long volume,
        BigDecimal turnover) {
    public LocalDate date() {
        return begin.toLocalDate();
    }

    /** Epoch seconds of {@link #begin}. */
    public long ts() {
        return begin.atZone(UsHours.NEW_YORK).toEpochSecond();
    }

    /** This bar merged with a later one of the same period. */
    UsBar merge(UsBar later) {
        return new UsBar(
                begin,
                open,
                high.max(later.high),
                low.min(later.low),
                later.close,
                Math.addExact(volume, later.volume),
                turnover.add(later.turnover));
    }

    UsBar withBegin(LocalDateTime earlier) {
        return new UsBar(earlier, open, high, low, close, volume, turnover);
    }
}
