package kr.kisgateway.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.AnswerCache.AfterInvalidation;
import kr.kisgateway.gateway.cache.AnswerCache.Memory;
import kr.kisgateway.gateway.cache.AnswerCache.Servable;
import kr.kisgateway.gateway.cache.AnswerCache.Wait;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.quote.MapSharedCache;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    private final AnswerCache<String, Integer> answers =
            new AnswerCache<>("test", memory(10), Duration.ofSeconds(3), SharedCache.none(), clock);
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void one_answer_serves_all_callers_until_it_expires() {
        assertThat(fetch(got(1))).isEqualTo(Result.success(new Cached<>(1, clock.instant(), false)));
        var first = clock.instant();
        clock.advance(Duration.ofSeconds(9));
        assertThat(fetch(got(2))).isEqualTo(Result.success(new Cached<>(1, first, false)));
        clock.advance(Duration.ofSeconds(1));
        assertThat(fetch(got(2))).isEqualTo(Result.success(new Cached<>(2, clock.instant(), false)));
        assertThat(calls).hasValue(2);
        var meters = BoundMeters.of(answers::bindTo);
        assertThat(Stream.of("cache.hits", "cache.misses", "cache.calls", "cache.size")
                        .map(name -> meters.value(name, "cache", "test")))
                .containsExactly(1L, 2L, 2L, 1L);
    }

    @Test
    @Requirement(value = "A-09", clause = "last")
    void while_kis_fails_its_last_answer_is_returned_as_stale_for_ten_minutes() {
        fetch(got(1));
        var first = clock.instant();
        clock.advance(Duration.ofSeconds(60));
        assertThat(fetch(failed(ErrorCode.QUOTE_UNAVAILABLE))).isEqualTo(Result.success(new Cached<>(1, first, true)));
        clock.advance(Duration.ofMinutes(10));
        assertThat(fetch(failed(ErrorCode.UPSTREAM_TIMEOUT))).isEqualTo(refused(ErrorCode.UPSTREAM_TIMEOUT));
    }

    @Test
    @Requirement("A-07")
    void an_answer_from_the_shared_cache_retains_its_own_time_and_an_invalidation_removes_it() {
        var sharedCache = new MapSharedCache<String, Integer>(Duration.ofSeconds(30));
        var sharing = new AnswerCache<>("test", memory(1), Duration.ofSeconds(3), sharedCache, clock);
        var fetchedAt = clock.instant().minusSeconds(20);
        sharedCache.put("key", new SharedCache.Timestamped<>(5, fetchedAt));
        var oldest = fetchedAt;
        for (int i = 0; i < 3; i++) {
            assertThat(sharing.request("key", at -> !at.isBefore(oldest), got(6)))
                    .isEqualTo(Result.success(new Cached<>(5, fetchedAt, false)));
        }
        assertThat(BoundMeters.of(sharing::bindTo).value("cache.calls")).isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(sharing.request("key", at -> at.isAfter(oldest), failed(ErrorCode.UPSTREAM_TIMEOUT)))
                .as("the last cached answer, though another gateway requested it")
                .isEqualTo(Result.success(new Cached<>(5, fetchedAt, true)));
        assertThat(sharing.request("key", at -> at.isAfter(oldest), got(6)))
                .isEqualTo(Result.success(new Cached<>(6, clock.instant(), false)));
        assertThat(sharedCache.find("key")).contains(new SharedCache.Timestamped<>(6, clock.instant()));
        sharing.invalidate("key");
        assertThat(sharedCache.find("key")).isEmpty();
    }

    @Test
    void an_old_answer_does_not_cover_a_permanent_failure() {
        fetch(got(1));
        clock.advance(Duration.ofSeconds(60));
        assertThat(fetch(failed(ErrorCode.SYMBOL_NOT_FOUND))).isEqualTo(refused(ErrorCode.SYMBOL_NOT_FOUND));
    }

    @Test
    void after_a_rate_refusal_no_request_is_sent_until_the_pause_ends() {
        assertThat(fetch(failed(ErrorCode.REST_RATE_LIMIT_COOLDOWN)))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(((Refusal) refused.refusal()).retryAfter())
                                .hasValue(Duration.ofSeconds(3)));
        clock.advance(Duration.ofSeconds(2));
        assertThat(fetch(got(1)))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(((Refusal) refused.refusal()).retryAfter())
                                .hasValue(Duration.ofSeconds(1)));
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(fetch(got(1))).isEqualTo(Result.success(new Cached<>(1, clock.instant(), false)));
    }

    @Test
    void concurrent_callers_wait_for_the_same_call() throws Exception {
        var reached = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        Supplier<Result<Integer>> slow = () -> {
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Result.success(7);
        };
        var callers = new ArrayList<CompletableFuture<Result<Cached<Integer>>>>();
        callers.add(CompletableFuture.supplyAsync(() -> fetch(slow)));
        reached.await();
        var started = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            var answer = new CompletableFuture<Result<Cached<Integer>>>();
            callers.add(answer);
            Thread.ofVirtual().start(() -> {
                started.countDown();
                answer.complete(fetch(got(8)));
            });
        }
        started.await();
        released.countDown();
        for (var one : callers) {
            assertThat(one.get(10, TimeUnit.SECONDS))
                    .isEqualTo(Result.success(new Cached<>(7, clock.instant(), false)));
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    @Requirement("A-07")
    void an_answer_in_flight_at_its_invalidation_is_not_cached() throws Exception {
        var left = new CountDownLatch(1);
        var arrives = new CountDownLatch(1);
        Supplier<Result<Integer>> slow = () -> {
            left.countDown();
            try {
                arrives.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Result.success(1);
        };
        var before = CompletableFuture.supplyAsync(() -> fetch(slow));
        left.await();
        answers.invalidate("key");
        assertThat(fetch(got(2)))
                .as("no caller joins it")
                .isEqualTo(Result.success(new Cached<>(2, clock.instant(), false)));
        arrives.countDown();
        before.get(10, TimeUnit.SECONDS);
        assertThat(fetch(got(3))).isNotEqualTo(Result.success(new Cached<>(1, clock.instant(), false)));
    }

    @Test
    void answers_about_one_subject_are_invalidated_together_also_the_one_in_flight() {
        var memory = new Memory<String, Integer>(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                AfterInvalidation.KEEP_LAST,
                100,
                _ -> 1,
                key -> key.charAt(0));
        var pages = new AnswerCache<>("test", memory, Duration.ZERO, SharedCache.none(), clock);
        List.of("a1", "a2", "b1").forEach(key -> pages.request(key, got(1)));
        pages.request("a3", () -> {
            pages.invalidate("a");
            return Result.success(1);
        });
        assertThat(Stream.of("a1", "a2", "a3", "b1")
                        .filter(key -> pages.fresh(key, _ -> true).isPresent()))
                .containsExactly("b1");
        assertThat(pages.last("a3")).as("available as the last one").isPresent();
        assertThat(pages.isLastOutdated("a3")).isTrue();
        assertThat(pages.request("a1", got(2))).isEqualTo(Result.success(new Cached<>(2, clock.instant(), false)));
    }

    @Test
    void an_answer_that_its_caller_retains_is_shared_and_not_cached_here() {
        var sharedCache = new MapSharedCache<String, Integer>(Duration.ofSeconds(30));
        var passing = new AnswerCache<>("test", memory(10), Duration.ZERO, sharedCache, clock);
        var wait = new Wait(Duration.ofSeconds(1), because(ErrorCode.UPSTREAM_TIMEOUT), because(ErrorCode.NOT_READY));
        var servable = new Servable(Optional.empty(), Optional.of(at -> true));
        var requestedAt = clock.instant().minusSeconds(1);
        for (int call = 1; call <= 2; call++) {
            int answer = call;
            assertThat(passing.fetch(
                            "key",
                            servable,
                            wait,
                            () -> Result.success(new SharedCache.Timestamped<>(answer, requestedAt))))
                    .isEqualTo(Result.success(new Cached<>(1, requestedAt, false)));
        }
        assertThat(passing.last("key")).isEmpty();
        var due = new Wait(Duration.ZERO, because(ErrorCode.UPSTREAM_TIMEOUT), because(ErrorCode.NOT_READY));
        assertThat(passing.fetch("key", servable, due, () -> {
                    throw new IllegalStateException("too late for a call");
                }))
                .isEqualTo(refused(ErrorCode.UPSTREAM_TIMEOUT));
    }

    private static Memory<String, Integer> memory(int lifeSeconds) {
        return Memory.of(Duration.ofSeconds(lifeSeconds), 100);
    }

    private static Refusal because(ErrorCode code) {
        return Refusal.of(code, "because");
    }

    private Result<Cached<Integer>> fetch(Supplier<Result<Integer>> call) {
        return answers.request("key", () -> {
            calls.incrementAndGet();
            return call.get();
        });
    }

    private static Supplier<Result<Integer>> got(int value) {
        return () -> Result.success(value);
    }

    private static Supplier<Result<Integer>> failed(ErrorCode code) {
        return () -> Result.refused(because(code));
    }

    private static Result<Cached<Integer>> refused(ErrorCode code) {
        return Result.refused(because(code));
    }
}
