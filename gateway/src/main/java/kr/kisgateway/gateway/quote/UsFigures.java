package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * The day's figures of a US stock, in dollars and shares.
 *
 * @param changePct signed percent
 * @param open absent before the first trade, and where the source does not send it
 * @param bid best bid, where the source sends it
 * @param ask best ask, where the source sends it
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

    /** Figures of a day with a price alone. */
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

    /** {@code part} of {@code total} in percent, two decimals, half up; zero when {@code total} is zero. */
    public static BigDecimal percent(BigDecimal part, BigDecimal total) {
        return total.signum() == 0
                ? BigDecimal.ZERO.setScale(2)
                : part.multiply(HUNDRED).divide(total, 2, RoundingMode.HALF_UP);
    }
}
