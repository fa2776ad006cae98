package kr.kisgateway.client.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import kr.kisgateway.client.BreakerRule;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.client.EndedCall;
import kr.kisgateway.client.Fixtures;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.Lane;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.Permit;
import kr.kisgateway.client.breaker.Breakers;
import kr.kisgateway.client.core.Timer;
import org.junit.jupiter.api.Test;

class CallBudgetTest {
    private static final Instant START = Instant.parse("2026-11-20T01:00:00Z");
    private final AtomicReference<Instant> wall = new AtomicReference<>(START);
    private final AtomicReference<Instant> monotonicTime = new AtomicReference<>(Instant.EPOCH);

    @Test
    void setting_the_wall_clock_ahead_frees_no_used_slot() {
        InstantSource steady = monotonicTime::get;
        try (var timer = new Timer(steady)) {
            var budget = budget(steady, timer, _ -> {});
            budget.expectOrders();
            int first = useAll(budget);
            assertThat(first).isPositive();
            wall.set(START.plusSeconds(3_600));
            assertThat(useAll(budget))
                    .as("in the same second by any correct clock")
                    .isZero();
            assertThat(budget.state().usedLastSecond()).isEqualTo(first);
            assertThat(budget.state().nextSlot()).as("a cancel's").isEqualTo(wall.get());
            monotonicTime.set(Instant.EPOCH.plusMillis(1_100));
            wall.set(START); // and back: nothing waits for the wall clock
            assertThat(useAll(budget)).isEqualTo(first);
        }
    }

    @Test
    void the_time_that_a_call_waited_for_its_slot_is_reported_and_that_it_got_none() throws Exception {
        InstantSource steady = monotonicTime::get;
        var waits = new LinkedBlockingQueue<String>();
        var listener = listener((lane, granted, nanos) -> waits.add(lane + " " + nanos / 1_000_000 + " " + granted));
        try (var timer = new Timer(steady)) {
            var budget = budget(standardCore(), steady, timer, _ -> {}, Optional.of(listener));
            budget.acquire(Lane.QUOTE, "t", false, wall.get().plusSeconds(60));
            assertThat(waits.poll(10, TimeUnit.SECONDS)).isEqualTo("QUOTE 0 true");
            budget.acquire(Lane.ACCOUNT, "t", false, Instant.MIN);
            assertThat(waits.poll(10, TimeUnit.SECONDS)).isEqualTo("ACCOUNT 0 false");
        }
    }

    @Test
    void a_call_that_does_not_wait_gets_a_free_slot_or_none_at_once_and_only_the_grant_is_reported() {
        InstantSource steady = monotonicTime::get;
        var waits = new LinkedBlockingQueue<Boolean>();
        var listener = listener((_, granted, _) -> waits.add(granted));
        try (var timer = new Timer(steady)) {
            var budget = budget(standardCore(), steady, timer, _ -> {}, Optional.of(listener));
            Instant deadline = wall.get().plusSeconds(7);
            var permit = budget.acquireNow(Lane.CANCEL, "t", true, deadline).orElseThrow();
            assertThat(permit.deadline()).isEqualTo(deadline);
            assertThat(waits).containsExactly(true);
            permit.release();
            useAll(budget);
            int granted = waits.size();
            assertThat(budget.acquireNow(Lane.QUOTE, "t", false, deadline)).isEmpty();
            assertThat(waits).hasSize(granted);
            assertThat(budget.state().waiting().values()).containsOnly(0);
            budget.close();
            monotonicTime.set(Instant.EPOCH.plusSeconds(5));
            assertThat(budget.acquireNow(Lane.QUOTE, "t", false, deadline))
                    .as("closed")
                    .isEmpty();
        }
    }

