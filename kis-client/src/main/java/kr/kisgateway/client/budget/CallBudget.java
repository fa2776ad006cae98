package kr.kisgateway.client.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import kr.kisgateway.client.Budget;
import kr.kisgateway.client.BudgetState;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.Lane;
import kr.kisgateway.client.core.Timer;

/** Executes the decisions of {@link BudgetCore}: wakes the waiting callers. A waiting thread should be a virtual one. */
public final class CallBudget implements Budget {
    /** Stands for a deadline that never comes, such as {@link Instant#MAX}. */
    private static final Duration ENDLESS = Duration.ofDays(36_500);

    private final ReentrantLock lock = new ReentrantLock();
    private final BudgetCore core;
    private final InstantSource clock;
    private final InstantSource monotonicClock;
    private final Timer timer;
    private final Consumer<KisEvent> events;
    private final Optional<CallListener> waits;
    private final Map<Long, Waiter> waiting = new HashMap<>();
    private boolean closed;
    private long lastId;
    private Instant armed = Instant.MAX;
    private Timer.Handle alarm = () -> {};

    /**
     * @param clock clock of the callers' deadlines
     * @param monotonicClock clock of the core; never adjusted
     * @param timer runs on {@code monotonicClock}
     * @param waits receives how long each call waited
     */
    public CallBudget(
            BudgetCore core,
            InstantSource clock,
            InstantSource monotonicClock,
            Timer timer,
            Consumer<KisEvent> events,
            Optional<CallListener> waits) {
        this.core = core;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
        this.timer = timer;
        this.events = events;
        this.waits = waits;
    }

    /**
     * Waits for a slot.
     *
     * @param lane purpose of the call
     * @param tenant originator; tenants of a lane take turns
     * @param ledger whether the call reaches the account ledger: orders, balances, executions
     * @param deadline when the answer is no longer useful
     * @return the slot, or immediately that it cannot come in time; also when the thread is interrupted (the interrupt stays set)
     *     and when the client is closed
     */
    public Grant acquire(Lane lane, String tenant, boolean ledger, Instant deadline) {
        Instant begun = monotonicClock.instant();
        var grant = await(lane, tenant, ledger, deadline);
        waits.ifPresent(it -> it.waited(
                lane,
                grant instanceof Grant.Granted,
                Duration.between(begun, monotonicClock.instant()).toNanos()));
        return grant;
    }

    /**
     * A slot if one is free now and no other call is in line for it. Does not wait, and counts as a wait only when it is granted.
     *
     * @param deadline when the call is no longer useful
     */
    public Optional<CallPermit> acquireNow(Lane lane, String tenant, boolean ledger, Instant deadline) {
        Instant begun = monotonicClock.instant();
        var afterwards = new ArrayList<Runnable>();
        Optional<CallPermit> own = Optional.empty();
        lock.lock();
        try {
            if (closed) {
                return Optional.empty();
            }
            long id = ++lastId;
            var request = new BudgetCore.Input.Acquire(id, lane, tenant, ledger, toMonotonic(deadline));
            for (BudgetCore.Effect effect : core.on(new BudgetCore.Input.AcquireNow(request), monotonicClock.instant())
                    .effects()) {
                if (effect instanceof BudgetCore.Effect.Grant(long granted, BudgetCore.Slot slot) && granted == id) {
                    own = Optional.of(new CallPermit(this, slot, deadline));
                } else {
                    applyEffect(effect, afterwards);
                }
            }
        } finally {
            lock.unlock();
        }
        afterwards.forEach(Runnable::run);
        if (own.isPresent()) {
            long waited = Duration.between(begun, monotonicClock.instant()).toNanos();
            waits.ifPresent(it -> it.waited(lane, true, waited));
        }
        return own;
    }

