package kr.kisgateway.gateway.parent;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.market.MarketSymbol;

/** The inputs of the {@link ParentCore}. */
public sealed interface ParentInput {
    /**
     * A request to create a parent order.
     *
     * @param ticket names the waiting caller
     * @param prior the parent order of an earlier use of the key
     */
    record Submit(long ticket, ParentId id, Plan plan, KeyUse key, Optional<Parent> prior) implements ParentInput {}

    /**
     * A request to change it.
     *
     * @param before the plan that the caller knew
     * @param dropped legs that are not to be placed
     * @param key idempotency key of the request, if it has one
     */
    record Modify(long ticket, ParentId id, Plan before, Plan plan, Set<Integer> dropped, Optional<KeyUse> key)
            implements ParentInput {}

    /**
     * A request to end it: no order is placed any more, and those that are placed are cancelled.
     *
     * @param by name of the API key
     */
    record Cancel(long ticket, ParentId id, String by) implements ParentInput {}

    /**
     * A decision that an order which is held be placed.
     *
     * @param by name of the API key
     * @param key idempotency key of the request, if it has one
     */
    record Release(long ticket, ParentId id, String by, Optional<KeyUse> key) implements ParentInput {}

    /** Trades of instruments since the last of these inputs. */
    record PricesSeen(Map<MarketSymbol, PriceRange> prices) implements ParentInput {}

    /** The order desk answered the placing of an order: a refusal, or none. */
    record ChildAnswered(ParentId id, OrderId child, Optional<Refusal> refusal) implements ParentInput {}

    /** The order desk answered the request to make an order smaller: a refusal, or none. */
    record ResizeAnswered(ParentId id, OrderId child, Optional<Refusal> refusal) implements ParentInput {}

    /** The order as the journal has it, or none. */
    record OrderFound(OrderId order, Optional<Order> found) implements ParentInput {}

    /** An order ended. */
    record OrderEnded(Order order) implements ParentInput {}

    /** Ends of orders may have been missed. */
    record EndsMissed() implements ParentInput {}

    /** An API key was revoked or has expired. */
    record KeyEnded(String principal) implements ParentInput {}

    /** A timer of the core is due. */
    record TimerDue() implements ParentInput {}
}
