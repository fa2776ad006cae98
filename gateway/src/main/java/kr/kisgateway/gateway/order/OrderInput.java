package kr.kisgateway.gateway.order;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.market.Symbol;

/** Everything that can be said to the {@link OrderCore}. */
public sealed interface OrderInput {
    /**
     * An order is asked for; its contract was checked.
     *
     * @param ticket names the waiting caller
     * @param prior what the store knows of the key
     * @param mode whether it is to be placed, or only judged
     */
    record Place(
            long ticket,
            OrderId order,
            Terms terms,
            KeyUse key,
            OrderContext orderContext,
            Optional<PriorUse> prior,
            Mode mode)
            implements OrderInput {}

    /** Several orders of one account are asked for; they are recorded in one commit and answered one by one. */
    record PlaceBatch(long ticket, List<Place> orders) implements OrderInput {}

    /**
     * A cancel is asked for.
     *
     * @param key the caller's own key; absent, it is made from the order id
     * @param stored the order as the store has it, when it may be too old to be in memory
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
     * Another quantity or price is asked for.
     *
     * @param qty the order's new quantity
     * @param price the new price in won
     */
    record Modify(
            long ticket,
            OrderId order,
            OptionalLong qty,
            OptionalLong price,
            String scope,
            Optional<String> key,
            OrderContext orderContext,
            Optional<Order> stored,
            Optional<PriorUse> prior)
            implements OrderInput {}

    /**
     * The cancel of every open order that {@code which} names.
     *
     * @param priorCall the call that used the key before, when it may be too old to be in memory
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

    /** An operator says what became of an order that matching could not settle. */
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

    /** The broker is to be asked now about everything that is open, and the answer compared. */
    record Reconcile(long ticket) implements OrderInput {}

    /**
     * The kill switch is set; on, it stops all placing and modifying, and {@code cancelOpen} takes back what rests.
     *
     * @param reason absent, the one it was set on for holds on
     * @param by name of the key that sets it
     */
    record KillSwitch(long ticket, boolean on, Optional<String> reason, boolean cancelOpen, String by)
            implements OrderInput {}

    /**
     * The limits are set anew.
     *
     * @param json the form in which the journal keeps {@code layers}
     * @param configured the same of what the settings say
     * @param by name of the key that sets them
     */
    record SetLimits(long ticket, RiskLayers layers, String json, String configured, String by) implements OrderInput {}

    /** The budget gave the slot; the shell holds it. */
    record SlotGranted(long slot) implements OrderInput {}

    /** The budget had no slot before the deadline. */
    record SlotTimedOut(long slot) implements OrderInput {}

    /** No slot, because the broker gave no usable answers of late. */
    record SlotSuspended(long slot) implements OrderInput {}

    /** The last look before the bytes stopped a send. */
    record SendStopped(OrderId order, int request, StopReason reason) implements OrderInput {}

    /** A send came back. */
    record Answered(OrderId order, int request, Broker.Outcome outcome) implements OrderInput {}

    /** An execution notice arrived. */
    record Noticed(Broker.Notice notice) implements OrderInput {}

    /** The broker's list of {@code day} arrived, or did not. */
    record ListArrived(LocalDate day, Broker.DailyOrders dailyOrders, Optional<DailyOrdersSnapshot> snapshot)
            implements OrderInput {
        public ListArrived(LocalDate day, Broker.DailyOrders dailyOrders) {
            this(day, dailyOrders, Optional.empty());
        }
    }

    /** Notices may have been missed: the socket was away. */
    record NoticesMissed(String cause) implements OrderInput {}

    /** A moment that the core asked to be woken for has come. */
    record TimerDue() implements OrderInput {}

    /** What is wanted of an order. */
    enum Mode {
        PLACE,
        /** It is judged and nothing is placed; that it passed is recorded, the key stays free. */
        DRY_RUN,
        /** It is judged and nothing comes of it. */
        CHECK
    }

    /** Why a send was stopped in the last moment. */
    enum StopReason {
        DEADLINE,
        KILL_SWITCH
    }

    /**
     * What is known around a request at the moment it is made; each part may be unknown.
     *
     * @param worstPrice won a share that a market buy may cost at most, if that is known
     * @param blockers what keeps the gateway from trading
     */
    record OrderContext(
            MarketFacts market, Observation<AccountFigures> account, OptionalLong worstPrice, List<String> blockers) {}

    /**
     * Which open orders; an absent part means any.
     *
     * @param visibleSymbols codes of the symbols that the caller may see
     * @param owner name of the key that placed them
     */
    record OpenOrderFilter(
            Optional<String> account,
            Optional<Symbol> symbol,
            Optional<String> strategy,
            Optional<Set<String>> visibleSymbols,
            Optional<String> owner) {
        /** Those of a caller who may see every symbol and manage every key's orders. */
        public OpenOrderFilter(Optional<String> account, Optional<Symbol> symbol, Optional<String> strategy) {
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

    /** An operator's word about a request in doubt. */
    sealed interface Decision {
        /** The broker does not have it. */
        record NotAtBroker() implements Decision {}

        /** It is the broker's order of this number. */
        record IsOrder(long odno) implements Decision {}
    }

    /** An earlier use of a key. */
    record PriorUse(String hash, OrderId order, KeyUse.Kind kind) {}
}
