package kr.kisgateway.client.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.client.EndedCall;
import kr.kisgateway.client.Fixtures;
import kr.kisgateway.client.Lane;
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
            var budget = new CallBudget(
                    new BudgetCore(Fixtures.LIMITS, Duration.ofMillis(5)),
                    wall::get,
                    steady,
                    timer,
                    _ -> {},
                    Optional.empty());
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
        var listener = new CallListener() {
            @Override
            public void ended(EndedCall call) {
                throw new AssertionError("no call was made");
            }

            @Override
            public void waited(Lane lane, boolean granted, long nanos) {
                waits.add(lane + " " + nanos / 1_000_000 + " " + granted);
            }
        };
        try (var timer = new Timer(steady)) {
            var budget = new CallBudget(
                    new BudgetCore(Fixtures.LIMITS, Duration.ofMillis(5)),
                    wall::get,
                    steady,
                    timer,
                    _ -> {},
                    Optional.of(listener));
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
        var listener = new CallListener() {
            @Override
            public void ended(EndedCall call) {
                throw new AssertionError("no call was made");
            }

            @Override
            public void waited(Lane lane, boolean granted, long nanos) {
                waits.add(granted);
            }
        };
        try (var timer = new Timer(steady)) {
            var budget = new CallBudget(
                    new BudgetCore(Fixtures.LIMITS, Duration.ofMillis(5)),
                    wall::get,
                    steady,
                    timer,
                    _ -> {},
                    Optional.of(listener));
            Instant deadline = wall.get().plusSeconds(7);
            var permit = budget.acquireNow(Lane.CANCEL, "t", true, deadline).orElseThrow();
            assertThat(permit.deadline()).isEqualTo(deadline);
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
            var budget = new CallBudget(
                    new BudgetCore(Fixtures.LIMITS, Duration.ofMillis(5)),
                    wall::get,
                    steady,
                    timer,
                    _ -> {},
                    Optional.empty());
            assertThat(budget.acquire(Lane.QUOTE, "t", false, Instant.MIN)).isInstanceOf(Grant.TimedOut.class);
            assertThat(useAll(budget)).isEqualTo(18);
            var waiting = new CompletableFuture<Grant>();
            Thread.ofVirtual().start(() -> waiting.complete(budget.acquire(Lane.QUOTE, "t", false, Instant.MAX)));
            while (budget.state().waiting().getOrDefault(Lane.QUOTE, 0) == 0) {
                Thread.onSpinWait();
            }
            budget.close();
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isInstanceOf(Grant.TimedOut.class);
            monotonicTime.set(Instant.EPOCH.plusSeconds(5));
            assertThat(budget.acquire(Lane.QUOTE, "t", false, Instant.MAX)).isInstanceOf(Grant.TimedOut.class);
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
