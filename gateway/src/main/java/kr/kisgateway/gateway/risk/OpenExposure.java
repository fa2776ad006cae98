package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;

/**
 * The current exposure of an order.
 *
 * @param filled shares filled so far
 * @param value what these cost or brought, in units of the currency, exact
 * @param remaining shares that may still fill; 0 when the order has ended. In doubt, all that is not filled
 * @param limitPrice a share, in units of the currency; while a modification is in flight the worse of both, the higher for a buy and the
 *     lower for a sell. Absent for a market order
 * @param worstPrice that a share of a buy which no limit price bounds may cost at most, if known
 * @param acknowledgedAt when the broker acknowledged it; absent while it is unsent or in doubt
 * @param external whether it was placed elsewhere
 * @param loanDate of a credit order, the date of its loan
 */
public record OpenExposure(
        String orderId,
        RiskScope scope,
        MarketSymbol symbol,
        Side side,
        long filled,
        long value,
        long remaining,
        OptionalLong limitPrice,
        OptionalLong worstPrice,
        Optional<Instant> acknowledgedAt,
        boolean external,
        Optional<LocalDate> loanDate) {

    /** The exposure of an order in cash. */
    public OpenExposure(
            String orderId,
            RiskScope scope,
            MarketSymbol symbol,
            Side side,
            long filled,
            long value,
            long remaining,
            OptionalLong limitPrice,
            OptionalLong worstPrice,
            Optional<Instant> acknowledgedAt,
            boolean external) {
        this(
                orderId,
                scope,
                symbol,
                side,
                filled,
                value,
                remaining,
                limitPrice,
                worstPrice,
                acknowledgedAt,
                external,
                Optional.empty());
    }

    Currency currency() {
        return symbol.market().currency();
    }

    /** The most that a share of it costs, if known. */
    OptionalLong maxPrice() {
        return worstPrice.isPresent() ? worstPrice : limitPrice;
    }
}
