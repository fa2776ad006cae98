package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * The terms of an order as requested.
 *
 * @param accountId alias of the account
 * @param qty shares, positive
 * @param price limit price in won; absent for a market order
 * @param strategyId the caller's label
 * @param dispatchBy deadline for sending the request to KIS; past it the order ends EXPIRED {@code NOT_SENT}
 */
public record Terms(
        String accountId,
        Symbol symbol,
        Side side,
        long qty,
        OrderType type,
        OptionalLong price,
        Venue venue,
        Optional<String> strategyId,
        Instant dispatchBy) {

    /** The same terms at another price. */
    Terms withPrice(OptionalLong newPrice) {
        return new Terms(accountId, symbol, side, qty, type, newPrice, venue, strategyId, dispatchBy);
    }

    /** The same terms with a label. */
    Terms withStrategy(String strategy) {
        return new Terms(accountId, symbol, side, qty, type, price, venue, Optional.of(strategy), dispatchBy);
    }

    /** The same terms for another number of shares. */
    Terms withQty(long newQty) {
        return new Terms(accountId, symbol, side, newQty, type, price, venue, strategyId, dispatchBy);
    }

    /** The fields by which the broker could distinguish two requests; KIS has no client order id. */
    public Fingerprint fingerprint() {
        return new Fingerprint(accountId, symbol, side, qty, price.orElse(0), type, venue);
    }

    /**
     * Every field by which KIS identifies an order. At most one request of a fingerprint may be in flight or in doubt, so
     * that a match among the gateway's own orders is never ambiguous.
     */
    public record Fingerprint(
            String accountId, Symbol symbol, Side side, long qty, long price, OrderType type, Venue venue) {}
}
