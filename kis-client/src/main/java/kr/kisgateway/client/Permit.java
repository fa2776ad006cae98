package kr.kisgateway.client;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to make one call to KIS, kept free until it is made or given back. */
public final class Permit {
    private final CallBudget budget;
    private final BudgetCore.Slot slot;
    private final Instant deadline;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Permit(CallBudget budget, BudgetCore.Slot slot, Instant deadline) {
        this.budget = budget;
        this.slot = slot;
        this.deadline = deadline;
    }

    /** The moment after which the call is no longer wanted; an order is not sent past it. */
    public Instant deadline() {
        return deadline;
    }

    /** Gives an unused slot back to those who wait. Does nothing once the call was made or the slot given back. */
    public void release() {
        if (open.compareAndSet(true, false)) {
            budget.giveBack(slot);
        }
    }

    /** The call's bytes leave now: from here on it counts. */
    void sent() {
        budget.sent(slot);
    }

    /** After {@link #use}: gives the slot back if nothing was sent after all; does nothing once bytes left. */
    void returnUnused() {
        budget.giveBack(slot);
    }

    /** Marks the slot as used; false when it was used or given back before. */
    boolean use() {
        return open.compareAndSet(true, false);
    }
}
