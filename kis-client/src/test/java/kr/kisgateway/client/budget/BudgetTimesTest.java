package kr.kisgateway.client.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.client.Lane;
import kr.kisgateway.client.Limits;
import org.junit.jupiter.api.Test;

/** When exactly the budget grants, times out and wakes: to the nanosecond. */
class BudgetTimesTest {
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration ONE = Duration.ofNanos(1);

    private BudgetCore core = core(2, 2);
    private Instant now = START;
    private long lastId;

    private static BudgetCore core(int calls, int ledger) {
        return new BudgetCore(new Limits(calls, ledger, 41, 1_000), Duration.ZERO);
    }

    private List<BudgetCore.Effect> on(BudgetCore.Input input) {
        return core.on(input, now).effects();
    }

    private BudgetCore.Input.Acquire request(Lane lane, String tenant, boolean ledger, Instant deadline) {
        return new BudgetCore.Input.Acquire(++lastId, lane, tenant, ledger, deadline);
    }

    private static Optional<BudgetCore.Slot> granted(long id, List<BudgetCore.Effect> effects) {
        return effects.stream()
                .filter(BudgetCore.Effect.Grant.class::isInstance)
                .map(BudgetCore.Effect.Grant.class::cast)
                .filter(grant -> grant.id() == id)
                .map(BudgetCore.Effect.Grant::slot)
                .findFirst();
    }

    private static boolean isTimedOut(long id, List<BudgetCore.Effect> effects) {
        return effects.contains(new BudgetCore.Effect.TimeOut(id));
    }

    private static Instant alarm(List<BudgetCore.Effect> effects) {
        return effects.stream()
                .filter(BudgetCore.Effect.ArmTimer.class::isInstance)
                .map(BudgetCore.Effect.ArmTimer.class::cast)
                .map(BudgetCore.Effect.ArmTimer::at)
                .findFirst()
                .orElseThrow();
    }

    /** Grants a slot and completes its call at once. */
    private void call(Lane lane, boolean ledger) {
        var request = request(lane, "t", ledger, Instant.MAX);
        var slot = granted(request.id(), on(request)).orElseThrow();
        on(new BudgetCore.Input.Sent(slot));
        on(new BudgetCore.Input.Complete(slot));
    }

    /** Whether a call that must be served before {@code deadline} waits for it; one that waits stays. */
    private boolean waits(Lane lane, String tenant, boolean ledger, Instant deadline) {
        var request = request(lane, tenant, ledger, deadline);
        return !isTimedOut(request.id(), on(request));
    }

    private boolean waits(Lane lane, Instant deadline) {
        return waits(lane, "t", false, deadline);
    }

    @Test
    void a_call_waits_only_if_its_slot_comes_before_its_deadline_behind_all_that_wait() {
        call(Lane.HISTORY, false);
        call(Lane.HISTORY, false);
        for (int ahead = 0; ahead < 7; ahead++) {
            Instant slot = START.plusSeconds(1 + ahead / 2);
            assertThat(waits(Lane.HISTORY, slot)).as("%d ahead", ahead).isFalse();
            assertThat(waits(Lane.HISTORY, slot.plus(ONE)))
                    .as("%d ahead", ahead)
                    .isTrue();
        }
    }

    @Test
    void calls_of_more_urgent_lanes_are_ahead_and_those_of_less_urgent_ones_are_not() {
        call(Lane.HISTORY, false);
        call(Lane.HISTORY, false);
        for (int i = 0; i < 4; i++) {
            assertThat(waits(Lane.MARKET_ORDER, Instant.MAX)).isTrue();
            assertThat(waits(Lane.HISTORY, Instant.MAX)).isTrue();
        }
        assertThat(waits(Lane.LIMIT_ORDER, START.plusSeconds(3))).isFalse();
        assertThat(waits(Lane.LIMIT_ORDER, START.plusSeconds(3).plus(ONE))).isTrue();
        assertThat(waits(Lane.MARKET_ORDER, START.plusSeconds(3))).isFalse();
        assertThat(waits(Lane.MARKET_ORDER, START.plusSeconds(3).plus(ONE))).isTrue();
    }