    @Test
    void any_deadline_is_accepted_and_closing_the_client_times_out_waiting_callers() throws Exception {
        InstantSource steady = monotonicTime::get;
        try (var timer = new Timer(steady)) {
            var budget = budget(steady, timer, _ -> {});
            assertThat(budget.acquire(Lane.QUOTE, "t", false, Instant.MIN)).isInstanceOf(Grant.TimedOut.class);
            assertThat(useAll(budget)).isEqualTo(18);
            var waiting = new CompletableFuture<Grant>();
            Thread.ofVirtual().start(() -> waiting.complete(budget.acquire(Lane.QUOTE, "t", false, Instant.MAX)));
            awaitWaiting(budget, 1);
            budget.close();
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isInstanceOf(Grant.TimedOut.class);
            monotonicTime.set(Instant.EPOCH.plusSeconds(5));
            assertThat(budget.acquire(Lane.QUOTE, "t", false, Instant.MAX)).isInstanceOf(Grant.TimedOut.class);
        }
    }

    private static BudgetCore standardCore() {
        return new BudgetCore(Fixtures.LIMITS, Duration.ofMillis(5));
    }

    private CallBudget budget(InstantSource clock, Timer timer, Consumer<KisEvent> events) {
        return budget(standardCore(), clock, timer, events, Optional.empty());
    }

    private CallBudget budget(
            BudgetCore core,
            InstantSource clock,
            Timer timer,
            Consumer<KisEvent> events,
            Optional<CallListener> waits) {
        return new CallBudget(core, wall::get, clock, timer, events, waits);
    }

    private interface Waited {
        void add(Lane lane, boolean granted, long nanos);
    }

    private static CallListener listener(Waited waits) {
        return new CallListener() {
            @Override
            public void ended(EndedCall call) {
                throw new AssertionError("no call was made");
            }

            @Override
            public void waited(Lane lane, boolean granted, long nanos) {
                waits.add(lane, granted, nanos);
            }
        };
    }

