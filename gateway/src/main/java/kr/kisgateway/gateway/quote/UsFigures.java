package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * The day's figures of an American stock, in dollars and shares.
 *
 * @param changePct signed percent
 * @param open absent before the first trade, and where the source does not tell
 * @param bid best bid, where the source tells
 * @param ask best ask, where the source tells
 */
public record UsFigures(
        BigDecimal price,
        BigDecimal change,
        BigDecimal changePct,
        Optional<BigDecimal> open,
        Optional<BigDecimal> high,
        Optional<BigDecimal> low,
        Optional<BigDecimal> bid,
        Optional<BigDecimal> ask,
        long volume,
        BigDecimal turnover) {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** Of a day of which nothing is known but a price. */
    static UsFigures of(BigDecimal price) {
        return new UsFigures(
                price,
                BigDecimal.ZERO,
                BigDecimal.ZERO.setScale(2),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                BigDecimal.ZERO);
    }

    /** {@code part} of {@code whole} in percent, two decimals, half up; of nothing it is zero. */
    public static BigDecimal percent(BigDecimal part, BigDecimal total) {
        return total.signum() == 0
                ? BigDecimal.ZERO.setScale(2)
                : part.multiply(HUNDRED).divide(total, 2, RoundingMode.HALF_UP);
    }
}
