package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kr.kisgateway.gateway.trace.SpanAttribute;
import kr.kisgateway.gateway.trace.SpanName;
import kr.kisgateway.gateway.trace.Trace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the broker for the order desk, each call on a virtual thread: takes slots of the call budget, sends what is durable,
 * and reads the list of the day's orders. Every result returns to the desk as an input.
 */
final class BrokerDispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.order");

    private final Broker broker;
    private final OrderHours hours;
    private final InstantSource clock;
    private final BooleanSupplier killSwitch;
    private final Supplier<Collection<Order>> openOrders;
    private final Consumer<OrderInput> results;
    /** Counts the starts of the desk, whose thread changes it: slots requested before the current one belong to no request. */
    private final AtomicLong epochs = new AtomicLong();

    private final Map<SlotKey, GrantedSlot> slots = new ConcurrentHashMap<>();
    private final AtomicInteger sendsInFlight = new AtomicInteger();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopping;

    /** The number of a slot, which each start of the desk counts from 1. */
    private record SlotKey(long epoch, long number) {}

    /** A slot, and when the budget granted it. */
    private record GrantedSlot(Broker.Slot slot, Broker.Lane lane, Instant at) {
        void release() {
            slot.release();
        }
    }

    /**
     * @param killSwitch whether it is set, recorded or not
     * @param results receives the result of each call; waits while the desk is full
     */
    BrokerDispatcher(
            Broker broker,
            OrderHours hours,
            InstantSource clock,
            BooleanSupplier killSwitch,
            Supplier<Collection<Order>> openOrders,
            Consumer<OrderInput> results) {
        this.broker = broker;
        this.hours = hours;
        this.clock = clock;
        this.killSwitch = killSwitch;
        this.openOrders = openOrders;
        this.results = results;
    }

    /** The desk failed: releases its slots, which would block those that are requested next, and drops those that it requested. */
    void restart() {
        epochs.incrementAndGet();
        slots.keySet().forEach(key -> take(key).ifPresent(GrantedSlot::release));
    }

    /** From now on no call begins; sends in flight continue. */
    void stopStarting() {
        stopping = true;
    }

    /** Sends without an answer yet. */
    int sendsInFlight() {
        return sendsInFlight.get();
    }

    boolean hasSlot(long number) {
        return slots.containsKey(key(number));
    }

    void releaseSlot(long number) {
        take(key(number)).ifPresent(GrantedSlot::release);
    }

    private SlotKey key(long number) {
        return new SlotKey(epochs.get(), number);
    }

    /** Grants a slot that is free now, so that it need not be requested; does not wait. */
    boolean grantIfFree(OrderEffect.RequestSlot request) {
        if (stopping) {
            return false;
        }
        Optional<Broker.Slot> free;
        try {
            free = broker.acquireFreeSlot(request.account(), request.lane(), request.tenant(), request.deadline());
        } catch (RuntimeException e) { // a defect there must not end the desk
            LOG.error("slot_not_granted account={} lane={}", request.account(), request.lane(), e);
            return false;
        }
        free.ifPresent(slot -> slots.put(key(request.slot()), new GrantedSlot(slot, request.lane(), clock.instant())));
        return free.isPresent();
    }

    /** Waits for a slot of the call budget. */
    void requestSlot(OrderEffect.RequestSlot request) {
        long epoch = epochs.get();
        run(() -> acquire(request, epoch));
    }

    /** Reads the list of a day's orders. */
    void requestDailyOrders(OrderEffect.RequestDailyOrders request) {
        run(() -> readDailyOrders(request));
    }

    /** Loads facts about an order, which may ask the broker. */
    void load(Order order, Consumer<Order> loader, Optional<Trace> trace) {
        run(() -> Trace.within(trace, () -> {
            try {
                loader.accept(order);
            } catch (RuntimeException e) {
                LOG.error("replacement_not_loaded order={}", order.id(), e);
            }
        }));
    }

    private void run(Runnable work) {
        if (!stopping) {
            workers.execute(work);
        }
    }

    private void acquire(OrderEffect.RequestSlot request, long epoch) {
        switch (waitForSlot(request)) {
            case Broker.SlotAnswer.Granted(Broker.Slot slot) -> {
                var key = new SlotKey(epoch, request.slot());
                slots.put(key, new GrantedSlot(slot, request.lane(), clock.instant()));
                // Stopping: unsent orders stay in the journal. Another epoch: the desk has restarted meanwhile.
                if (stopping || epoch != epochs.get()) {
                    take(key).ifPresent(GrantedSlot::release);
                    return;
                }
                results.accept(new OrderInput.SlotGranted(request.slot()));
            }
            case Broker.SlotAnswer.TimedOut _ -> {
                if (epoch == epochs.get()) {
                    results.accept(new OrderInput.SlotTimedOut(request.slot()));
                }
            }
            case Broker.SlotAnswer.Suspended _ -> {
                if (epoch == epochs.get()) {
                    results.accept(new OrderInput.SlotSuspended(request.slot()));
                }
            }
        }
    }

    private Broker.SlotAnswer waitForSlot(OrderEffect.RequestSlot request) {
        try {
            return broker.acquireSlot(request.account(), request.lane(), request.tenant(), request.deadline());
        } catch (RuntimeException e) { // the share requests again
            LOG.error("slot_not_granted account={} lane={}", request.account(), request.lane(), e);
            return new Broker.SlotAnswer.TimedOut();
        }
    }

    private Optional<GrantedSlot> take(SlotKey key) {
        return Optional.ofNullable(slots.remove(key));
    }

    /** Sends a request to the broker in its slot; the answer returns as an input. */
    void send(OrderEffect.Send send, OrderTraces.RequestTrace trace) {
        GrantedSlot slot = take(key(send.slot()))
                .orElseThrow(() -> new IllegalStateException("no slot for " + send.order() + "/" + send.request()));
        sendsInFlight.incrementAndGet();
        workers.execute(() -> {
            try {
                Trace.within(trace.trace(), () -> {
                    trace.trace().ifPresent(it -> recordWait(it, trace.waitsFrom(), send, slot));
                    sendOrStop(send, slot.slot());
                });
            } finally {
                sendsInFlight.decrementAndGet();
            }
        });
    }

    /** The wait for the slot: since the request could be sent, though the slot may have been requested for another. */
    private static void recordWait(Trace trace, Instant from, OrderEffect.Send send, GrantedSlot slot) {
        if (trace.isRecorded()) {
            Instant begun = from.equals(Instant.EPOCH) ? slot.at() : from;
            trace.begin(SpanName.BUDGET_WAIT, begun)
                    .with(SpanAttribute.LANE, slot.lane().name().toLowerCase(Locale.ROOT))
                    .with(SpanAttribute.ORDER, send.order().text())
                    .end(slot.at().isBefore(begun) ? begun : slot.at());
        }
    }

    private void sendOrStop(OrderEffect.Send send, Broker.Slot slot) {
        Optional<OrderInput.StopReason> stop = checkBeforeSend(send);
        if (stop.isPresent()) {
            slot.release();
            results.accept(new OrderInput.SendStopped(send.order(), send.request(), stop.get()));
            return;
        }
        deliverAnswer(send.order(), send.request(), () -> switch (send) {
            case OrderEffect.SendPlace s -> broker.place(slot, s.terms());
            case OrderEffect.SendModify s -> broker.modify(slot, s.terms(), s.orgNo(), s.odno(), s.qty(), s.price());
            case OrderEffect.SendCancel s -> broker.cancel(slot, s.terms(), s.orgNo(), s.odno(), s.qty(), s.all());
        });
    }

    /** The last check before the send: the commit took time, and the kill switch may have been set since the decision. */
    private Optional<OrderInput.StopReason> checkBeforeSend(OrderEffect.Send send) {
        Optional<Instant> by = switch (send) {
            case OrderEffect.SendPlace s -> Optional.of(s.terms().dispatchBy());
            case OrderEffect.SendModify s -> Optional.of(s.by());
            case OrderEffect.SendCancel _ -> Optional.empty();
        };
        if (by.isPresent() && killSwitch.getAsBoolean()) {
            return Optional.of(OrderInput.StopReason.KILL_SWITCH);
        }
        return by.filter(at -> !clock.instant().isBefore(at)).map(_ -> OrderInput.StopReason.DEADLINE);
    }

    private void deliverAnswer(OrderId order, int request, Supplier<Broker.Outcome> call) {
        Broker.Outcome outcome;
        try {
            outcome = call.get();
        } catch (RuntimeException e) {
            LOG.error("send_failed order={} request={}", order, request, e);
            outcome = new Broker.Outcome.InDoubt(
                    "INTERNAL", "the send ended with " + e.getClass().getSimpleName());
        }
        results.accept(new OrderInput.Answered(order, request, outcome));
    }

    private void readDailyOrders(OrderEffect.RequestDailyOrders request) {
        AccountDay day = request.day();
        Broker.DailyOrders dailyOrders;
        Optional<DailyOrdersSnapshot> snapshot = Optional.empty();
        try {
            dailyOrders = broker.requestDailyOrders(day);
            if (dailyOrders instanceof Broker.DailyOrders.Complete complete) {
                snapshot = Optional.of(DailyOrdersSnapshot.of(
                        request, complete, openOrders.get(), order -> hours.endOf(order.terms(), order.tradingDay())));
            }
        } catch (RuntimeException e) {
            LOG.error("list_failed day={}", day, e);
            dailyOrders = new Broker.DailyOrders.Failed(e.getClass().getSimpleName());
        }
        results.accept(new OrderInput.ListArrived(day, dailyOrders, snapshot));
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