    @Test
    void calls_of_other_tenants_are_ahead_as_far_as_they_take_turns() {
        core = core(1, 1);
        call(Lane.HISTORY, false);
        for (int i = 0; i < 5; i++) {
            assertThat(waits(Lane.HISTORY, "busy", false, Instant.MAX)).isTrue();
        }
        assertThat(waits(Lane.HISTORY, "new", false, START.plusSeconds(2))).isFalse();
        assertThat(waits(Lane.HISTORY, "new", false, START.plusSeconds(2).plus(ONE)))
                .isTrue();
        on(new BudgetCore.Input.SetWeight("other", 2));
        assertThat(waits(Lane.HISTORY, "other", false, START.plusSeconds(3))).isFalse();
        assertThat(waits(Lane.HISTORY, "other", false, START.plusSeconds(3).plus(ONE)))
                .isTrue();
        assertThat(waits(Lane.HISTORY, "other", false, START.plusSeconds(4))).isFalse();
        assertThat(waits(Lane.HISTORY, "other", false, START.plusSeconds(4).plus(ONE)))
                .as("its second call in the same turn")
                .isTrue();
    }

    @Test
    void a_call_that_reaches_the_ledger_waits_for_both_counts() {
        core = core(18, 1);
        call(Lane.HISTORY, true);
        assertThat(waits(Lane.HISTORY, "t", true, START.plus(SECOND))).isFalse();
        assertThat(waits(Lane.HISTORY, "t", true, START.plus(SECOND).plus(ONE))).isTrue();
        assertThat(waits(Lane.HISTORY, "t", true, START.plusSeconds(2))).isFalse();
        assertThat(waits(Lane.HISTORY, "t", true, START.plusSeconds(2).plus(ONE)))
                .isTrue();
        assertThat(waits(Lane.HISTORY, "t", false, START.plus(ONE))).isTrue();
    }

    @Test
    void the_minimum_share_of_its_lane_lets_a_call_wait_that_urgent_ones_would_outlast() {
        core = core(18, 18);
        for (int i = 0; i < 18; i++) {
            call(Lane.HISTORY, false);
        }
        for (int i = 0; i < 600; i++) {
            waits(Lane.MARKET_ORDER, Instant.MAX);
        }
        // Quotes have one slot a second, reconciliation two.
        assertThat(waits(Lane.QUOTE, START.plus(SECOND))).isFalse();
        assertThat(waits(Lane.QUOTE, START.plus(SECOND).plus(ONE))).isTrue();
        assertThat(waits(Lane.QUOTE, START.plus(SECOND).plus(ONE))).isTrue();
        assertThat(waits(Lane.QUOTE, START.plusSeconds(2))).isFalse();
        assertThat(waits(Lane.RESOLVE, START.plus(SECOND).plus(ONE))).isTrue();
        assertThat(waits(Lane.RESOLVE, START.plus(SECOND).plus(ONE))).isTrue();
        assertThat(waits(Lane.RESOLVE, START.plus(SECOND).plus(ONE))).isTrue();
        assertThat(waits(Lane.RESOLVE, START.plus(SECOND).plus(ONE))).isTrue();
        assertThat(waits(Lane.RESOLVE, START.plusSeconds(2))).isFalse();
    }

    @Test
    void a_call_times_out_when_it_becomes_certain_that_its_slot_comes_too_late() {
        core = core(18, 1);
        call(Lane.HISTORY, true);
        var request = request(Lane.HISTORY, "t", true, START.plusMillis(1_500));
        assertThat(isTimedOut(request.id(), on(request))).isFalse();
        now = START.plusMillis(499);
        var early = request(Lane.HISTORY, "t", true, START.plusMillis(500));
        assertThat(isTimedOut(early.id(), on(early)))
                .as("its slot comes too late anyway")
                .isTrue();
        now = START.plusMillis(501);
        // The ledger pauses for a second after KIS refused: until 1,501 ms.
        assertThat(isTimedOut(request.id(), on(new BudgetCore.Input.RefusedForRate(true))))
                .isTrue();
        assertThat(core.state(now).timedOut()).isEqualTo(2);
        assertThat(core.state(now).refusedByKis()).isEqualTo(1);
    }

