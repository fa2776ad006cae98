package kr.kisgateway.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import kr.kisgateway.client.core.BudgetCore;

/**
 * The one queue in which every call to KIS waits for its slot. Safe for any number of threads; a waiting thread should
 * be a virtual one.
 */
public final class CallBudget {
    /** Stands for a deadline that never comes, such as {@link Instant#MAX}. */
    private static final Duration ENDLESS = Duration.ofDays(36_500);

    private final ReentrantLock lock = new ReentrantLock();
    private final BudgetCore core;
    private final InstantSource clock;
    private final InstantSource monotonicClock;
    private final Timer timer;
    private final Consumer<KisEvent> events;
    private final Map<Long, Waiter> waiting = new HashMap<>();
    private boolean closed;
    private long lastId;
    private Instant armed = Instant.MAX;
    private Timer.Handle alarm = () -> {};

    /**
     * @param clock clock of the callers' deadlines
     * @param monotonicClock clock of the core; never adjusted
     * @param timer runs on {@code monotonicClock}
     */
    CallBudget(
            BudgetCore core,
            InstantSource clock,
            InstantSource monotonicClock,
            Timer timer,
            Consumer<KisEvent> events) {
        this.core = core;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
        this.timer = timer;
        this.events = events;
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

    /** Sets the number of turns of {@code tenant} for each turn of others. */
    public void setWeight(String tenant, int weight) {
        run(new BudgetCore.Input.SetWeight(tenant, weight));
    }

    /**
     * Reserves two slots of each second for cancels from now on, which the first order does by itself: for programs that start
     * with resting orders.
     */
    public void expectOrders() {
        run(new BudgetCore.Input.OrdersExpected());
    }

    /** Orders that can be placed each second while nothing else is urgent, at the current limits. */
    public int ordersPerSecond() {
        lock.lock();
        try {
            return core.ordersPerSecond();
        } finally {
            lock.unlock();
        }
    }

    /** Queries in lane HISTORY that can be sent each second while no other lane waits, at the current limits. */
    public int historyPerSecond() {
        lock.lock();
        try {
            return core.historyPerSecond();
        } finally {
            lock.unlock();
        }
    }

    /** A snapshot of slots, limits and waiters. */
    public BudgetState state() {
        lock.lock();
        try {
            Instant now = monotonicClock.instant();
            BudgetState state = core.state(now);
            return state.withNextSlot(clock.instant().plus(Duration.between(now, state.nextSlot())));
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
    void refusedForRate(boolean ledger) {
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
    void close() {
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
        if (!answer.complete(new Grant.TimedOut()) && answer.join() instanceof Grant.Granted(Permit permit)) {
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
                    var permit = new Permit(this, slot, waiter.deadline);
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