    private static void awaitWaiting(CallBudget budget, int count) {
        while (budget.state().waiting().getOrDefault(Lane.QUOTE, 0) < count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_refusal_by_kis_is_an_event_and_shrinks_the_limit() {
        var events = new ArrayList<KisEvent>();
        InstantSource steady = monotonicTime::get;
        try (var timer = new Timer(steady)) {
            var budget = budget(steady, timer, events::add);
            budget.refusedForRate(false);
            assertThat(events).containsExactly(new KisEvent.BudgetShrunk(false, 17));
            assertThat(budget.state().limit()).isEqualTo(17);
            budget.refusedForRate(true);
            assertThat(budget.state().ledgerLimit()).isEqualTo(9);
        }
    }

    @Test
    void a_permit_is_good_for_one_call_or_one_release() {
        InstantSource steady = monotonicTime::get;
        try (var timer = new Timer(steady)) {
            var budget = budget(steady, timer, _ -> {});
            Instant deadline = wall.get().plusSeconds(7);
            var released = budget.acquireNow(Lane.QUOTE, "t", false, deadline).orElseThrow();
            var used = budget.acquireNow(Lane.QUOTE, "t", false, deadline).orElseThrow();
            assertThat(budget.state().usedLastSecond()).isEqualTo(2);
            released.release();
            released.release();
            assertThat(released.consume()).isFalse();
            assertThat(budget.state().usedLastSecond()).isEqualTo(1);
            assertThat(used.consume()).isTrue();
            assertThat(used.consume()).isFalse();
            used.release();
            assertThat(budget.state().usedLastSecond()).as("a used slot counts").isEqualTo(1);
            assertThat(CallPermit.of(used)).isSameAs(used);
            assertThat(used.admission()).isEmpty();
        }
    }

    @Test
    void a_permit_that_no_client_granted_is_refused() {
        var foreign = new Permit() {
            @Override
            public Instant deadline() {
                return Instant.MAX;
            }

            @Override
            public void release() {}
        };
        assertThatThrownBy(() -> CallPermit.of(foreign)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_slot_that_was_reserved_for_half_a_minute_is_expired() {
        InstantSource steady = monotonicTime::get;
        try (var timer = new Timer(steady)) {
            var budget = budget(steady, timer, _ -> {});
            var permit = budget.acquireNow(Lane.QUOTE, "t", false, Instant.MAX).orElseThrow();
            assertThat(permit.isExpired()).isFalse();
            monotonicTime.set(Instant.EPOCH.plusSeconds(30));
            assertThat(permit.isExpired()).isTrue();
        }
    }

    @Test
    void figures_are_those_of_the_limits() {
        InstantSource steady = monotonicTime::get;
        try (var timer = new Timer(steady)) {
            var budget = budget(steady, timer, _ -> {});
            assertThat(budget.ordersPerSecond()).isEqualTo(8);
            assertThat(budget.historyPerSecond()).isEqualTo(18);
        }
    }

    @Test
    void a_heavier_tenant_has_its_turns_in_a_row() throws Exception {
        InstantSource steady = monotonicTime::get;
        try (var timer = new Timer(steady)) {
            var budget = budget(
                    new BudgetCore(new Limits(1, 1, 41, 10), Duration.ZERO), steady, timer, _ -> {}, Optional.empty());
            budget.setWeight("heavy", 2);
            var first = budget.acquireNow(Lane.QUOTE, "t", false, Instant.MAX).orElseThrow();
            var order = new LinkedBlockingQueue<String>();
            for (String tenant : List.of("heavy", "light", "heavy")) {
                int before = budget.state().waiting().getOrDefault(Lane.QUOTE, 0);
                Thread.ofVirtual().start(() -> {
                    if (budget.acquire(Lane.QUOTE, tenant, false, Instant.MAX)
                            instanceof Grant.Granted(CallPermit permit)) {
                        order.add(tenant);
                        permit.release(); // to the next
                    }
                });
                awaitWaiting(budget, before + 1);
            }
            first.release();
            for (String tenant : List.of("heavy", "heavy", "light")) {
                assertThat(order.poll(10, TimeUnit.SECONDS)).isEqualTo(tenant);
            }
        }
    }

    @Test
    void a_call_that_does_not_wait_serves_those_that_wait_first() throws Exception {
        InstantSource steady = monotonicTime::get;
        try (var timer = new Timer(steady)) {
            var budget = budget(
                    new BudgetCore(new Limits(2, 2, 41, 10), Duration.ZERO), steady, timer, _ -> {}, Optional.empty());
            assertThat(useAll(budget)).isEqualTo(2);
            var granted = new LinkedBlockingQueue<Grant>();
            for (int waiting = 1; waiting <= 2; waiting++) {
                Thread.ofVirtual().start(() -> granted.add(budget.acquire(Lane.QUOTE, "t", false, Instant.MAX)));
                awaitWaiting(budget, waiting);
                assertThat(budget.acquireNow(Lane.QUOTE, "t", false, Instant.MAX))
                        .isEmpty();
            }
            monotonicTime.set(Instant.EPOCH.plusSeconds(1));
            assertThat(budget.acquireNow(Lane.QUOTE, "t", false, Instant.MAX)).isEmpty();
            assertThat(granted.poll(10, TimeUnit.SECONDS)).isInstanceOf(Grant.Granted.class);
            assertThat(granted.poll(10, TimeUnit.SECONDS)).isInstanceOf(Grant.Granted.class);
        }
    }

    @Test
    void a_permit_with_a_breakers_permission_returns_both_when_it_is_released() {
        InstantSource steady = monotonicTime::get;
        var breakers = new Breakers(new BreakerRule(1, 100, Duration.ofSeconds(1), 1, true), steady, _ -> {});
        admit(breakers).recordFailure();
        monotonicTime.set(Instant.EPOCH.plusSeconds(2)); // one probe is admitted
        try (var timer = new Timer(steady)) {
            var budget = budget(steady, timer, _ -> {});
            var slot = budget.acquireNow(Lane.QUOTE, "t", false, Instant.MAX).orElseThrow();
            var admission = admit(breakers);
            var permit = slot.withAdmission(admission);
            assertThat(permit.admission()).contains(admission);
            assertThatThrownBy(() -> slot.withAdmission(admission)).isInstanceOf(IllegalStateException.class);
            assertThat(breakers.requestAdmission(Breakers.CallClass.ORDERS, false))
                    .isInstanceOf(Breakers.Decision.Open.class);
            permit.release();
            admit(breakers).recordSuccess();
            assertThat(budget.state().usedLastSecond()).isZero();
        }
    }

    private static Breakers.Admission admit(Breakers breakers) {
        return ((Breakers.Decision.Admitted) breakers.requestAdmission(Breakers.CallClass.ORDERS, false)).admission();
    }

    @Test
    void a_call_that_waits_gets_its_slot_from_the_timer() {
        InstantSource steady = InstantSource.system();
        try (var timer = new Timer(steady)) {
            var budget = new CallBudget(
                    new BudgetCore(new Limits(1, 1, 41, 10), Duration.ZERO),
                    steady,
                    steady,
                    timer,
                    _ -> {},
                    Optional.empty());
            for (int i = 0; i < 3; i++) { // the timer is armed again each time
                Instant deadline = steady.instant().plusSeconds(20);
                assertThat(budget.acquire(Lane.QUOTE, "t", false, deadline) instanceof Grant.Granted(CallPermit permit)
                                && send(permit))
                        .isTrue();
            }
        }
    }

    private static boolean send(CallPermit permit) {
        permit.consume();
        permit.markSent();
        permit.complete();
        return true;
    }

    @Test
    void an_interrupted_call_waits_no_longer_and_stays_interrupted() throws Exception {
        InstantSource steady = monotonicTime::get;
        try (var timer = new Timer(steady)) {
            var budget = budget(steady, timer, _ -> {});
            useAll(budget);
            var interrupted = new CompletableFuture<Boolean>();
            Thread thread = Thread.ofVirtual().start(() -> {
                Grant grant = budget.acquire(Lane.QUOTE, "t", false, Instant.MAX);
                interrupted.complete(grant instanceof Grant.TimedOut
                        && Thread.currentThread().isInterrupted());
            });
            awaitWaiting(budget, 1);
            thread.interrupt();
            assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(budget.state().waiting().get(Lane.QUOTE)).isZero();
            monotonicTime.set(Instant.EPOCH.plusSeconds(2));
            assertThat(useAll(budget)).as("it took none of the slots").isEqualTo(18);
        }
    }

    @Test
    void no_method_keeps_the_lock() throws Exception {
        InstantSource steady = monotonicTime::get;
        try (var timer = new Timer(steady)) {
            var budget = budget(steady, timer, _ -> {});
            var permit = budget.acquireNow(Lane.QUOTE, "t", false, Instant.MAX).orElseThrow();
            List<Runnable> calls = List.of(
                    budget::state,
                    budget::ordersPerSecond,
                    budget::historyPerSecond,
                    permit::isExpired,
                    () -> budget.acquireNow(Lane.QUOTE, "t", false, Instant.MIN),
                    budget::close,
                    budget::state);
            for (Runnable call : calls) {
                var done = new CompletableFuture<Void>();
                Thread.ofVirtual().start(() -> {
                    try {
                        call.run();
                        done.complete(null);
                    } catch (RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                });
                done.get(10, TimeUnit.SECONDS);
            }
        }
    }

    /** Uses every slot available at once; a deadline before the next slot is refused without waiting. */
    private int useAll(CallBudget budget) {
        int used = 0;
        while (budget.acquire(Lane.QUOTE, "t", false, wall.get().plusMillis(20))
                instanceof Grant.Granted(CallPermit permit)) {
            assertThat(permit.consume()).isTrue();
            permit.markSent();
            permit.complete();
            used++;
        }
        return used;
    }
}
