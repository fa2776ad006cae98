package kr.kisgateway.client;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.client.core.BudgetCore;

/** The right to make one call to KIS, kept free until it is made or given back, and for half a minute at most. */
public final class Permit {
    private final CallBudget budget;
    private final BudgetCore.Slot slot;
    private final Instant deadline;
    private final Optional<Breakers.Admission> admission;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Permit(CallBudget budget, BudgetCore.Slot slot, Instant deadline) {
        this(budget, slot, deadline, Optional.empty());
    }

    private Permit(CallBudget budget, BudgetCore.Slot slot, Instant deadline, Optional<Breakers.Admission> admission) {
        this.admission = admission;
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
            admission.ifPresent(Breakers.Admission::release);
            budget.complete(slot);
        }
    }

    /** The same slot with the breaker's leave to call, in place of this permit, which is used up. */
    Permit withAdmission(Breakers.Admission granted) {
        if (!consume()) {
            throw new IllegalStateException("a permit is good for one call");
        }
        return new Permit(budget, slot, deadline, Optional.of(granted));
    }

    /** The breaker's leave to call, when it was given with the slot. */
    Optional<Breakers.Admission> admission() {
        return admission;
    }

    /** The call's bytes leave now. */
    void markSent() {
        budget.markSent(slot);
    }

    /** After {@link #consume}: the call is over. It counts from now, or, if nothing was sent after all, not at all. */
    void complete() {
        budget.complete(slot);
    }

    /** Marks the slot as used; false when it was used or given back before. */
    boolean consume() {
        return open.compareAndSet(true, false);
    }

    /** Whether the slot was kept too long without a call, and went to somebody else. */
    boolean isExpired() {
        return !budget.isGranted(slot);
    }
}
