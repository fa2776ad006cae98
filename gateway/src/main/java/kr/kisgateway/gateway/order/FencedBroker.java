package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.gateway.lease.Lease;

/**
 * Sends only while this process owns the accounts. A send is checked when it begins, and its slot ends with the lease as far as that
 * is known: the client compares the slot's deadline with the clock once more before the first byte leaves. So a process that was
 * stopped anywhere before that sends nothing when it goes on.
 */
public final class FencedBroker implements Broker {
    private final Broker broker;
    private final Lease lease;

    public FencedBroker(Broker broker, Lease lease) {
        this.broker = broker;
        this.lease = lease;
    }

    @Override
    public SlotAnswer acquireSlot(String account, Lane lane, String tenant, Instant deadline) {
        return broker.acquireSlot(account, lane, tenant, whileHeld(deadline));
    }

    @Override
    public Optional<Slot> acquireFreeSlot(String account, Lane lane, String tenant, Instant deadline) {
        return broker.acquireFreeSlot(account, lane, tenant, whileHeld(deadline));
    }

    private Instant whileHeld(Instant deadline) {
        Instant held = lease.heldUntil();
        return deadline.isBefore(held) ? deadline : held;
    }

    @Override
    public Outcome place(Slot slot, Terms terms) {
        return lease.isHeld() ? broker.place(slot, terms) : refuse(slot);
    }

    @Override
    public Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long qty, long price) {
        return lease.isHeld() ? broker.modify(slot, terms, orgNo, odno, qty, price) : refuse(slot);
    }

    @Override
    public Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
        return lease.isHeld() ? broker.cancel(slot, terms, orgNo, odno, qty, all) : refuse(slot);
    }

    private static Outcome refuse(Slot slot) {
        slot.release();
        return new Outcome.NotTaken("NO_OWNER", "this gateway does not own the accounts now");
    }

    @Override
    public DailyOrders requestDailyOrders(AccountDay day) {
        return broker.requestDailyOrders(day);
    }
}
