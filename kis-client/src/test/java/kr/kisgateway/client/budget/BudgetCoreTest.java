package kr.kisgateway.client.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import kr.kisgateway.client.BudgetState;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.Lane;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.client.Limits;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BudgetCoreTest {
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final Limits LIVE = LimitTable.load().on(Environment.LIVE_FACE, LocalDate.of(2026, 11, 20));

    @Property(tries = 60)
    @Requirement(value = "P-02", clause = "rate")
    @Requirement(value = "G-08", clause = "budget")
    void no_sliding_second_has_more_calls_than_kis_allows(@ForAll long seed) {
        var run = new Run(LIVE, seed);
        run.delays = true;
        run.randomLoad(Duration.ofSeconds(12), 40);

        run.assertWindow(18, grant -> true);
        run.assertWindow(10, grant -> grant.slot.ledger());
    }

    @Property(tries = 60)
    void every_caller_is_answered_once_and_before_the_deadline(@ForAll long seed) {
        var run = new Run(LIVE, seed);
        run.randomLoad(Duration.ofSeconds(12), 60);
        run.advance(Duration.ofMinutes(1));

        assertThat(run.answers.keySet()).hasSameSizeAs(run.requests.keySet());
        run.answers.forEach((id, answeredAt) -> assertThat(answeredAt)
                .as("caller %d requested %s", id, run.requests.get(id))
                .isBeforeOrEqualTo(run.requests.get(id).deadline()));
    }

    @Property(tries = 40)
    void no_slot_is_idle_while_a_caller_could_use_it(@ForAll long seed) {
        var run = new Run(LIVE, seed);
        run.check = () -> {
            BudgetState state = run.core.state(run.now);
            int waiting = state.waiting().get(Lane.QUOTE) + state.waiting().get(Lane.HISTORY);
            if (waiting > 0) {
                assertThat(state.usedLastSecond()).isGreaterThanOrEqualTo(16);
            }
        };
        run.randomLoad(Duration.ofSeconds(8), 60);
    }

    @Property(tries = 40)
    void minimum_shares_are_guaranteed_however_many_orders_wait(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var run = new Run(LIVE, seed);
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 60; i++) {
                run.acquire(random.nextBoolean() ? Lane.MARKET_ORDER : Lane.LIMIT_ORDER, "t", random.nextBoolean(), 3);
            }
            for (int i = 0; i < 4; i++) {
                run.acquire(random.nextBoolean() ? Lane.RESOLVE : Lane.ACCOUNT, "t", true, 30);
                run.acquire(Lane.QUOTE, "t", false, 30);
            }
            run.advance(Duration.ofSeconds(1));
        }
        for (int second = 2; second < 9; second++) {
            assertThat(run.granted(second, BudgetCore.Group.RECONCILE))
                    .as("reconcile in second %d", second)
                    .isGreaterThanOrEqualTo(1);
            assertThat(run.granted(second, second + 2, BudgetCore.Group.RECONCILE))
                    .isGreaterThanOrEqualTo(2);
            assertThat(run.granted(second, second + 2, BudgetCore.Group.QUOTE)).isGreaterThanOrEqualTo(1);
        }
        assertThat(run.granted(0, 10, BudgetCore.Group.RECONCILE)).isGreaterThanOrEqualTo(18);
        assertThat(run.granted(0, 10, BudgetCore.Group.QUOTE)).isGreaterThanOrEqualTo(9);
    }

    @Test
    void a_call_that_does_not_wait_takes_a_free_slot_and_leaves_nothing_behind_without_one() {
        var run = new Run(LIVE, 1);
        run.sending = false;
        run.acquireNow(Lane.LIMIT_ORDER, "t", true, 1);
        assertThat(run.grants).hasSize(1);
        while (run.acquireNow(Lane.LIMIT_ORDER, "t", true, 1)) {
            // until none is left
        }
        assertThat(run.grants).hasSize(8); // ten a second reach the ledger, two of them only for cancels
        assertThat(run.timedOut).isEmpty();
        BudgetState state = run.core.state(run.now);
        assertThat(state.timedOut()).isZero();
        assertThat(state.waiting().values()).containsOnly(0);
        assertThat(run.acquireNow(Lane.CANCEL, "t", true, 1)).isTrue();
        assertThat(run.acquireNow(Lane.CANCEL, "t", true, 0)).as("too late").isFalse();
    }

    @Test
    void a_call_that_does_not_wait_takes_no_slot_from_those_that_wait() {
        var run = new Run(LIVE, 1);
        while (run.acquireNow(Lane.LIMIT_ORDER, "t", true, 1)) {
            // until none is left
        }
        int before = run.grants.size();
        long waiting = run.acquire(Lane.LIMIT_ORDER, "t", true, 30);
        run.now = run.now.plus(Duration.ofMillis(1_100)); // slots are free again, and the timer has not come yet
        for (int i = 0; i < 10; i++) {
            run.acquireNow(Lane.LIMIT_ORDER, "other", true, 1);
        }
        assertThat(run.grants.get(before).id()).isEqualTo(waiting);
    }

    @Property(tries = 40)
    void no_sliding_second_has_more_calls_than_kis_allows_when_some_do_not_wait(@ForAll long seed) {
        var run = new Run(LIVE, seed);
        run.delays = true;
        run.withoutWaiting = true;
        run.randomLoad(Duration.ofSeconds(12), 60);

        run.assertWindow(18, grant -> true);
        run.assertWindow(10, grant -> grant.slot.ledger());
    }

    @Test
    void a_client_without_orders_uses_every_slot_until_orders_are_expected() {
        var run = new Run(LIVE, 1);
        for (int i = 0; i < 100; i++) {
            run.acquire(Lane.QUOTE, "t", false, 60);
        }
        assertThat(run.grants).hasSize(18);
        run.feed(new BudgetCore.Input.OrdersExpected());
        run.advance(Duration.ofMillis(1100));
        assertThat(run.core.state(run.now).usedLastSecond()).isEqualTo(16);
    }

    @Property(tries = 40)
    void two_cancels_a_second_never_wait(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var run = new Run(LIVE, seed);
        for (int i = 0; i < 200; i++) {
            run.acquire(Lane.MARKET_ORDER, "t", true, 60);
            run.acquire(Lane.QUOTE, "t", false, 60);
        }
        for (int second = 0; second < 6; second++) {
            run.advance(Duration.ofMillis(100 + random.nextInt(800)));
            long first = run.acquire(Lane.CANCEL, "t", true, 1);
            long other = run.acquire(Lane.CANCEL, "t", true, 1);
            assertThat(run.grants.stream().map(Granted::id)).contains(first, other);
            run.advance(Duration.ofMillis(1100));
        }
    }

    @Test
    void a_more_urgent_lane_goes_first() {
        var run = new Run(new Limits(5, 5, 41, 100), 1);
        for (int i = 0; i < 20; i++) {
            run.acquire(Lane.HISTORY, "t", false, 60);
        }
        run.grants.clear();
        long limit = run.acquire(Lane.LIMIT_ORDER, "t", true, 60);
        long market = run.acquire(Lane.MARKET_ORDER, "t", true, 60);
        run.advance(Duration.ofMillis(1100));
        assertThat(run.grants.stream().map(Granted::id).limit(2)).containsExactly(market, limit);
    }

    @Property(tries = 30)
    void tenants_share_slots_by_weight_and_none_starves(@ForAll long seed) {
        var run = new Run(new Limits(10, 10, 41, 10_000), seed);
        run.feed(new BudgetCore.Input.SetWeight("heavy", 3));
        for (int i = 0; i < 400; i++) {
            run.acquire(Lane.QUOTE, "greedy", false, 300);
        }
        for (int i = 0; i < 60; i++) {
            run.acquire(Lane.QUOTE, "heavy", false, 300);
            run.acquire(Lane.QUOTE, "light", false, 300);
        }
        run.grants.clear();
        run.advance(Duration.ofSeconds(10));
        Map<String, Long> byTenant = new HashMap<>();
        run.grants.forEach(grant -> byTenant.merge(run.requests.get(grant.id()).tenant(), 1L, Long::sum));
        assertThat(byTenant.get("light")).isBetween(byTenant.get("greedy") - 2, byTenant.get("greedy") + 2);
        assertThat(byTenant.get("heavy")).isBetween(byTenant.get("light") * 3 - 4, byTenant.get("light") * 3 + 4);
    }

    @Test
    void a_caller_that_cannot_be_served_in_time_times_out_immediately() {
        var run = new Run(LIVE, 1);
        for (int i = 0; i < 200; i++) {
            run.acquire(Lane.LIMIT_ORDER, "t", false, 60);
        }
        long late = run.acquire(Lane.LIMIT_ORDER, "t", false, 5);
        long early = run.acquire(Lane.MARKET_ORDER, "t", false, 5);
        assertThat(run.timedOut).contains(late).doesNotContain(early);
        assertThat(run.answers.get(late)).isEqualTo(run.now);
    }

    @Test
    void a_caller_beyond_the_waiting_limit_times_out_immediately() {
        var run = new Run(new Limits(1, 1, 41, 3), 1);
        for (int i = 0; i < 4; i++) {
            run.acquire(Lane.QUOTE, "t", false, 600);
        }
        assertThat(run.timedOut).isEmpty();
        long fifth = run.acquire(Lane.QUOTE, "t", false, 600);
        assertThat(run.timedOut).containsExactly(fifth);
    }

    @Test
    void a_flood_of_resolve_calls_leaves_account_calls_one_slot_each_second() {
        var run = new Run(LIVE, 1);
        var accounts = new ArrayList<Long>();
        for (int i = 0; i < 400; i++) {
            for (int n = 0; n < 4; n++) {
                run.acquire(Lane.RESOLVE, "t", false, 4);
            }
            if (i % 10 == 0) {
                accounts.add(run.acquire(Lane.ACCOUNT, "t", false, 4));
            }
            run.advance(Duration.ofMillis(50));
        }
        List<Granted> accountGrants =
                run.grants.stream().filter(it -> accounts.contains(it.id())).toList();
        assertThat(accountGrants).as("of " + accounts.size()).hasSizeBetween(18, 20);
    }

    @Test
    void the_first_account_call_beside_a_flood_of_resolve_calls_waits_for_a_second_and_at_most_for_the_next_slots() {
        var run = new Run(LIVE, 1);
        long account = 0;
        Instant arrived = run.now;
        for (int i = 0; i < 400; i++) {
            run.acquire(Lane.RESOLVE, "t", false, 4);
            run.acquire(Lane.RESOLVE, "t", false, 4);
            if (i == 150) {
                arrived = run.now;
                account = run.acquire(Lane.ACCOUNT, "t", false, 60);
            }
            run.advance(Duration.ofMillis(10));
        }
        assertThat(Duration.between(arrived, run.answers.get(account)))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void the_second_of_an_account_call_begins_when_it_comes_and_not_with_the_flood() {
        var run = new Run(LIVE, 1);
        for (int i = 0; i < 200; i++) {
            run.acquire(Lane.RESOLVE, "t", false, 60);
        }
        run.advance(Duration.ofMillis(1_500));
        Instant arrived = run.now;
        long account = run.acquire(Lane.ACCOUNT, "t", false, 60);
        run.advance(Duration.ofSeconds(4));
        assertThat(Duration.between(arrived, run.answers.get(account)))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void an_unused_slot_goes_to_the_next_at_once() {
        var run = new Run(new Limits(1, 1, 41, 100), 1);
        run.sending = false;
        run.acquire(Lane.QUOTE, "t", true, 60);
        long second = run.acquire(Lane.QUOTE, "t", true, 60);
        assertThat(run.grants).hasSize(1);
        run.feed(new BudgetCore.Input.Complete(run.grants.getFirst().slot()));
        assertThat(run.grants.getLast().id()).isEqualTo(second);
    }

    @Test
    void a_refusal_by_kis_shrinks_the_limit_once_a_burst_and_it_recovers() {
        var run = new Run(LIVE, 1);
        for (int i = 0; i < 5; i++) {
            run.feed(new BudgetCore.Input.RefusedForRate(false));
        }
        assertThat(run.core.state(run.now).limit()).isEqualTo(17);
        run.acquire(Lane.QUOTE, "t", false, 60);
        assertThat(run.grants).as("calls pause for 0.1 s").isEmpty();
        run.advance(Duration.ofMillis(100));
        assertThat(run.grants).hasSize(1);
        run.advance(Duration.ofSeconds(2));
        run.feed(new BudgetCore.Input.RefusedForRate(false));
        assertThat(run.core.state(run.now).limit()).isEqualTo(16);
        assertThat(run.core.state(run.now.plusSeconds(5)).limit()).isEqualTo(17);
        assertThat(run.core.state(run.now.plusSeconds(60)).limit()).isEqualTo(18);
    }

    @Test
    void a_ledger_refusal_pauses_the_ledger_and_nothing_else() {
        var run = new Run(LIVE, 1);
        run.feed(new BudgetCore.Input.RefusedForRate(true));
        long balance = run.acquire(Lane.ACCOUNT, "t", true, 60);
        long quote = run.acquire(Lane.QUOTE, "t", false, 60);
        assertThat(run.grants.stream().map(Granted::id)).containsExactly(quote);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.grants.stream().map(Granted::id)).containsExactly(quote, balance);
        assertThat(run.core.state(run.now).ledgerLimit()).isEqualTo(9);
    }

    @Test
    void a_full_ledger_holds_up_only_what_needs_the_ledger() {
        var run = new Run(LIVE, 1);
        for (int i = 0; i < 30; i++) {
            run.acquire(Lane.LIMIT_ORDER, "t", true, 60);
        }
        long quote = run.acquire(Lane.QUOTE, "t", false, 60);
        assertThat(run.grants.stream().map(Granted::id)).contains(quote);
    }

    @Test
    void a_clock_set_back_neither_stops_nor_floods() {
        var run = new Run(new Limits(2, 2, 41, 100), 1);
        run.acquire(Lane.QUOTE, "t", false, 3600);
        run.acquire(Lane.QUOTE, "t", false, 3600);
        run.now = run.now.minus(Duration.ofMinutes(30));
        long third = run.acquire(Lane.QUOTE, "t", false, 3600);
        assertThat(run.grants).hasSize(2);
        run.advance(Duration.ofMillis(1100));
        assertThat(run.grants.getLast().id()).isEqualTo(third);
    }

    @Test
    void a_limit_of_one_call_a_second_reserves_nothing() {
        var run = new Run(new Limits(1, 1, 41, 100), 1);
        run.acquire(Lane.HISTORY, "t", true, 60);
        assertThat(run.grants).hasSize(1);
    }

    private record Granted(long id, Instant at, BudgetCore.Slot slot) {}

    private record Departure(Instant at, long id, BudgetCore.Slot slot, boolean isCompletion) {}

    /** The core under a clock that jumps from timer to timer. */
    private static final class Run {
        private final BudgetCore core;
        private final SplittableRandom random;
        private final Map<Long, BudgetCore.Input.Acquire> requests = new HashMap<>();
        private final Map<Long, Instant> answers = new HashMap<>();
        private final List<Granted> grants = new ArrayList<>();
        private final List<Long> timedOut = new ArrayList<>();
        private Instant now = START;
        private Optional<Instant> timer = Optional.empty();
        private final PriorityQueue<Departure> departures = new PriorityQueue<>(Comparator.comparing(Departure::at));
        private boolean delays;
        private boolean sending = true;
        /** Whether half of the random load does not wait. */
        private boolean withoutWaiting;

        private Runnable check = () -> {};
        private long lastId;

        Run(Limits limits, long seed) {
            core = new BudgetCore(limits, Duration.ZERO);
            random = new SplittableRandom(seed);
        }

        long acquire(Lane lane, String tenant, boolean ledger, int timeoutSeconds) {
            long id = ++lastId;
            var request = new BudgetCore.Input.Acquire(id, lane, tenant, ledger, now.plusSeconds(timeoutSeconds));
            requests.put(id, request);
            feed(request);
            return id;
        }

        /** @return whether it got a slot */
        boolean acquireNow(Lane lane, String tenant, boolean ledger, int timeoutSeconds) {
            long id = ++lastId;
            feed(new BudgetCore.Input.AcquireNow(
                    new BudgetCore.Input.Acquire(id, lane, tenant, ledger, now.plusSeconds(timeoutSeconds))));
            return answers.containsKey(id);
        }

        void feed(BudgetCore.Input input) {
            for (BudgetCore.Effect effect : core.on(input, now).effects()) {
                switch (effect) {
                    case BudgetCore.Effect.Grant(long id, BudgetCore.Slot slot) -> {
                        assertThat(answers.put(id, now)).as("answered twice").isNull();
                        departures.add(new Departure(now.plusNanos(delay()), id, slot, false));
                        if (!delays) {
                            grants.add(new Granted(id, now, slot));
                        }
                    }
                    case BudgetCore.Effect.TimeOut(long id) -> {
                        assertThat(answers.put(id, now)).as("answered twice").isNull();
                        timedOut.add(id);
                    }
                    case BudgetCore.Effect.Shrunk _ -> {}
                    case BudgetCore.Effect.ArmTimer(Instant at) -> timer = Optional.of(at);
                }
            }
            sendGrantedCalls();
            check.run();
        }

        private long delay() {
            return delays ? random.nextLong(300_000_000) : 0;
        }

        /** Granted calls leave, some of them later, some not at all; completed ones release their slot. */
        private void sendGrantedCalls() {
            while (sending && !departures.isEmpty() && !departures.peek().at.isAfter(now)) {
                Departure next = departures.poll();
                if (next.isCompletion) {
                    feed(new BudgetCore.Input.Complete(next.slot));
                } else if (delays && random.nextInt(20) == 0) {
                    feed(new BudgetCore.Input.Complete(next.slot)); // not sent after all
                } else {
                    // KIS counts the arrival, which lies somewhere between sending and completion.
                    long travel = delays ? random.nextLong(150_000_000) : 0;
                    if (delays) {
                        grants.add(new Granted(next.id, now.plusNanos(travel), next.slot));
                    }
                    departures.add(new Departure(
                            now.plusNanos(delays ? travel + random.nextLong(50_000_000) : 0),
                            next.id,
                            next.slot,
                            true));
                    feed(new BudgetCore.Input.Sent(next.slot));
                }
            }
        }

        void advance(Duration time) {
            Instant until = now.plus(time);
            for (Instant next = nextMoment(); !next.isAfter(until); next = nextMoment()) {
                boolean due = timer.filter(next::equals).isPresent();
                now = next.isAfter(now) ? next : now;
                if (due) {
                    timer = Optional.empty();
                    feed(new BudgetCore.Input.Tick());
                } else {
                    sendGrantedCalls();
                }
            }
            now = until;
        }

        private Instant nextMoment() {
            Instant first = timer.orElse(Instant.MAX);
            Instant departure = !sending || departures.isEmpty() ? Instant.MAX : departures.peek().at;
            return departure.isBefore(first) ? departure : first;
        }

        void randomLoad(Duration time, int callsPerSecond) {
            Instant until = now.plus(time);
            while (now.isBefore(until)) {
                Lane lane = Lane.values()[random.nextInt(Lane.values().length)];
                boolean ledger = lane != Lane.QUOTE && lane != Lane.HISTORY;
                String tenant = "tenant" + random.nextInt(3);
                int timeout = 1 + random.nextInt(8);
                if (withoutWaiting && random.nextBoolean()) {
                    acquireNow(lane, tenant, ledger, timeout);
                } else {
                    acquire(lane, tenant, ledger, timeout);
                }
                advance(Duration.ofNanos(random.nextLong(2_000_000_000L / callsPerSecond)));
            }
        }

        void assertWindow(int limit, java.util.function.Predicate<Granted> counted) {
            List<Instant> times =
                    grants.stream().filter(counted).map(Granted::at).sorted().toList();
            assertThat(times).hasSizeGreaterThan(limit);
            for (int i = limit; i < times.size(); i++) {
                assertThat(Duration.between(times.get(i - limit), times.get(i)))
                        .as("call %d and the %dth before it", i, limit)
                        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            }
        }

        long granted(int second, BudgetCore.Group group) {
            return granted(second, second + 1, group);
        }

        long granted(int from, int to, BudgetCore.Group group) {
            return grants.stream()
                    .filter(it -> it.slot.group() == group)
                    .filter(it -> !it.at.isBefore(START.plusSeconds(from)) && it.at.isBefore(START.plusSeconds(to)))
                    .count();
        }
    }
}
