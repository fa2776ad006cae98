package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskFacts;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;

/** The inputs of the {@link OrderCore}. */
public sealed interface OrderInput {
    /**
     * A request to place an order; its fields were validated.
     *
     * @param ticket names the waiting caller
     * @param prior the earlier use of the key in the store
     * @param mode whether to place it or only to check it
     */
    record Place(
            long ticket,
            OrderId order,
            Terms terms,
            KeyUse key,
            OrderContext orderContext,
            Optional<PriorUse> prior,
            Mode mode)
            implements OrderInput {
        /** Whether its key is used by it: what only checks an order leaves the key free. */
        boolean usesKey() {
            return mode == Mode.PLACE;
        }
    }

    /** A request to place several orders of one account; they are recorded in one commit and answered one by one. */
    record PlaceBatch(long ticket, List<Place> orders) implements OrderInput {}

    /**
     * A request to cancel an order.
     *
     * @param key the caller's own key; absent, it is derived from the order id
     * @param stored the order from the store, when it may have been evicted from memory
     */
    record Cancel(
            long ticket,
            OrderId order,
            String scope,
            Optional<String> key,
            Optional<Order> stored,
            Optional<PriorUse> prior)
            implements OrderInput {}

    /**
     * A request to change quantity or price.
     *
     * @param qty the order's new quantity
     * @param price the new price, in units of the currency
     * @param successor id of the order that may take its place where KIS cannot modify it; empty when the caller wants none
     */
    record Modify(
            long ticket,
            OrderId order,
            OptionalLong qty,
            OptionalLong price,
            Optional<OrderId> successor,
            String scope,
            Optional<String> key,
            OrderContext orderContext,
            Optional<Order> stored,
            Optional<PriorUse> prior)
            implements OrderInput {}

    /** The end of a replaced order is proven; the facts for placing the other one were loaded. */
    record PlaceReplacement(long ticket, OrderId original, OrderContext orderContext) implements OrderInput {}

    /** The order that was to replace another was refused, with the newest facts. */
    record ReplacementRefused(OrderId original, Refusal refusal) implements OrderInput {}

    /** A market order was found resting in continuous trading. */
    record FoundResting(OrderId order, Duration rested) implements OrderInput {}

    /**
     * A request to cancel every open order that {@code filter} matches.
     *
     * @param priorCall the earlier call with the key, when it may have been evicted from memory
     */
    record CancelAll(
            long ticket,
            OpenOrderFilter filter,
            KeyUse key,
            Optional<PriorUse> prior,
            Optional<ControlEvent.CancelAllRequested> priorCall)
            implements OrderInput {
        CancelAll(long ticket, OpenOrderFilter filter, KeyUse key) {
            this(ticket, filter, key, Optional.empty(), Optional.empty());
        }
    }

    /** An operator's decision about an order that matching could not settle. */
    record Resolve(
            long ticket,
            OrderId order,
            Decision decision,
            Optional<String> note,
            String scope,
            Optional<String> key,
            Optional<Order> stored,
            Optional<PriorUse> prior)
            implements OrderInput {}

    /**
     * A query for what a further buy of the account may cost.
     *
     * @param currency of the amounts, in its units
     * @param deposit the broker's deposit after all settlements
     * @param requestedAt when the broker was requested
     */
    record QueryCash(long ticket, String account, Currency currency, long deposit, Instant requestedAt)
            implements OrderInput {}

    /** A query for what the buys of the symbol's trading day may still cost. */
    record QueryDailyAmount(
            long ticket, String account, MarketSymbol symbol, String principal, Optional<String> strategy)
            implements OrderInput {}

    /** A request to record entries of another capability. */
    record Append(long ticket, JournalAppend entries) implements OrderInput {}

    /** A request to compare every open order with the broker's list now. */
    record Reconcile(long ticket) implements OrderInput {}

    /**
     * Sets the kill switch; on, it stops all placing and modifying, and {@code cancelOpen} cancels the resting orders.
     *
     * @param reason absent, the earlier reason stays
     * @param by name of the API key that sets it
     */
    record KillSwitch(long ticket, boolean on, Optional<String> reason, boolean cancelOpen, String by)
            implements OrderInput {}

    /**
     * Sets the limits.
     *
     * @param json the journal's form of {@code layers}
     * @param configured the same of the configured limits
     * @param by name of the API key that sets them
     */
    record SetLimits(long ticket, RiskLayers layers, String json, String configured, String by) implements OrderInput {}

