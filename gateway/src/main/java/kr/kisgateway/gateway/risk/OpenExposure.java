package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/**
 * The current exposure of an order.
 *
 * @param filled shares filled so far
 * @param value won of these, exact
 * @param remaining shares that may still fill; 0 when the order has ended. In doubt, all that is not filled
 * @param limitPrice won a share; while a modification is in flight the worse of both, the higher for a buy and the
 *     lower for a sell. Absent for a market order
 * @param worstPrice won a share that a buy which no limit price bounds may cost at most, if known
 * @param acknowledgedAt when the broker acknowledged it; absent while it is unsent or in doubt
 * @param external whether it was placed elsewhere
 */
public record OpenExposure(
        String orderId,
        RiskScope scope,
        Symbol symbol,
        Side side,
        long filled,
        long value,
        long remaining,
        OptionalLong limitPrice,
        OptionalLong worstPrice,
        Optional<Instant> acknowledgedAt,
        boolean external) {

    /** The most that a share of it costs, if known. */
    OptionalLong maxPrice() {
        return worstPrice.isPresent() ? worstPrice : limitPrice;
    }
}
