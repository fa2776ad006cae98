package kr.kisgateway.gateway.cache;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One call for simultaneous equal requests: the first caller makes it on its own thread, the others wait for its result.
 * Retains only calls in flight.
 *
 * @param <K> request key
 * @param <V> a result, a failure included
 */
public final class SingleFlight<K, V> {
    private final ConcurrentHashMap<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

    /**
     * The result of {@code call}, or of an equal call in flight.
     *
     * @param limit maximum wait for another caller's call
     * @param onTimeout result when that takes longer
     * @param onCrash result when that call threw, or the waiting thread was interrupted
     */
    public V run(K key, Duration limit, Supplier<V> call, Supplier<V> onTimeout, Supplier<V> onCrash) {
        var ownFlight = new CompletableFuture<V>();
        var runningFlight = flights.putIfAbsent(key, ownFlight);
        if (runningFlight != null) {
            return await(runningFlight, limit, onTimeout, onCrash);
        }
        try {
            V answer = call.get();
            ownFlight.complete(answer);
            return answer;
        } finally {
            flights.remove(key, ownFlight);
            // Only after a defect of the call: no caller may wait for a crashed flight.
            if (!ownFlight.isDone()) {
                ownFlight.complete(onCrash.get());
            }
        }
    }

    private static <V> V await(
            CompletableFuture<V> runningFlight, Duration limit, Supplier<V> onTimeout, Supplier<V> onCrash) {
        try {
            return runningFlight.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return onTimeout.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return onCrash.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
