package kr.kisgateway.client;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.client.core.BudgetCore;

/** The right to make one call to KIS, reserved until it is made or released, and for half a minute at most. */
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

    /** The moment after which the call is obsolete; an order is not sent past it. */
    public Instant deadline() {
        return deadline;
    }

    /** Releases an unused slot to the waiting calls. Does nothing once the call was made or the slot released. */
    public void release() {
        if (open.compareAndSet(true, false)) {
            admission.ifPresent(Breakers.Admission::release);
            budget.complete(slot);
        }
    }

    /** The same slot with the breaker's permission, replacing this permit, which is used up. */
    Permit withAdmission(Breakers.Admission granted) {
        if (!consume()) {
            throw new IllegalStateException("a permit is good for one call");
        }
        return new Permit(budget, slot, deadline, Optional.of(granted));
    }

    /** The breaker's permission, when it was granted with the slot. */
    Optional<Breakers.Admission> admission() {
        return admission;
    }

    /** The call's bytes leave now. */
    void markSent() {
        budget.markSent(slot);
    }

    /** After {@link #consume}: the call is over. It counts from now, or, if nothing was sent, not at all. */
    void complete() {
        budget.complete(slot);
    }

    /** Marks the slot as used; false when it was used or released before. */
    boolean consume() {
        return open.compareAndSet(true, false);
    }

    /** Whether the slot was reserved too long without a call, and was reassigned. */
    boolean isExpired() {
        return !budget.isGranted(slot);
    }
}
