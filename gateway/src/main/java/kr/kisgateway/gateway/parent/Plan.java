package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.TradingCalendar;

/**
 * The orders of a parent order, all of one account.
 *
 * @param legs at least one; those with an exit have one {@code STOP}, and one {@code TAKE_PROFIT} at most
 * @param leftOut lines of the request that are none of its orders
 */
public record Plan(Kind kind, List<Leg> legs, List<LeftOut> leftOut) {
    /** Orders of one parent order. */
    public static final int LEGS_MAX = 100;

    /** What kind of parent order it is. */
    public enum Kind {
        /** One order at a time. */
        SCHEDULED,
        /** One order at a price, or after another order. */
        CONDITIONAL,
        /** One order that follows the price. */
        TRAILING_STOP,
        /** Two orders of which one cancels the other. */
        OCO,
        /** An order, and two for what it fills, of which one cancels the other. */
        BRACKET,
        /** Orders of equal size at equal intervals. */
        TWAP,
        /** Orders of now, each by itself. */
        BASKET
    }

    /**
     * A line of a request that is not placed.
     *
     * @param field of the request, as {@code orders[3].price}
     * @param code of the error
     */
    public record LeftOut(String field, String code, String message) {}

    public Plan {
        legs = List.copyOf(legs);
        leftOut = List.copyOf(leftOut);
        if (legs.isEmpty() || legs.size() > LEGS_MAX) {
            throw new IllegalArgumentException(legs.size() + " legs");
        }
    }

    /** A plan of every line of its request. */
    public Plan(Kind kind, List<Leg> legs) {
        this(kind, legs, List.of());
    }

    /** One order at a time. */
    public static Plan scheduled(Terms terms, Instant at, Instant until) {
        return new Plan(Kind.SCHEDULED, List.of(Leg.of(Leg.Role.ORDER, terms, new Start.At(at), until)));
    }

    /** The plan of which the gateway chooses the venue of each order, or does not. */
    Plan routed(boolean isRouted) {
        return new Plan(kind, legs.stream().map(leg -> leg.routed(isRouted)).toList(), leftOut);
    }

    /** Whether the gateway chooses the venue of the order that the others belong to. */
    public boolean isRouted() {
        return legs.getFirst().routed();
    }

    /** The plan with another leg {@code number}. */
    Plan with(int number, Leg leg) {
        List<Leg> changed = new ArrayList<>(legs);
        changed.set(number, leg);
        return new Plan(kind, changed, leftOut);
    }

    /** The order that the others belong to; of a basket the first. */
    public Terms terms() {
        return legs.getFirst().terms();
    }

    /** When the first order is placed; only a schedule has a time. */
    public Instant at() {
        return legs.getFirst().start() instanceof Start.At(Instant at)
                ? at
                : legs.getFirst().until();
    }

    /** Past which none of its orders is placed. */
    public Instant until() {
        return legs.stream().map(Leg::until).max(Comparator.naturalOrder()).orElseThrow();
    }

    /** The codes of the symbols of its orders. */
    Set<String> symbols() {
        return legs.stream().map(leg -> leg.terms().symbol().code()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The day in Korea of its first order, or past which it places none. */
    public LocalDate day() {
        return LocalDate.ofInstant(kind == Kind.SCHEDULED ? at() : until(), TradingCalendar.SEOUL);
    }

    /** The leg of {@code role}, of which it has one at most. */
    OptionalInt leg(Leg.Role role) {
        return IntStream.range(0, legs.size())
                .filter(i -> legs.get(i).role() == role)
                .findFirst();
    }
}