    @Test
    void calls_with_one_deadline_time_out_together_when_their_slots_come_at_it() {
        core = core(18, 2);
        call(Lane.HISTORY, true);
        call(Lane.HISTORY, true);
        var one = request(Lane.HISTORY, "t", true, START.plusMillis(1_500));
        var other = request(Lane.HISTORY, "t", true, START.plusMillis(1_500));
        on(one);
        on(other);
        now = START.plusMillis(500); // the ledger pauses until 1,500 ms
        var effects = on(new BudgetCore.Input.RefusedForRate(true));
        assertThat(isTimedOut(one.id(), effects)).isTrue();
        assertThat(isTimedOut(other.id(), effects)).isTrue();
    }

    @Test
    void an_account_call_has_a_turn_of_its_own_each_second_beside_a_flood_of_resolve_calls() {
        core = core(18, 18);
        for (int i = 0; i < 18; i++) {
            call(Lane.HISTORY, false);
        }
        for (int i = 0; i < 600; i++) {
            waits(Lane.RESOLVE, Instant.MAX);
        }
        assertThat(waits(Lane.ACCOUNT, START.plus(SECOND))).isFalse();
        assertThat(waits(Lane.ACCOUNT, START.plus(SECOND).plus(ONE))).isTrue();
        assertThat(waits(Lane.ACCOUNT, START.plusSeconds(2))).isFalse();
        assertThat(waits(Lane.ACCOUNT, START.plusSeconds(2).plus(ONE))).isTrue();
        now = START.plusMillis(400);
        assertThat(waits(Lane.ACCOUNT, START.plusMillis(3_400))).isFalse();
        assertThat(waits(Lane.ACCOUNT, START.plusMillis(3_400).plus(ONE))).isTrue();
    }

    @Test
    void account_calls_are_behind_resolve_calls_in_the_share_of_both() {
        core = core(18, 18);
        for (int i = 0; i < 18; i++) {
            call(Lane.HISTORY, false);
        }
        for (int i = 0; i < 600; i++) {
            waits(Lane.MARKET_ORDER, Instant.MAX);
        }
        for (int i = 0; i < 3; i++) {
            waits(Lane.ACCOUNT, Instant.MAX);
        }
        waits(Lane.RESOLVE, Instant.MAX);
        waits(Lane.RESOLVE, Instant.MAX);
        assertThat(waits(Lane.ACCOUNT, START.plusSeconds(2))).isFalse();
        assertThat(waits(Lane.ACCOUNT, START.plusSeconds(2).plus(ONE))).isTrue();
    }

    @Test
    void a_limit_too_small_for_shares_serves_account_calls_in_their_turn() {
        call(Lane.HISTORY, false);
        call(Lane.HISTORY, false);
        assertThat(waits(Lane.ACCOUNT, START.plus(SECOND))).isFalse();
        var account = request(Lane.ACCOUNT, "t", true, Instant.MAX);
        on(account);
        now = START.plus(SECOND);
        assertThat(granted(account.id(), on(new BudgetCore.Input.Tick()))).isPresent();
    }

    @Test
    void one_quote_goes_before_urgent_orders_and_no_more() {
        core = core(18, 18);
        for (int i = 0; i < 18; i++) {
            call(Lane.HISTORY, false);
        }
        for (int i = 0; i < 3; i++) {
            waits(Lane.QUOTE, Instant.MAX);
        }
        for (int i = 0; i < 40; i++) {
            waits(Lane.MARKET_ORDER, Instant.MAX);
        }
        now = START.plus(SECOND);
        var groups = on(new BudgetCore.Input.Tick()).stream()
                .filter(BudgetCore.Effect.Grant.class::isInstance)
                .map(effect -> ((BudgetCore.Effect.Grant) effect).slot().group())
                .toList();
        assertThat(groups).filteredOn(BudgetCore.Group.QUOTE::equals).hasSize(1);
        assertThat(groups).filteredOn(BudgetCore.Group.ORDER::equals).hasSize(15);
    }

    @Test
    void a_deadline_that_passes_answers_the_call() {
        core = core(1, 1);
        call(Lane.HISTORY, false);
        var request = request(Lane.HISTORY, "t", false, START.plusMillis(1_001));
        var effects = on(request);
        assertThat(alarm(effects)).isEqualTo(START.plus(SECOND));
        now = START.plusMillis(1_001); // the timer came late
        assertThat(granted(request.id(), on(new BudgetCore.Input.Tick())))
                .as("a slot is free, and used")
                .isPresent();
    }

