package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What shall take an order's place: it is cancelled, and what its fills left of the new quantity is placed as another order,
 * once the cancel is proven and before a deadline.
 *
 * @param successor id of the other order, if it comes to exist
 * @param qty shares of both together
 * @param price in units of the currency, if it changes
 * @param placeBy deadline for placing the other order; past it only the cancel remains
 * @param key the request
 * @param outcome what became of it; empty while the cancel is not proven
 */
public record Replacement(
        OrderId successor, long qty, OptionalLong price, Instant placeBy, KeyUse key, Optional<Outcome> outcome) {
    /** What becomes of a replacement. */
    public enum Outcome {
        /** The other order was accepted. */
        PLACED,
        /** Nothing was left to place, or it must not be placed any more. */
        ABANDONED,
        /** The checks of orders refused the other order. */
        REFUSED
    }

    static Replacement requested(OrderEvent.ReplaceRequested event) {
        return new Replacement(
                event.successor(), event.qty(), event.price(), event.placeBy(), event.key(), Optional.empty());
    }

    Replacement ended(Outcome with) {
        return new Replacement(successor, qty, price, placeBy, key, Optional.of(with));
    }

    /** Whose the other order is: the replaced one's, whoever requested it; of one from elsewhere, the requester's. */
    KeyUse owner(Order original) {
        return original.external() ? key : original.key();
    }

    boolean isPending() {
        return outcome.isEmpty();
    }

    /** The terms of the other order: for the shares that the fills of {@code original} left. */
    Terms terms(Order original) {
        Terms terms = original.terms();
        return terms.withQty(qty - original.filled())
                .withPrice(price.isPresent() ? price : terms.price())
                .withDispatchBy(placeBy);
    }

    /** The idempotency key of the order that replaces {@code original}. */
    static String keyOf(OrderId original) {
        return KeyUse.REPLACES + original;
    }
}
