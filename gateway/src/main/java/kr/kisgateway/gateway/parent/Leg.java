package kr.kisgateway.gateway.parent;

import java.time.Instant;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.Side;

/**
 * One order of a parent order.
 *
 * @param terms the order; its deadline for being sent is {@code until}
 * @param start what it waits for
 * @param until past which it is neither placed nor sent
 * @param routed whether the gateway chooses the venue, when it places the order; {@code terms} are on the usual one until then
 */
public record Leg(Role role, Terms terms, Start start, Instant until, boolean routed) {
    /** What the order is to the others. */
    public enum Role {
        /** It depends on no other. */
        ORDER,
        /** It opens a position, which the exits close. */
        ENTRY,
        /** An exit that rests at the exchange with a limit price. */
        TAKE_PROFIT,
        /** An exit that is placed when a price is reached, once the other orders have ended. */
        STOP;

        boolean isExit() {
            return this == TAKE_PROFIT || this == STOP;
        }
    }

    public Leg {
        if (start instanceof Start.At(Instant at) && !at.isBefore(until)) {
            throw new IllegalArgumentException("at " + at + " is not before until " + until);
        }
    }

    /** A leg of {@code terms} with the deadline of {@code until}, on the venue of the terms. */
    public static Leg of(Role role, Terms terms, Start start, Instant until) {
        return new Leg(role, terms.withDispatchBy(until), start, until, false);
    }

    /** Whether it sells shares of the account at a price, without another order: a trailing stop, or a condition. */
    boolean isStopByItself() {
        return role == Role.ORDER && terms.side() == Side.SELL && start instanceof Start.PriceTrigger;
    }

    /** Whether nothing but what it waits for is another. */
    boolean equalsButForStart(Leg other) {
        return role == other.role && terms.equals(other.terms) && until.equals(other.until) && routed == other.routed;
    }

    Leg with(Start newStart) {
        return new Leg(role, terms, newStart, until, routed);
    }

    Leg with(Terms newTerms) {
        return of(role, newTerms, start, until).routed(routed);
    }

    Leg with(Instant newUntil) {
        return of(role, terms, start, newUntil).routed(routed);
    }

    /** The same whose venue the gateway chooses, or does not. */
    public Leg routed(boolean isRouted) {
        return new Leg(role, terms, start, until, isRouted);
    }

    /** The same at another time. */
    Leg at(Instant at, Instant newUntil) {
        return of(role, terms, new Start.At(at), newUntil).routed(routed);
    }
}