    @Test
    void the_timer_comes_when_a_slot_comes_back_to_a_call_of_either_count() {
        core = core(2, 1);
        call(Lane.HISTORY, true);
        now = START.plusMillis(300);
        var ledger = request(Lane.HISTORY, "t", true, Instant.MAX);
        assertThat(alarm(on(ledger))).isEqualTo(START.plus(SECOND));
        call(Lane.HISTORY, false);
        var plain = request(Lane.HISTORY, "t", false, Instant.MAX);
        assertThat(alarm(on(plain))).isEqualTo(START.plus(SECOND));
        now = START.plus(SECOND);
        assertThat(granted(ledger.id(), on(new BudgetCore.Input.Tick()))).isPresent();
    }

    @Test
    void a_call_that_hangs_counts_as_arrived_a_quarter_of_a_second_after_it_left() {
        core = core(1, 1);
        var hanging = request(Lane.HISTORY, "t", true, Instant.MAX);
        var slot = granted(hanging.id(), on(hanging)).orElseThrow();
        now = now.plusMillis(100);
        on(new BudgetCore.Input.Sent(slot));
        var next = request(Lane.HISTORY, "t", true, Instant.MAX);
        on(next);
        now = START.plusMillis(350).minus(ONE);
        assertThat(core.isGranted(slot, now)).isTrue();
        now = START.plusMillis(350);
        on(new BudgetCore.Input.Tick());
        assertThat(core.isGranted(slot, now)).isFalse();
        now = START.plusMillis(1_350).minus(ONE);
        assertThat(granted(next.id(), on(new BudgetCore.Input.Tick()))).isEmpty();
        now = START.plusMillis(1_350);
        assertThat(granted(next.id(), on(new BudgetCore.Input.Complete(slot))))
                .as("its end does not count again")
                .isPresent();
        assertThat(core.state(now).usedLastSecond()).isEqualTo(1);
    }

    @Test
    void a_slot_that_is_neither_used_nor_released_comes_back_after_half_a_minute() {
        core = core(1, 1);
        var forgotten = request(Lane.HISTORY, "t", true, Instant.MAX);
        var slot = granted(forgotten.id(), on(forgotten)).orElseThrow();
        now = START.plusSeconds(30).minus(ONE);
        assertThat(core.isGranted(slot, now)).isTrue();
        now = START.plusSeconds(30);
        var next = request(Lane.HISTORY, "t", true, Instant.MAX);
        assertThat(granted(next.id(), on(next))).isPresent();
        assertThat(core.isGranted(slot, now)).isFalse();
        on(new BudgetCore.Input.Sent(slot));
        on(new BudgetCore.Input.Complete(slot));
        assertThat(core.state(now).usedLastSecond())
                .as("what comes too late does not count")
                .isEqualTo(1);
        assertThat(core.state(now).ledgerUsedLastSecond()).isEqualTo(1);
    }

    @Test
    void whether_a_slot_is_still_granted_depends_on_the_time_alone() {
        var request = request(Lane.HISTORY, "t", true, Instant.MAX);
        var slot = granted(request.id(), on(request)).orElseThrow();
        assertThat(core.isGranted(slot, START.plusSeconds(30))).isFalse();
    }

    @Test
    void a_call_that_is_withdrawn_gets_no_slot() {
        core = core(1, 1);
        call(Lane.HISTORY, false);
        var withdrawn = request(Lane.HISTORY, "t", false, Instant.MAX);
        var next = request(Lane.HISTORY, "t", false, Instant.MAX);
        on(withdrawn);
        on(next);
        on(new BudgetCore.Input.Withdraw(withdrawn.id()));
        on(new BudgetCore.Input.Withdraw(999));
        now = START.plus(SECOND);
        var effects = on(new BudgetCore.Input.Tick());
        assertThat(granted(withdrawn.id(), effects)).isEmpty();
        assertThat(granted(next.id(), effects)).isPresent();
    }

