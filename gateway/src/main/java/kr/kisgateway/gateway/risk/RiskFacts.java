package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;

/**
 * All facts about one order or modification that its evaluation needs.
 *
 * @param account the broker's figures of the account; unknown where they were not requested
 */
public record RiskFacts(
        RiskScope scope,
        RequestedOrder requested,
        TradingWindow window,
        Instant now,
        MarketFacts market,
        Observation<AccountFigures> account,
        Control control) {

    /**
     * The requested order or modification.
     *
     * @param qty shares of the whole order; of a modification, the new total
     * @param filled of these, filled already; 0 for a new order
     * @param limitPrice won a share; absent for a kind without one
     * @param stopPrice won of the last price that triggers a stop limit
     * @param worstPrice won a share that a buy which no limit price bounds may cost at most, if known
     * @param replaces the order to modify, whose own exposure this replaces
     * @param dryRun nothing is placed
     */
    public record RequestedOrder(
            MarketSymbol symbol,
            Side side,
            long qty,
            long filled,
            OrderKind kind,
            Venue venue,
            OptionalLong limitPrice,
            OptionalLong stopPrice,
            OptionalLong worstPrice,
            Optional<String> replaces,
            boolean dryRun) {

        /** Shares that would be open at the broker. */
        long openQty() {
            return Math.max(0, qty - filled);
        }

        /** The most that a share costs, if known. */
        OptionalLong maxPrice() {
            return kind.type().isBoundByPrice() ? limitPrice : worstPrice;
        }
    }

    /**
     * Whether the venue accepts such an order now.
     *
     * @param session the exchange's session
     */
    public record TradingWindow(boolean isOpen, String session) {}

    /**
     * Decisions of the operator.
     *
     * @param killSwitch why it is on; absent when it is off
     * @param dryRunDone whether the journal has a dry run of the account in this environment
     */
    public record Control(Optional<String> killSwitch, boolean dryRunDone) {
        /** The kill switch is off, and no dry run is recorded. */
        public static Control none() {
            return new Control(Optional.empty(), false);
        }
    }
}
