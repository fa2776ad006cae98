package kr.kisgateway.gateway.parent;

import java.time.Instant;
import kr.kisgateway.gateway.order.Terms;

/**
 * One order that is placed at a time.
 *
 * @param terms the order; its deadline for being sent is {@code until}
 * @param at when it is placed
 * @param until past which it is neither placed nor sent
 */
public record Schedule(Terms terms, Instant at, Instant until) {
    public Schedule {
        if (!at.isBefore(until)) {
            throw new IllegalArgumentException("at " + at + " is not before until " + until);
        }
    }

    /** A schedule of {@code terms} with the deadline of {@code until}. */
    static Schedule of(Terms terms, Instant at, Instant until) {
        return new Schedule(terms.withDispatchBy(until), at, until);
    }
}
