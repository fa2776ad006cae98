package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.math.RoundingMode;
import kr.kisgateway.market.Currency;

/**
 * Shares that changed hands for an order.
 *
 * @param execId the gateway's unique id of it: the order id, a dot and a number
 * @param odno the broker's order number it happened under
 * @param qty shares
 * @param value paid or received for them in all, in units of the currency, exact
 * @param time KST wall-clock time as {@code HHmmss}; 0 when only a later query showed it
 * @param source how it was learned
 */
public record Fill(String execId, long odno, long qty, long value, int time, Source source) {
    /** How a fill was learned. */
    public enum Source {
        /** An execution notice. */
        NOTICE,
        /** A surplus of the broker's cumulative quantity over the notices: a fill whose notice was lost. */
        QUERY
    }

    /** Price a share; to four decimals where several fills were only observed as one sum. */
    public BigDecimal price(Currency currency) {
        return BigDecimal.valueOf(value, currency.decimals())
                .divide(BigDecimal.valueOf(qty), 4, RoundingMode.HALF_UP)
                .stripTrailingZeros();
    }
}
