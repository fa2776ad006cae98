package kr.kisgateway.client.budget;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.client.Permit;
import kr.kisgateway.client.breaker.Breakers;

/** A slot of the call budget, until its call is made or it is released, with the circuit breaker's permission where it has one. */
public final class CallPermit implements Permit {
    private final CallBudget budget;
    private final BudgetCore.Slot slot;
    private final Instant deadline;
    private final Optional<Breakers.Admission> admission;
    private final AtomicBoolean open = new AtomicBoolean(true);

    public CallPermit(CallBudget budget, BudgetCore.Slot slot, Instant deadline) {
        this(budget, slot, deadline, Optional.empty());
    }

    private CallPermit(
            CallBudget budget, BudgetCore.Slot slot, Instant deadline, Optional<Breakers.Admission> admission) {
        this.admission = admission;
        this.budget = budget;
        this.slot = slot;
        this.deadline = deadline;
    }

    /**
     * The same, where it was granted by a client.
     *
     * @throws IllegalArgumentException for an implementation of the caller's
     */
    public static CallPermit of(Permit permit) {
        if (permit instanceof CallPermit granted) {
            return granted;
        }
        throw new IllegalArgumentException("only a permit that a KisClient has granted can be used");
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public void release() {
        if (open.compareAndSet(true, false)) {
            admission.ifPresent(Breakers.Admission::release);
            budget.complete(slot);
        }
    }

    /** The same slot with the breaker's permission, replacing this permit, which is used up. */
    public CallPermit withAdmission(Breakers.Admission granted) {
        if (!consume()) {
            throw new IllegalStateException("a permit is good for one call");
        }
        return new CallPermit(budget, slot, deadline, Optional.of(granted));
    }

    /** The breaker's permission, when it was granted with the slot. */
    public Optional<Breakers.Admission> admission() {
        return admission;
    }

    /** The call's bytes leave now. */
    public void markSent() {
        budget.markSent(slot);
    }

    /** After {@link #consume}: the call is over. It counts from now, or, if nothing was sent, not at all. */
    public void complete() {
        budget.complete(slot);
    }

    /** Marks the slot as used; false when it was used or released before. */
    public boolean consume() {
        return open.compareAndSet(true, false);
    }

    /** Whether the slot was reserved too long without a call, and was reassigned. */
    public boolean isExpired() {
        return !budget.isGranted(slot);
    }
}
