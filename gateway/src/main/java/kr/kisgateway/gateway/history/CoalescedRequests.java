package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import kr.kisgateway.gateway.ask.SingleFlight;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.history.BarSource.Result;

/** Questions about bars, each asked once for all who want to know the same, and waited for no longer than an answer may take. */
final class CoalescedRequests<K, V> {
    private final SingleFlight<K, Result<V>> flights = new SingleFlight<>();
    private final InstantSource clock;

    CoalescedRequests(InstantSource clock) {
        this.clock = clock;
    }

    /** What {@code call} tells, or the same question that is on its way; a failure when the answer is due before. */
    Result<V> request(K key, RequestContext context, Supplier<Result<V>> call) {
        var timeLeft = Duration.between(clock.instant(), context.deadline());
        return timeLeft.isPositive()
                ? flights.run(key, timeLeft, call, CoalescedRequests::timeoutResult, CoalescedRequests::timeoutResult)
                : timeoutResult();
    }

    private static <V> Result<V> timeoutResult() {
        return new Result.Failure<>(DayBars.timeoutRefusal());
    }
}
