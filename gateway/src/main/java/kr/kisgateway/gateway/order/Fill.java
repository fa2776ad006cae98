package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Shares that changed hands for an order.
 *
 * @param execId our name of it, unique: the order id, a dot and a number
 * @param odno the broker's order number it happened under
 * @param qty shares
 * @param value won paid for them in all, exact
 * @param time KST wall-clock time as {@code HHmmss}; 0 when only a later query showed it
 * @param source how we learned of it
 */
public record Fill(String execId, long odno, long qty, long value, int time, Source source) {
    /** How we learned of a fill. */
    public enum Source {
        /** An execution notice. */
        NOTICE,
        /** A surplus of the broker's cumulative quantity over the notices: a fill whose notice was lost. */
        QUERY
    }

    /** Price a share in won; to four decimals where several fills were only seen as one sum. */
    public BigDecimal price() {
        return BigDecimal.valueOf(value)
                .divide(BigDecimal.valueOf(qty), 4, RoundingMode.HALF_UP)
                .stripTrailingZeros();
    }
}
