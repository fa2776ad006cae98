package kr.kisgateway.gateway.parent;

import java.util.Set;

/**
 * A change of a parent order.
 *
 * @param plan as it is to be
 * @param dropped legs that are not to be placed
 */
record Change(Plan plan, Set<Integer> dropped) {
    Change {
        dropped = Set.copyOf(dropped);
    }

    /** A change that drops nothing. */
    static Change to(Plan plan) {
        return new Change(plan, Set.of());
    }
}
