package kr.kisgateway.client.breaker;

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
import kr.kisgateway.client.BreakerRule;
import kr.kisgateway.client.KisEvent;

/**
 * One circuit breaker for each class of calls, so that failures of one do not affect the others. Urgent calls pass
 * an open one: a cancel, and the queries that resolve an order in doubt.
 */
public final class Breakers {
    /** Calls that fail together. */
    public enum CallClass {
        QUOTATIONS,
        ACCOUNT,
        ORDERS,
        /** The account's queries about other countries: their failures must not stop those about Korea. */
        OVERSEAS_ACCOUNT,
        /** Orders of other countries, likewise. */
        OVERSEAS_ORDERS,
        OAUTH;

        boolean isOrders() {
            return this == ORDERS || this == OVERSEAS_ORDERS;
        }
    }

    /** Permission to call; record its outcome once. */
    public final class Admission {
        private final CircuitBreaker breaker;
        private final boolean counted;

        private Admission(CircuitBreaker breaker, boolean counted) {
            this.breaker = breaker;
            this.counted = counted;
        }

        /** KIS answered, whatever the answer. */
        public void recordSuccess() {
            if (counted) {
                breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            }
        }

        /** No answer, or an unreadable one. */
        public void recordFailure() {
            if (counted) {
                breaker.onError(0, TimeUnit.NANOSECONDS, FAILURE);
            }
        }

        /** The call was not made. */
        public void release() {
            if (counted) {
                breaker.releasePermission();
            }
        }
    }

    /** Whether a call may be made. */
    public sealed interface Decision {
        record Admitted(Admission admission) implements Decision {}

        /** @param pause until something is tried again */
        record Open(Duration pause) implements Decision {}
    }

    /** The failure recorded at the breaker, which requires a throwable; its content is never read. */
    private static final Exception FAILURE = new Exception("no usable answer");

    private final Map<CallClass, CircuitBreaker> breakers = new EnumMap<>(CallClass.class);
    private final Duration open;
    private final boolean orders;

    public Breakers(BreakerRule rule, InstantSource monotonicClock, Consumer<KisEvent> events) {
        this.open = rule.open();
        this.orders = rule.orders();
        Clock clock = clock(monotonicClock);
        var config = CircuitBreakerConfig.custom()
                .clock(clock)
                .currentTimestampFunction(now -> TimeUnit.MILLISECONDS.toNanos(now.millis()), TimeUnit.NANOSECONDS)
                .slidingWindow(rule.window(), rule.window(), CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(rule.failurePercent())
                .waitDurationInOpenState(rule.open())
                .permittedNumberOfCallsInHalfOpenState(rule.halfOpenCalls())
                .writableStackTraceEnabled(false)
                .build();
        for (CallClass callClass : CallClass.values()) {
            CircuitBreaker breaker = CircuitBreaker.of(callClass.name(), config);
            breaker.getEventPublisher()
                    .onStateTransition(change -> events.accept(new KisEvent.BreakerChanged(
                            callClass.name(),
                            change.getStateTransition().getToState().name())));
            breakers.put(callClass, breaker);
        }
    }

    /** @param urgent whether the call is made even while the breaker is open */
    public Decision requestAdmission(CallClass callClass, boolean urgent) {
        CircuitBreaker breaker = breakers.get(callClass);
        if (breaker == null) {
            throw new IllegalArgumentException(callClass.name());
        }
        try {
            breaker.acquirePermission();
            return new Decision.Admitted(new Admission(breaker, true));
        } catch (CallNotPermittedException _) {
            return urgent || callClass.isOrders() && !orders
                    ? new Decision.Admitted(new Admission(breaker, false))
                    : new Decision.Open(open);
        }
    }

    private static Clock clock(InstantSource monotonicClock) {
        return monotonicClock.withZone(ZoneOffset.UTC);
    }
}
