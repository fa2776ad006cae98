package kr.kisgateway.gateway.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.quote.Clock;
import kr.kisgateway.gateway.quote.MapShelf;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class SharedAnswersTest {
    private final Clock clock = new Clock("2026-11-20T02:00:00Z");
    private final SharedAnswers<String, Integer> answers =
            new SharedAnswers<>("test", Duration.ofSeconds(10), 100, Duration.ofSeconds(3), clock);
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void an_answer_serves_everybody_until_it_is_old() {
        assertThat(ask(got(1))).isEqualTo(new Shared.Known<>(1, clock.instant(), false));
        var first = clock.instant();
        clock.advance(Duration.ofSeconds(9));
        assertThat(ask(got(2))).isEqualTo(new Shared.Known<>(1, first, false));
        clock.advance(Duration.ofSeconds(1));
        assertThat(ask(got(2))).isEqualTo(new Shared.Known<>(2, clock.instant(), false));
        assertThat(calls).hasValue(2);
        assertThat(answers.calls()).isEqualTo(2);
        assertThat(answers.figures()).isEqualTo(new CacheFigures("test", 1, 2, 2, 1));
    }

    @Test
    @Requirement(value = "A-09", clause = "last")
    void while_kis_fails_its_last_answer_is_told_as_stale_for_ten_minutes() {
        ask(got(1));
        var first = clock.instant();
        clock.advance(Duration.ofSeconds(60));
        assertThat(ask(failed(ErrorCode.QUOTE_UNAVAILABLE))).isEqualTo(new Shared.Known<>(1, first, true));
        clock.advance(Duration.ofMinutes(10));
        assertThat(ask(failed(ErrorCode.UPSTREAM_TIMEOUT))).isEqualTo(refused(ErrorCode.UPSTREAM_TIMEOUT));
    }

    @Test
    @Requirement("A-07")
    void what_the_shelf_has_serves_with_its_own_time_and_what_is_forgotten_leaves_it() {
        var shelf = new MapShelf<String, Integer>(Duration.ofSeconds(30));
        var shelved = new SharedAnswers<>(
                "test", Duration.ofSeconds(1), Duration.ofMinutes(10), 100, Duration.ofSeconds(3), shelf, clock);
        var told = clock.instant().minusSeconds(20);
        shelf.put("key", new Shelf.Kept<>(5, told));
        var oldest = told;
        for (int i = 0; i < 3; i++) {
            assertThat(shelved.ask("key", at -> !at.isBefore(oldest), got(6)))
                    .isEqualTo(new Shared.Known<>(5, told, false));
        }
        assertThat(shelved.calls()).isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(shelved.ask("key", at -> at.isAfter(oldest), failed(ErrorCode.UPSTREAM_TIMEOUT)))
                .as("the last thing known, though another gateway asked for it")
                .isEqualTo(new Shared.Known<>(5, told, true));
        assertThat(shelved.ask("key", at -> at.isAfter(oldest), got(6)))
                .isEqualTo(new Shared.Known<>(6, clock.instant(), false));
        assertThat(shelf.find("key")).contains(new Shelf.Kept<>(6, clock.instant()));
        shelved.forget("key");
        assertThat(shelf.find("key")).isEmpty();
    }

    @Test
    void what_kis_will_never_have_is_not_covered_by_an_old_answer() {
        ask(got(1));
        clock.advance(Duration.ofSeconds(60));
        assertThat(ask(failed(ErrorCode.SYMBOL_NOT_FOUND))).isEqualTo(refused(ErrorCode.SYMBOL_NOT_FOUND));
    }

    @Test
    void after_a_refusal_for_the_call_rate_nobody_asks_until_the_pause_is_over() {
        assertThat(ask(failed(ErrorCode.REST_RATE_LIMIT_COOLDOWN)))
                .isInstanceOfSatisfying(
                        Shared.Refused.class,
                        refused -> assertThat(((Refusal) refused.refusal()).retryAfter())
                                .hasValue(Duration.ofSeconds(3)));
        clock.advance(Duration.ofSeconds(2));
        assertThat(ask(got(1)))
                .isInstanceOfSatisfying(
                        Shared.Refused.class,
                        refused -> assertThat(((Refusal) refused.refusal()).retryAfter())
                                .hasValue(Duration.ofSeconds(1)));
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(ask(got(1))).isEqualTo(new Shared.Known<>(1, clock.instant(), false));
    }

    @Test
    void everybody_who_asks_while_a_call_is_under_way_waits_for_that_one() throws Exception {
        var reached = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        Supplier<Fetched<Integer>> slow = () -> {
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Fetched.Got<>(7);
        };
        var asking = new ArrayList<CompletableFuture<Shared<Integer>>>();
        asking.add(CompletableFuture.supplyAsync(() -> ask(slow)));
        reached.await();
        var begun = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            var answer = new CompletableFuture<Shared<Integer>>();
            asking.add(answer);
            Thread.ofVirtual().start(() -> {
                begun.countDown();
                answer.complete(ask(got(8)));
            });
        }
        begun.await();
        released.countDown();
        for (var one : asking) {
            assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(new Shared.Known<>(7, clock.instant(), false));
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    @Requirement("A-07")
    void an_answer_that_was_on_its_way_when_it_was_forgotten_is_kept_by_nobody() throws Exception {
        var left = new CountDownLatch(1);
        var arrives = new CountDownLatch(1);
        Supplier<Fetched<Integer>> slow = () -> {
            left.countDown();
            try {
                arrives.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Fetched.Got<>(1);
        };
        var before = CompletableFuture.supplyAsync(() -> ask(slow));
        left.await();
        answers.forget("key");
        assertThat(ask(got(2))).as("nobody joins it").isEqualTo(new Shared.Known<>(2, clock.instant(), false));
        arrives.countDown();
        before.get(10, TimeUnit.SECONDS);
        assertThat(ask(got(3))).isNotEqualTo(new Shared.Known<>(1, clock.instant(), false));
    }

    private Shared<Integer> ask(Supplier<Fetched<Integer>> call) {
        return answers.ask("key", () -> {
            calls.incrementAndGet();
            return call.get();
        });
    }

    private static Supplier<Fetched<Integer>> got(int value) {
        return () -> new Fetched.Got<>(value);
    }

    private static Supplier<Fetched<Integer>> failed(ErrorCode code) {
        return () -> new Fetched.Failed<>(Refusal.of(code, "because"));
    }

    private static Shared<Integer> refused(ErrorCode code) {
        return new Shared.Refused<>(Refusal.of(code, "because"));
    }
}