    private Grant await(Lane lane, String tenant, boolean ledger, Instant deadline) {
        var answer = new CompletableFuture<Grant>();
        Instant due = toMonotonic(deadline);
        long id;
        lock.lock();
        try {
            if (closed) {
                return new Grant.TimedOut();
            }
            id = ++lastId;
            waiting.put(id, new Waiter(answer, deadline));
        } finally {
            lock.unlock();
        }
        run(new BudgetCore.Input.Acquire(id, lane, tenant, ledger, due));
        try {
            return answer.get(Timer.waitSeconds(clock.instant(), deadline), TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return withdraw(id, answer);
        } catch (TimeoutException _) {
            // The core answers by the deadline; after the client is closed nothing wakes this thread.
            return withdraw(id, answer);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void setWeight(String tenant, int weight) {
        run(new BudgetCore.Input.SetWeight(tenant, weight));
    }

    @Override
    public void expectOrders() {
        run(new BudgetCore.Input.OrdersExpected());
    }

    @Override
    public int ordersPerSecond() {
        lock.lock();
        try {
            return core.ordersPerSecond();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int historyPerSecond() {
        lock.lock();
        try {
            return core.historyPerSecond();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public BudgetState state() {
        lock.lock();
        try {
            Instant now = monotonicClock.instant();
            BudgetState state = core.state(now);
            return new BudgetState(
                    state.usedLastSecond(),
                    state.ledgerUsedLastSecond(),
                    state.waiting(),
                    clock.instant().plus(Duration.between(now, state.nextSlot())),
                    state.limit(),
                    state.ledgerLimit(),
                    state.timedOut(),
                    state.refusedByKis());
        } finally {
            lock.unlock();
        }
    }

    void markSent(BudgetCore.Slot slot) {
        run(new BudgetCore.Input.Sent(slot));
    }

    void complete(BudgetCore.Slot slot) {
        run(new BudgetCore.Input.Complete(slot));
    }

    /** KIS refused a call for its rate. */
    public void refusedForRate(boolean ledger) {
        run(new BudgetCore.Input.RefusedForRate(ledger));
    }

    /** Whether a slot is still reserved for the call that got it; reservations expire. */
    boolean isGranted(BudgetCore.Slot slot) {
        lock.lock();
        try {
            return core.isGranted(slot, monotonicClock.instant());
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waiting; no further slot is granted. */
    public void close() {
        List<Waiter> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(waiting.values());
            waiting.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(it -> it.answer.complete(new Grant.TimedOut()));
    }

    private Instant toMonotonic(Instant deadline) {
        Instant now = clock.instant();
        Duration left = deadline.isBefore(now)
                ? Duration.ZERO
                : deadline.isAfter(now.plus(ENDLESS)) ? ENDLESS : Duration.between(now, deadline);
        return monotonicClock.instant().plus(left);
    }

    private Grant withdraw(long id, CompletableFuture<Grant> answer) {
        run(new BudgetCore.Input.Withdraw(id));
        removeWaiter(id);
        if (!answer.complete(new Grant.TimedOut()) && answer.join() instanceof Grant.Granted(CallPermit permit)) {
            permit.release();
        }
        return new Grant.TimedOut();
    }

    private void removeWaiter(long id) {
        lock.lock();
        try {
            waiting.remove(id);
        } finally {
            lock.unlock();
        }
    }

    private void run(BudgetCore.Input input) {
        var afterwards = new ArrayList<Runnable>();
        lock.lock();
        try {
            for (BudgetCore.Effect effect :
                    core.on(input, monotonicClock.instant()).effects()) {
                applyEffect(effect, afterwards);
            }
        } finally {
            lock.unlock();
        }
        // Outside the lock: completing a future and calling a listener run foreign code.
        afterwards.forEach(Runnable::run);
    }

    private void applyEffect(BudgetCore.Effect effect, List<Runnable> afterwards) {
        switch (effect) {
            case BudgetCore.Effect.Grant(long id, BudgetCore.Slot slot) -> {
                Waiter waiter = waiting.remove(id);
                if (waiter != null) {
                    var permit = new CallPermit(this, slot, waiter.deadline);
                    afterwards.add(() -> {
                        if (!waiter.answer.complete(new Grant.Granted(permit))) {
                            permit.release();
                        }
                    });
                }
            }
            case BudgetCore.Effect.TimeOut(long id) -> {
                Waiter waiter = waiting.remove(id);
                if (waiter != null) {
                    afterwards.add(() -> waiter.answer.complete(new Grant.TimedOut()));
                }
            }
            case BudgetCore.Effect.Shrunk(boolean ledger, int limit) ->
                afterwards.add(() -> events.accept(new KisEvent.BudgetShrunk(ledger, limit)));
            case BudgetCore.Effect.ArmTimer(Instant at) -> arm(at);
        }
    }

    private void arm(Instant at) {
        if (at.isBefore(armed)) {
            alarm.cancel();
            armed = at;
            alarm = timer.at(at, this::tick);
        }
    }

    private void tick() {
        lock.lock();
        try {
            armed = Instant.MAX;
        } finally {
            lock.unlock();
        }
        run(new BudgetCore.Input.Tick());
    }

    private record Waiter(CompletableFuture<Grant> answer, Instant deadline) {}
}
