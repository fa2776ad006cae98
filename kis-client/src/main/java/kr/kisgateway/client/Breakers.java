package kr.kisgateway.client;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One circuit breaker for each class of calls, so that trouble with one leaves the others alone. What is urgent passes
 * an open one: a cancel, and the questions that resolve an order in doubt.
 */
final class Breakers {
    /** Calls that fail together. */
    enum Calls {
        QUOTATIONS,
        ACCOUNT,
        ORDERS,
        OAUTH
    }

    /** Leave to call; say what came of it, once. */
    final class Leave {
        private final CircuitBreaker breaker;
        private final boolean counted;

        private Leave(CircuitBreaker breaker, boolean counted) {
            this.breaker = breaker;
            this.counted = counted;
        }

        /** KIS answered, whatever it said. */
        void answered() {
            if (counted) {
                breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            }
        }

        /** No answer, or none that can be read. */
        void failed() {
            if (counted) {
                breaker.onError(0, TimeUnit.NANOSECONDS, FAILURE);
            }
        }

        /** The call was not made after all. */
        void unused() {
            if (counted) {
                breaker.releasePermission();
            }
        }
    }

    /** Whether a call may be made. */
    sealed interface Verdict {
        record Go(Leave leave) implements Verdict {}

        /** @param pause until something is tried again */
        record Open(Duration pause) implements Verdict {}
    }

    /** What is told to the breaker as the failure; it wants a throwable, and nobody looks at it. */
    private static final Exception FAILURE = new Exception("no usable answer");

    private final Map<Calls, CircuitBreaker> breakers = new EnumMap<>(Calls.class);
    private final Duration open;
    private final boolean orders;

    Breakers(BreakerRule rule, InstantSource course, Consumer<KisEvent> events) {
        this.open = rule.open();
        this.orders = rule.orders();
        Clock clock = clock(course);
        var config = CircuitBreakerConfig.custom()
                .clock(clock)
                .currentTimestampFunction(now -> TimeUnit.MILLISECONDS.toNanos(now.millis()), TimeUnit.NANOSECONDS)
                .slidingWindow(rule.window(), rule.window(), CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(rule.failurePercent())
                .waitDurationInOpenState(rule.open())
                .permittedNumberOfCallsInHalfOpenState(rule.halfOpenCalls())
                .writableStackTraceEnabled(false)
                .build();
        for (Calls calls : Calls.values()) {
            CircuitBreaker breaker = CircuitBreaker.of(calls.name(), config);
            breaker.getEventPublisher()
                    .onStateTransition(change -> events.accept(new KisEvent.BreakerChanged(
                            calls.name(),
                            change.getStateTransition().getToState().name())));
            breakers.put(calls, breaker);
        }
    }

    /** @param urgent whether the call is made even while the breaker is open */
    Verdict ask(Calls calls, boolean urgent) {
        CircuitBreaker breaker = breakers.get(calls);
        if (breaker == null) {
            throw new IllegalArgumentException(calls.name());
        }
        try {
            breaker.acquirePermission();
            return new Verdict.Go(new Leave(breaker, true));
        } catch (CallNotPermittedException _) {
            return urgent || calls == Calls.ORDERS && !orders
                    ? new Verdict.Go(new Leave(breaker, false))
                    : new Verdict.Open(open);
        }
    }

    private static Clock clock(InstantSource course) {
        return course.withZone(ZoneOffset.UTC);
    }
}
