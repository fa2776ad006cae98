package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Venue;

/**
 * Shares that changed hands for an order.
 *
 * @param execId the gateway's unique id of it: the order id, a dot and a number
 * @param odno the broker's order number it happened under
 * @param qty shares
 * @param value paid or received for them in all, in units of the currency, exact
 * @param time KST wall-clock time as {@code HHmmss}; 0 when only a later query showed it
 * @param source how it was learned
 * @param venue where it happened, as far as the notice reports it: of an order that the broker routes (SOR), KRX or NXT
 */
public record Fill(String execId, long odno, long qty, long value, int time, Source source, Optional<Venue> venue) {
    /** A fill of which only the order's own venue is known. */
    public Fill(String execId, long odno, long qty, long value, int time, Source source) {
        this(execId, odno, qty, value, time, source, Optional.empty());
    }

    /** Where it happened; empty while that is open between the venues of an order that the broker routed. */
    Optional<Venue> venue(Terms terms) {
        return venue.or(() -> Optional.of(terms.venue()).filter(it -> it != Venue.SOR));
    }

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