    /** The budget granted the slot; the desk reserves it. */
    record SlotGranted(long slot) implements OrderInput {}

    /** The budget had no slot before the deadline. */
    record SlotTimedOut(long slot) implements OrderInput {}

    /** No slot, because the broker gave recent requests no usable answer. */
    record SlotSuspended(long slot) implements OrderInput {}

    /** The last check before a send stopped it. */
    record SendStopped(OrderId order, int request, StopReason reason) implements OrderInput {}

    /** A send was answered. */
    record Answered(OrderId order, int request, Broker.Outcome outcome) implements OrderInput {}

    /** An execution notice arrived. */
    record Noticed(Broker.Notice notice) implements OrderInput {}

    /** The broker's list of {@code day} arrived, or did not. */
    record ListArrived(AccountDay day, Broker.DailyOrders dailyOrders, Optional<DailyOrdersSnapshot> snapshot)
            implements OrderInput {
        public ListArrived(AccountDay day, Broker.DailyOrders dailyOrders) {
            this(day, dailyOrders, Optional.empty());
        }
    }

    /** Notices may have been missed: the socket was disconnected. */
    record NoticesMissed(String cause) implements OrderInput {}

    /** A timer of the core is due. */
    record TimerDue() implements OrderInput {}

    /** Whether an order is placed or only checked. */
    enum Mode {
        PLACE,
        /** Checked, not placed; that it passed is recorded, the key stays free. */
        DRY_RUN,
        /** Checked, without any effect. */
        CHECK,
        /** Checked as if it were placed, without any effect; the answer has its figures. */
        PREVIEW,
        /** Checked against the limits that each order of the key has to pass, without any effect: another key places it, later. */
        KEY_LIMITS,
        /** Checked against those that orders have to pass together: it stands for all of them. */
        KEY_SUMS
    }

    /** Why the last check stopped a send. */
    enum StopReason {
        DEADLINE,
        KILL_SWITCH
    }

    /**
     * Facts about a request at the time it is made; each part may be unknown.
     *
     * @param worstPrice that a share of a market buy may cost at most, if known
     * @param blockers what prevents the gateway from trading
     * @param creditPower the broker's buying power of a buy on credit
     */
    record OrderContext(
            MarketFacts market,
            Observation<AccountFigures> account,
            OptionalLong worstPrice,
            List<String> blockers,
            Optional<RiskFacts.CreditPower> creditPower) {
        /** The facts about an order in cash. */
        public OrderContext(
                MarketFacts market,
                Observation<AccountFigures> account,
                OptionalLong worstPrice,
                List<String> blockers) {
            this(market, account, worstPrice, blockers, Optional.empty());
        }

        /** The same with other figures of the account. */
        OrderContext withAccount(Observation<AccountFigures> figures) {
            return new OrderContext(market, figures, worstPrice, blockers, creditPower);
        }
    }

    /**
     * A filter of open orders; an absent part matches all.
     *
     * @param visibleSymbols codes of the symbols that the caller may read
     * @param owner name of the API key that placed them
     */
    record OpenOrderFilter(
            Optional<String> account,
            Optional<MarketSymbol> symbol,
            Optional<String> strategy,
            Optional<Set<String>> visibleSymbols,
            Optional<String> owner) {
        /** The filter of a caller who may read every symbol and manage every key's orders. */
        public OpenOrderFilter(Optional<String> account, Optional<MarketSymbol> symbol, Optional<String> strategy) {
            this(account, symbol, strategy, Optional.empty(), Optional.empty());
        }

        boolean matches(Order order) {
            Terms terms = order.terms();
            return account.map(terms.accountId()::equals).orElse(true)
                    && symbol.map(terms.symbol()::equals).orElse(true)
                    && visibleSymbols
                            .map(codes -> codes.contains(terms.symbol().code()))
                            .orElse(true)
                    && owner.map(order.key().principal()::equals).orElse(true)
                    && (strategy.isEmpty() || strategy.equals(terms.strategyId()));
        }
    }

    /** An operator's decision about a request in doubt. */
    sealed interface Decision {
        /** The broker does not have it. */
        record NotAtBroker() implements Decision {}

        /** It is the broker's order of this number. */
        record IsOrder(long odno) implements Decision {}
    }

    /** An earlier use of a key. */
    record PriorUse(String hash, OrderId order, KeyUse.Kind kind) {}
}
