package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import kr.kisgateway.gateway.ask.SingleFlight;
import kr.kisgateway.gateway.history.BarSource.Asking;
import kr.kisgateway.gateway.history.BarSource.Told;

/** Questions about bars, each asked once for all who want to know the same, and waited for no longer than an answer may take. */
final class Questions<K, V> {
    private final SingleFlight<K, Told<V>> flights = new SingleFlight<>();
    private final InstantSource clock;

    Questions(InstantSource clock) {
        this.clock = clock;
    }

    /** What {@code call} tells, or the same question that is on its way; a failure when the answer is due before. */
    Told<V> ask(K key, Asking asking, Supplier<Told<V>> call) {
        var patience = Duration.between(clock.instant(), asking.deadline());
        return patience.isPositive() ? flights.ask(key, patience, call, Questions::late, Questions::late) : late();
    }

    private static <V> Told<V> late() {
        return new Told.Failed<>(Days.late());
    }
}
