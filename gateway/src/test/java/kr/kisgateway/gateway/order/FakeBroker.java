package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Venue;

/** A broker that accepts everything at once, unless a test blocks its slots, answers or lists. */
final class FakeBroker implements Broker {
    final AtomicInteger placed = new AtomicInteger();
    final AtomicInteger number = new AtomicInteger(100);
    final AtomicBoolean listWorks = new AtomicBoolean(true);
    final ConcurrentLinkedQueue<BrokerOrder> book = new ConcurrentLinkedQueue<>();
    final AtomicInteger cancels = new AtomicInteger();
    /** Slots that were released unused. */
    final AtomicInteger released = new AtomicInteger();
    /** The threads that requested a slot. */
    final ConcurrentLinkedQueue<Thread> callingThreads = new ConcurrentLinkedQueue<>();

    volatile CountDownLatch slots = new CountDownLatch(0);
    volatile CountDownLatch answers = new CountDownLatch(0);
    volatile CountDownLatch lists = new CountDownLatch(0);
    volatile boolean rejectCancels;
    /** Whether a slot is free without waiting, unless slots are blocked. */
    volatile boolean hasFreeSlots = true;

    volatile boolean failsAtFreeSlots;
    /** How many requests for a slot fail. */
    final AtomicInteger slotDefects = new AtomicInteger();
    /** Called with the broker order number of each cancel before its answer. */
    volatile LongConsumer onCancel = _ -> {};

    private final InstantSource clock;

    FakeBroker(InstantSource clock) {
        this.clock = clock;
    }

    /** A resting order, of the gateway or external. */
    static BrokerOrder resting(long odno, Terms terms) {
        return new BrokerOrder(
                BrokerOrder.Kind.ORDER,
                odno,
                0,
                "06010",
                terms.symbol(),
                terms.side(),
                terms.qty(),
                terms.price().orElse(0),
                Optional.of(OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                235_959,
                0,
                0,
                0,
                terms.qty(),
                0);
    }

    @Override
    public SlotAnswer acquireSlot(String account, Lane lane, String tenant, Instant deadline) {
        callingThreads.add(Thread.currentThread());
        if (slotDefects.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IllegalStateException("a defect of the budget");
        }
        boolean interrupted = false;
        while (slots.getCount() > 0) {
            try {
                slots.await();
            } catch (InterruptedException e) {
                interrupted = true; // a slot may be granted at the very moment of the interrupt
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new SlotAnswer.Granted(released::incrementAndGet);
    }

    @Override
    public Optional<Slot> acquireFreeSlot(String account, Lane lane, String tenant, Instant deadline) {
        if (failsAtFreeSlots) {
            throw new IllegalStateException("a defect of the budget");
        }
        return hasFreeSlots && slots.getCount() == 0 ? Optional.of(released::incrementAndGet) : Optional.empty();
    }

    @Override
    public Outcome place(Slot slot, Terms terms) {
        placed.incrementAndGet();
        long odno = number.incrementAndGet();
        book.add(resting(odno, terms));
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.InDoubt("INTERRUPTED", "the process ends");
        }
        return new Outcome.Taken("06010", odno, "100000");
    }

    @Override
    public Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long qty, long price) {
        return new Outcome.Taken("06010", number.incrementAndGet(), "100000");
    }

    @Override
    public Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
        cancels.incrementAndGet();
        onCancel.accept(odno);
        return rejectCancels
                ? new Outcome.Refused("APBK0344", "not now")
                : new Outcome.Taken("06010", number.incrementAndGet(), "100000");
    }

    @Override
    public DailyOrders requestDailyOrders(AccountDay day) {
        try {
            lists.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new DailyOrders.Failed("the process ends");
        }
        return listWorks.get()
                ? new DailyOrders.Complete(clock.instant(), List.copyOf(book))
                : new DailyOrders.Failed("down");
    }
}