    @Test
    void a_refusal_is_reported_with_the_new_limit_once_a_burst() {
        core = core(18, 10);
        assertThat(on(new BudgetCore.Input.RefusedForRate(false))).contains(new BudgetCore.Effect.Shrunk(false, 17));
        assertThat(on(new BudgetCore.Input.RefusedForRate(false)))
                .noneMatch(BudgetCore.Effect.Shrunk.class::isInstance);
        assertThat(on(new BudgetCore.Input.RefusedForRate(true))).contains(new BudgetCore.Effect.Shrunk(true, 9));
        assertThat(core.state(now).refusedByKis()).isEqualTo(3);
    }

    @Test
    void the_figures_of_a_second_are_what_the_limits_leave() {
        assertThat(core(18, 10).ordersPerSecond())
                .as("of the ledger's ten, two for cancels")
                .isEqualTo(8);
        assertThat(core(18, 18).ordersPerSecond())
                .as("of eighteen calls, two for cancels, two for reconciliation, one for quotes")
                .isEqualTo(13);
        assertThat(core(1, 1).ordersPerSecond()).isEqualTo(1);
        core = core(18, 10);
        assertThat(core.historyPerSecond()).isEqualTo(18);
        on(new BudgetCore.Input.OrdersExpected());
        assertThat(core.historyPerSecond()).isEqualTo(16);
    }

    @Test
    void the_margin_is_added_to_the_second_of_kis() {
        core = new BudgetCore(new Limits(1, 1, 41, 10), Duration.ofMillis(40));
        call(Lane.HISTORY, false);
        assertThat(alarm(on(request(Lane.HISTORY, "t", false, Instant.MAX)))).isEqualTo(START.plusMillis(1_040));
    }

    @Test
    void a_clock_that_is_set_back_frees_no_slot_and_keeps_none_longer() {
        core = core(1, 1);
        call(Lane.HISTORY, false);
        now = START.plusMillis(400);
        on(new BudgetCore.Input.Tick());
        now = START.minusSeconds(3_600); // 400 ms of the second are over
        var next = request(Lane.HISTORY, "t", false, Instant.MAX);
        var effects = on(next);
        assertThat(granted(next.id(), effects)).isEmpty();
        assertThat(alarm(effects)).as("by the clock as it is now").isEqualTo(now.plusMillis(600));
        now = now.plusMillis(600).minus(ONE);
        assertThat(granted(next.id(), on(new BudgetCore.Input.Tick()))).isEmpty();
        now = now.plus(ONE);
        assertThat(granted(next.id(), on(new BudgetCore.Input.Tick()))).isPresent();
    }

    @Test
    void the_state_is_that_of_the_moment_that_is_asked_for() {
        core = core(18, 10);
        call(Lane.ACCOUNT, true);
        call(Lane.QUOTE, false);
        assertThat(core.state(START).usedLastSecond()).isEqualTo(2);
        assertThat(core.state(START).ledgerUsedLastSecond()).isEqualTo(1);
        assertThat(core.state(START.plus(SECOND)).usedLastSecond()).isZero();
        assertThat(core.state(START.plus(SECOND)).ledgerUsedLastSecond()).isZero();
    }

    @Test
    void a_call_that_does_not_wait_is_not_served_at_its_deadline_or_beyond_the_waiting_limit() {
        core = new BudgetCore(new Limits(1, 1, 41, 1), Duration.ZERO);
        var late = request(Lane.HISTORY, "t", false, START);
        assertThat(granted(late.id(), on(new BudgetCore.Input.AcquireNow(late))))
                .isEmpty();
        var inTime = request(Lane.HISTORY, "t", false, START.plus(ONE));
        assertThat(granted(inTime.id(), on(new BudgetCore.Input.AcquireNow(inTime))))
                .isPresent();
        on(request(Lane.HISTORY, "t", false, Instant.MAX));
        now = START.plusSeconds(31); // the slot came back, and goes to the call that waits
        var other = request(Lane.HISTORY, "t", false, Instant.MAX);
        assertThat(granted(other.id(), on(new BudgetCore.Input.AcquireNow(other))))
                .isEmpty();
        core = new BudgetCore(new Limits(2, 1, 41, 1), Duration.ZERO);
        call(Lane.HISTORY, true);
        on(request(Lane.HISTORY, "t", true, Instant.MAX));
        var beyond = request(Lane.HISTORY, "t", false, Instant.MAX);
        assertThat(granted(beyond.id(), on(new BudgetCore.Input.AcquireNow(beyond))))
                .isEmpty();
    }
}
