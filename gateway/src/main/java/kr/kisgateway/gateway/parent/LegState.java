package kr.kisgateway.gateway.parent;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStatus;

/**
 * What became of a leg: the fold of its events.
 *
 * @param best the best price that a trailing leg has seen
 * @param heldAt the price at which it was not placed, because the gateway had been away; empty unless somebody has to decide
 * @param trigger what it waited for has happened; the price of it, 0 where it was no price
 * @param child its order, or the last of them
 * @param qty shares of that order
 * @param filled shares of all its orders that have ended
 * @param orderEnd how its order ended; empty while it works, and when another is to follow
 * @param unplaced why it places no order any more
 */
public record LegState(
        OptionalLong best,
        OptionalLong heldAt,
        OptionalLong trigger,
        Optional<OrderId> child,
        long qty,
        long filled,
        Optional<OrderEnd> orderEnd,
        Optional<Unplaced> unplaced) {
    /** How an order ended. */
    public record OrderEnd(OrderStatus status, String reason) {}

    /** Why no order was placed. */
    public record Unplaced(Parent.Outcome outcome, String reason) {}

    static final LegState INITIAL = new LegState(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            0,
            0,
            Optional.empty(),
            Optional.empty());

    /** Whether its order is placed, or about to be. */
    boolean isWorking() {
        return child.isPresent() && !isEnded();
    }

    /** Whether nothing happens to it any more. */
    boolean isEnded() {
        return orderEnd.isPresent() || unplaced.isPresent();
    }

    /** Whether it was never about to be placed. */
    boolean isWaiting() {
        return child.isEmpty() && !isEnded();
    }

    LegState movedTo(long price) {
        return new LegState(OptionalLong.of(price), heldAt, trigger, child, qty, filled, orderEnd, unplaced);
    }

    LegState held(long price) {
        return new LegState(best, OptionalLong.of(price), trigger, child, qty, filled, orderEnd, unplaced);
    }

    /** What it waits for was changed: that is the decision about the price before. */
    LegState notHeld() {
        return new LegState(best, OptionalLong.empty(), trigger, child, qty, filled, orderEnd, unplaced);
    }

    LegState triggered(long price) {
        return new LegState(best, OptionalLong.empty(), OptionalLong.of(price), child, qty, filled, orderEnd, unplaced);
    }

    LegState started(OrderId order, long shares) {
        return new LegState(best, heldAt, trigger, Optional.of(order), shares, filled, Optional.empty(), unplaced);
    }

    LegState ended(OrderEnd end, long shares, boolean another) {
        return new LegState(
                best,
                heldAt,
                trigger,
                another ? Optional.empty() : child,
                qty,
                filled + shares,
                another ? Optional.empty() : Optional.of(end),
                unplaced);
    }

    /** Its order is to have that many shares. */
    LegState resized(long shares) {
        return new LegState(best, heldAt, trigger, child, shares, filled, orderEnd, unplaced);
    }

    LegState unplaced(Unplaced why) {
        return new LegState(best, heldAt, trigger, child, qty, filled, orderEnd, Optional.of(why));
    }
}
