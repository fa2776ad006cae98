package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/**
 * Everything that is to be known about one order or modification before it is judged.
 *
 * @param account what the broker said of the account; unknown where nobody asked
 */
public record RiskFacts(
        RiskScope scope,
        RequestedOrder requested,
        Session session,
        Instant now,
        MarketFacts market,
        Observation<AccountFigures> account,
        Control control) {

    /**
     * What is asked for.
     *
     * @param qty shares of the whole order; of a modification, the new total
     * @param filled of these, filled already; 0 for a new order
     * @param limitPrice won a share; absent for a market order
     * @param worstPrice won a share that a market buy may cost at most, if that is known
     * @param replaces the order that is modified, whose own exposure gives way to this
     * @param dryRun nothing is to be placed
     */
    public record RequestedOrder(
            Symbol symbol,
            Side side,
            long qty,
            long filled,
            OptionalLong limitPrice,
            OptionalLong worstPrice,
            Optional<String> replaces,
            boolean dryRun) {

        /** Shares that would be open. */
        long openQty() {
            return Math.max(0, qty - filled);
        }

        /** The most that a share costs, if that is known. */
        OptionalLong maxPrice() {
            return limitPrice.isPresent() ? limitPrice : worstPrice;
        }
    }

    /**
     * What the operator decided.
     *
     * @param killSwitch why it is on; absent when it is off
     * @param dryRunDone whether the journal holds a dry run of the account in this environment
     */
    public record Control(Optional<String> killSwitch, boolean dryRunDone) {
        /** The kill switch is off, and no dry run is on record. */
        public static Control none() {
            return new Control(Optional.empty(), false);
        }
    }
}
