package kr.kisgateway.client.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.Secret;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TokenCoreTest {
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final Duration DAY = Duration.ofHours(24);

    @Test
    @Requirement(value = "I-07", clause = "process")
    @Requirement(value = "P-01", clause = "threads")
    void any_number_of_callers_share_one_fetch() {
        var run = new Run(1);
        for (int i = 0; i < 50; i++) {
            run.request(10);
        }
        assertThat(run.fetches).hasSize(1);
        run.issue("a", DAY);
        assertThat(run.served).hasSize(50);
        assertThat(run.fetches).hasSize(1);
    }

    @Test
    @Requirement(value = "P-01", clause = "renewal")
    void the_token_is_renewed_five_minutes_before_its_end_while_the_old_one_serves() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.issue("a", DAY);
        run.advance(DAY.minus(Duration.ofMinutes(5)).minusSeconds(1));
        assertThat(run.fetches).hasSize(1);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.fetches).hasSize(2);
        run.request(1);
        assertThat(run.served).hasSize(1);
        run.issue("b", DAY);
        assertThat(run.core.current(run.now).orElseThrow().value()).isEqualTo(Secret.of("b"));
    }

    @Test
    void a_token_serves_until_it_expires_and_not_longer() {
        var run = new Run(1);
        run.request(1);
        run.issue("a", DAY);
        assertThat(run.core.current(run.now.plus(DAY).minusNanos(1))).isPresent();
        assertThat(run.core.current(run.now.plus(DAY))).isEmpty();
        run.advance(DAY);
        long late = run.request(10);
        assertThat(run.served).doesNotContainKey(late);
        run.issue("b", DAY);
        assertThat(run.served.get(late).value()).isEqualTo(Secret.of("b"));
    }

    @Test
    void a_caller_that_withdraws_is_neither_served_nor_refused() {
        var run = new Run(1);
        long withdrawn = run.request(10);
        long waiting = run.request(10);
        run.feed(new TokenCore.Input.Withdraw(withdrawn));
        run.issue("a", DAY);
        run.advance(Duration.ofSeconds(20));
        assertThat(run.served).containsOnlyKeys(waiting);
        assertThat(run.refused).isEmpty();
    }

    @Test
    void a_new_token_is_reported_and_a_repeated_one_only_after_three_failures() {
        for (int failures = 0; failures < 5; failures++) {
            var run = new Run(1);
            run.feed(new TokenCore.Input.Start());
            run.issue("a", DAY);
            var first = new TokenCore.Token(Secret.of("a"), START, START.plus(DAY));
            run.advance(DAY.minusMinutes(5));
            for (int i = 0; i < failures; i++) {
                run.fail(TokenCore.Failure.NOT_SENT, "CONNECTION");
                run.advance(Duration.ofSeconds(10));
            }
            run.repeat(first);
            assertThat(run.events)
                    .as(failures + " failures")
                    .filteredOn(KisEvent.TokenIssued.class::isInstance)
                    .hasSize(failures < 3 ? 1 : 2);
            run.advance(Duration.ofMinutes(5));
            run.issue("b", DAY);
            assertThat(run.events.getLast()).isEqualTo(new KisEvent.TokenIssued(run.now.plus(DAY), false));
        }
    }

    @Test
    void a_token_that_kis_repeats_in_its_last_five_minutes_is_next_requested_at_its_end() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.issue("a", DAY);
        run.advance(DAY.minusMinutes(4));
        run.repeat(new TokenCore.Token(Secret.of("a"), START, START.plus(DAY)));
        run.advance(Duration.ofMinutes(4).minusSeconds(1));
        assertThat(run.fetches).hasSize(2);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.fetches).hasSize(3);
    }

    @Test
    void a_token_of_less_than_five_minutes_is_renewed_a_minute_after_its_issue() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.issue("a", Duration.ofMinutes(3));
        run.advance(Duration.ofSeconds(59));
        assertThat(run.fetches).hasSize(1);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.fetches).hasSize(2);
        assertThat(run.fetches.getLast().mayIssue()).isTrue();
    }

    @Test
    void at_the_end_of_a_token_that_may_not_be_renewed_yet_the_store_is_read() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.issue("a", Duration.ofSeconds(30));
        run.advance(Duration.ofSeconds(29));
        assertThat(run.fetches).hasSize(1);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.fetches).hasSize(2);
        assertThat(run.fetches.getLast().mayIssue()).isFalse();
    }

    @Test
    @Requirement(value = "A-14", clause = "rotation")
    void a_rotated_token_is_fetched_after_six_hours_and_not_every_minute_when_kis_repeats_it() {
        var run = new Run(1, Optional.of(Duration.ofHours(6)));
        run.feed(new TokenCore.Input.Start());
        run.issue("a", DAY);
        run.advance(Duration.ofHours(6).minusSeconds(1));
        assertThat(run.fetches).hasSize(1);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.fetches).hasSize(2);
        run.repeat(new TokenCore.Token(Secret.of("a"), START, START.plus(DAY)));
        run.advance(Duration.ofMinutes(59));
        assertThat(run.fetches).as("KIS gave the same one").hasSize(2);
        run.advance(Duration.ofMinutes(1));
        assertThat(run.fetches).hasSize(3);
        run.issue("b", DAY);
        run.advance(Duration.ofMinutes(300));
        assertThat(run.fetches).hasSize(3);
    }

    @Test
    void a_token_rejected_by_many_calls_is_replaced_once() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.issue("a", DAY);
        run.advance(Duration.ofHours(7));
        for (int i = 0; i < 20; i++) {
            run.feed(new TokenCore.Input.Rejected(Secret.of("a"), "EGW00123"));
        }
        assertThat(run.fetches).hasSize(2);
        assertThat(run.fetches.getLast().mayIssue()).isTrue();
        assertThat(run.fetches.getLast().excluded()).contains(Secret.of("a"));
        run.issue("b", DAY);
        run.feed(new TokenCore.Input.Rejected(Secret.of("a"), "EGW00123"));
        assertThat(run.fetches).as("a late rejection of the old token").hasSize(2);
    }

    @Test
    void a_rejected_stored_token_is_replaced_immediately_when_older_than_a_minute() {
        for (int age : new int[] {3_600, 61, 20}) {
            var run = new Run(1);
            run.feed(new TokenCore.Input.Start());
            run.find(new TokenCore.Token(Secret.of("old"), run.now.minusSeconds(age), run.now.plus(DAY)));
            run.feed(new TokenCore.Input.Rejected(Secret.of("old"), "EGW00123"));
            assertThat(run.fetches.getLast().excludedIsRejected()).isTrue();
            assertThat(run.fetches.getLast().mayIssue())
                    .as("after " + age + " s")
                    .isEqualTo(age > 60);
            run.answerStoreReads();
            run.advance(Duration.ofSeconds(40));
            assertThat(run.fetches.getLast().mayIssue()).isTrue();
        }
    }

    @Test
    void a_token_renewed_in_time_is_not_rejected() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.issue("a", DAY);
        run.advance(DAY.minusMinutes(4));
        assertThat(run.fetches).hasSize(2);
        assertThat(run.fetches.getLast().excludedIsRejected()).isFalse();
    }

    @Test
    void a_token_that_is_rejected_repeatedly_is_issued_with_growing_intervals() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.issue("a", DAY);
        Instant start = run.now;
        int issues = 0;
        while (run.now.isBefore(start.plus(Duration.ofHours(3)))) {
            run.feed(new TokenCore.Input.Rejected(Secret.of("a"), "EGW00121"));
            run.answerStoreReads();
            if (run.fetching()) {
                issues++;
                run.issue("a", DAY);
            }
            run.advance(Duration.ofSeconds(5));
        }
        assertThat(issues).isBetween(3, 10);
    }

    @Test
    void each_further_rejection_of_a_young_token_doubles_the_wait_up_to_an_hour() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            String value = "token-" + run.fetches.size();
            run.issue(value, DAY);
            run.feed(new TokenCore.Input.Rejected(Secret.of(value), "EGW00121"));
            run.answerStoreReads();
            assertThat(run.fetching()).isFalse();
            run.advance(Duration.ofMinutes(minutes).minusMillis(1));
            assertThat(run.fetching()).as("before %d min", minutes).isFalse();
            run.advance(Duration.ofMillis(1));
            assertThat(run.fetching()).as("after %d min", minutes).isTrue();
            assertThat(run.fetches.getLast().mayIssue()).isTrue();
        }
    }

    @Test
    void after_the_issue_limit_the_next_fetch_waits_a_minute() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.fail(TokenCore.Failure.ANSWERED, "EGW00133");
        run.advance(Duration.ofSeconds(59));
        assertThat(run.fetches).hasSize(1);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.fetches).hasSize(2);
    }

    @Test
    void a_caller_whose_deadline_is_before_the_next_fetch_is_refused_immediately() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.fail(TokenCore.Failure.ANSWERED, "EGW00133");
        long hurried = run.request(30);
        long patient = run.request(90);
        assertThat(run.refused).containsOnlyKeys(hurried);
        assertThat(run.refused.get(hurried)).isEqualTo("EGW00133");
        run.advance(Duration.ofSeconds(60));
        run.issue("a", DAY);
        assertThat(run.served).containsOnlyKeys(patient);
    }

    @Test
    void a_lost_answer_waits_a_minute_because_it_may_have_counted() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.fail(TokenCore.Failure.LOST, "CONNECTION");
        assertThat(run.events)
                .filteredOn(KisEvent.TokenFailed.class::isInstance)
                .extracting(event -> ((KisEvent.TokenFailed) event).message())
                .singleElement()
                .asString()
                .contains("next token request is in 60 s, because KIS issues one a minute");
        run.advance(Duration.ofSeconds(59));
        assertThat(run.fetches).hasSize(1);
    }

    @Test
    void the_third_failure_in_a_row_needs_a_person_once_until_a_token_is_issued() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        for (int i = 0; i < 5; i++) {
            run.fail(TokenCore.Failure.NOT_SENT, "CONNECTION");
            run.advance(Duration.ofMinutes(2));
        }
        assertThat(run.events)
                .filteredOn(KisEvent.TokenFailed.class::isInstance)
                .extracting(event -> ((KisEvent.TokenFailed) event).alert())
                .containsExactly(false, false, true, false, false);
        run.issue("a", DAY);
        assertThat(run.events.getLast()).isInstanceOf(KisEvent.TokenIssued.class);
    }

    @Test
    void an_unreachable_kis_is_retried_after_a_second_doubled_up_to_a_minute_and_up_to_a_fifth_more() {
        for (int perMille : new int[] {1_000, 1_200}) {
            var run = new Run(new Extreme(perMille > 1_000), Optional.empty());
            run.feed(new TokenCore.Input.Start());
            for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
                run.fail(TokenCore.Failure.NOT_SENT, "CONNECTION");
                run.advance(Duration.ofMillis((long) seconds * perMille - 1));
                assertThat(run.fetching()).as("before %d s", seconds).isFalse();
                run.advance(Duration.ofMillis(1));
                assertThat(run.fetching()).as("after %d s", seconds).isTrue();
            }
        }
    }

    @Test
    void wrong_credentials_stop_the_token_requests() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.fail(TokenCore.Failure.ANSWERED, "EGW00103");
        run.advance(Duration.ofMinutes(9));
        assertThat(run.fetches).hasSize(1);
        assertThat(run.events).anyMatch(KisEvent::alert);
    }

    @Test
    void a_stored_token_spends_no_issue_and_its_issue_time_counts() {
        var run = new Run(1);
        run.feed(new TokenCore.Input.Start());
        run.find(new TokenCore.Token(Secret.of("a"), run.now.minusSeconds(20), run.now.plus(DAY)));
        assertThat(run.events).containsExactly(new KisEvent.TokenIssued(run.now.plus(DAY), true));
        run.feed(new TokenCore.Input.Rejected(Secret.of("a"), "EGW00121"));
        assertThat(run.fetches.getLast().mayIssue()).as("20 s after its issue").isFalse();
    }

    @Property(tries = 100)
    void token_issues_are_a_minute_apart_and_sequential(@ForAll long seed) {
        var run = new Run(seed);
        var random = new SplittableRandom(seed);
        run.feed(new TokenCore.Input.Start());
        List<Instant> issued = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> run.request(1 + random.nextInt(120));
                case 2 ->
                    run.core
                            .current(run.now)
                            .ifPresent(token -> run.feed(new TokenCore.Input.Rejected(token.value(), "EGW00121")));
                case 3 -> {
                    if (run.fetching()) {
                        if (!run.fetches.getLast().mayIssue()) {
                            run.fail(TokenCore.Failure.NOT_STORED, "");
                        } else if (random.nextInt(4) == 0) {
                            run.fail(TokenCore.Failure.NOT_SENT, "CONNECTION");
                        } else {
                            issued.add(run.now);
                            run.issue("t" + i, Duration.ofMinutes(3 + random.nextInt(1500)));
                        }
                    }
                }
                default -> run.advance(Duration.ofMillis(random.nextLong(90_000)));
            }
        }
        for (int i = 1; i < issued.size(); i++) {
            assertThat(Duration.between(issued.get(i - 1), issued.get(i)))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(60));
        }
        run.advance(Duration.ofMinutes(3));
        Set<Long> answered = new HashSet<>(run.served.keySet());
        answered.addAll(run.refused.keySet());
        assertThat(answered).hasSize((int) run.lastId);
    }

    /** Draws the least or the most that may be drawn. */
    private record Extreme(boolean highest) implements RandomGenerator {
        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nextLong(long bound) {
            return highest ? bound - 1 : 0;
        }
    }

    private static final class Run {
        private final TokenCore core;
        private final List<TokenCore.Effect.Obtain> fetches = new ArrayList<>();
        private final Map<Long, TokenCore.Token> served = new HashMap<>();
        private final Map<Long, String> refused = new HashMap<>();
        private final List<KisEvent> events = new ArrayList<>();
        private Instant now = START;
        private Optional<Instant> timer = Optional.empty();
        private int answered;
        private long lastId;

        Run(long seed) {
            this(seed, Optional.empty());
        }

        Run(long seed, Optional<Duration> rotation) {
            this(new SplittableRandom(seed), rotation);
        }

        Run(RandomGenerator jitter, Optional<Duration> rotation) {
            core = new TokenCore(rotation, Duration.ofMinutes(1), jitter);
        }

        long request(int timeoutSeconds) {
            feed(new TokenCore.Input.RequestToken(++lastId, now.plusSeconds(timeoutSeconds)));
            return lastId;
        }

        void issue(String value, Duration life) {
            answered++;
            feed(new TokenCore.Input.Obtained(new TokenCore.Token(Secret.of(value), now, now.plus(life)), false));
        }

        /** KIS issues an earlier token again. */
        void repeat(TokenCore.Token old) {
            answered++;
            feed(new TokenCore.Input.Obtained(old, false));
        }

        void find(TokenCore.Token stored) {
            answered++;
            feed(new TokenCore.Input.Obtained(stored, true));
        }

        void fail(TokenCore.Failure failure, String code) {
            answered++;
            feed(new TokenCore.Input.Failed(failure, code, ""));
        }

        boolean fetching() {
            assertThat(fetches.size() - answered).as("fetches at once").isBetween(0, 1);
            return fetches.size() > answered;
        }

        void answerStoreReads() {
            if (fetching() && !fetches.getLast().mayIssue()) {
                fail(TokenCore.Failure.NOT_STORED, "");
            }
        }

        void feed(TokenCore.Input input) {
            timer = Optional.empty();
            for (TokenCore.Effect effect : core.on(input, now).effects()) {
                switch (effect) {
                    case TokenCore.Effect.Serve(long id, TokenCore.Token token) ->
                        assertThat(served.put(id, token)).isNull();
                    case TokenCore.Effect.Refuse(long id, String code, String _, Duration _) ->
                        assertThat(refused.put(id, code)).isNull();
                    case TokenCore.Effect.Obtain obtain -> fetches.add(obtain);
                    case TokenCore.Effect.PublishEvent(KisEvent event) -> events.add(event);
                    case TokenCore.Effect.ArmTimer(Instant at) -> timer = Optional.of(at);
                }
            }
            assertThat(fetches.size() - answered).as("fetches at once").isBetween(0, 1);
        }

        void advance(Duration time) {
            Instant until = now.plus(time);
            int alarmsInVain = 0;
            while (timer.isPresent() && !timer.get().isAfter(until)) {
                alarmsInVain = timer.get().isAfter(now) ? 0 : alarmsInVain + 1;
                assertThat(alarmsInVain).as("alarms in a row at %s", now).isLessThan(10);
                now = timer.get().isAfter(now) ? timer.get() : now;
                feed(new TokenCore.Input.Tick());
            }
            now = until;
        }
    }
}
