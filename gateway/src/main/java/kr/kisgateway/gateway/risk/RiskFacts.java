package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;

/**
 * All facts about one order or modification that its evaluation needs.
 *
 * @param account the broker's figures of the account; unknown where they were not requested
 * @param creditPower the broker's buying power on credit; empty where it was not requested or is unknown
 */
public record RiskFacts(
        RiskScope scope,
        RequestedOrder requested,
        TradingWindow window,
        Instant now,
        MarketFacts market,
        Observation<AccountFigures> account,
        Control control,
        Optional<CreditPower> creditPower) {

    /** The facts of an order in cash. */
    public RiskFacts(
            RiskScope scope,
            RequestedOrder requested,
            TradingWindow window,
            Instant now,
            MarketFacts market,
            Observation<AccountFigures> account,
            Control control) {
        this(scope, requested, window, now, market, account, control, Optional.empty());
    }

    /**
     * The broker's buying power on credit for the symbol at the price of the order.
     *
     * @param amount in units of the currency, that may be bought for
     * @param qty the same in shares
     * @param requestedAt when the request was sent; the broker had reserved the orders that it had accepted by then
     */
    public record CreditPower(long amount, long qty, Instant requestedAt) {}

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
     * @param credit the loan that it takes out or repays; absent for an order in cash
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
            boolean dryRun,
            Optional<Credit> credit) {

        /** An order in cash. */
        public RequestedOrder(
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
            this(
                    symbol,
                    side,
                    qty,
                    filled,
                    kind,
                    venue,
                    limitPrice,
                    stopPrice,
                    worstPrice,
                    replaces,
                    dryRun,
                    Optional.empty());
        }

        /** The date of the loan; empty for an order in cash. */
        Optional<LocalDate> loanDate() {
            return credit.map(Credit::loanDate);
        }

        /** Whether it buys with borrowed money. */
        boolean isCreditBuy() {
            return credit.isPresent() && side == Side.BUY;
        }

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
