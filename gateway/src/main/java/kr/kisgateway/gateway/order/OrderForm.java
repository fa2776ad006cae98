package kr.kisgateway.gateway.order;

import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.Venue;

/** The kinds of orders that the broker has: on which venue, on which days, in which phases. Pure. */
public interface OrderForm {
    /** Why it has no such order on {@code day}, with the nearest that it has; empty when it has it. */
    Optional<Refusal> refusal(Side side, OrderKind kind, Venue venue, LocalDate day);

    /** Why it takes no orders on credit at all; empty when it does. */
    Optional<Refusal> creditRefusal();

    /** When KRX or NXT accepts such an order; empty when that venue does not have it. */
    Optional<Acceptance> acceptance(OrderKind kind, Venue venue, LocalDate day);

    /** When such an order of a US stock is accepted; empty when there is none. */
    Optional<UsAcceptance> usAcceptance(OrderKind kind);

    /**
     * When a venue accepts a kind of order.
     *
     * @param phases in which it is accepted
     * @param last the phase at whose end its rest is gone
     * @param sharesOnly whether ETF, ETN and KONEX are excluded
     */
    record Acceptance(Set<Phase> phases, Phase last, boolean sharesOnly) {}

    /**
     * When a kind of order of US stocks is accepted.
     *
     * @param sessions in which it is accepted
     * @param last the session at whose end its rest is gone
     */
    record UsAcceptance(Set<UsSession> sessions, UsSession last) {}
}
