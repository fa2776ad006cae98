package kr.kisgateway.client.budget;

import kr.kisgateway.client.Lane;

/** A caller that waits for a slot. */
final class Waiter {
    final long id;
    final Lane lane;
    final String tenant;
    final boolean ledger;
    final long deadlineNanos;

    Waiter(long id, Lane lane, String tenant, boolean ledger, long deadlineNanos) {
        this.id = id;
        this.lane = lane;
        this.tenant = tenant;
        this.ledger = ledger;
        this.deadlineNanos = deadlineNanos;
    }

    long id() {
        return id;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    BudgetCore.Group group() {
        return BudgetCore.Group.of(lane);
    }
}
