package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import kr.kisgateway.gateway.cache.SingleFlight;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarSource.RequestContext;

/** Bar requests, each made once for simultaneous callers, who wait no longer than until their own deadline. */
final class CoalescedRequests<K, V> {
    private final SingleFlight<K, Result<V>> flights = new SingleFlight<>();
    private final InstantSource clock;

    CoalescedRequests(InstantSource clock) {
        this.clock = clock;
    }

    /** The result of {@code call}, or of the same request in flight; a failure when the deadline passes before. */
    Result<V> request(K key, RequestContext context, Supplier<Result<V>> call) {
        var timeLeft = Duration.between(clock.instant(), context.deadline());
        return timeLeft.isPositive()
                ? flights.run(key, timeLeft, call, CoalescedRequests::timeoutResult, CoalescedRequests::timeoutResult)
                : timeoutResult();
    }

    private static <V> Result<V> timeoutResult() {
        return Result.refused(DayBars.timeoutRefusal());
    }
}
