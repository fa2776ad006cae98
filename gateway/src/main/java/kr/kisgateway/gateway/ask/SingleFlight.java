package kr.kisgateway.gateway.ask;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One call for all who ask the same at once: the first makes it on its own thread, the others wait for its answer. Holds
 * nothing but calls that are under way.
 *
 * @param <K> what is asked
 * @param <V> an answer, a failure included
 */
public final class SingleFlight<K, V> {
    private final ConcurrentHashMap<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

    /**
     * The answer of {@code call}, or of the same call that is under way.
     *
     * @param limit how long somebody else's call is waited for
     * @param onTimeout the answer when that takes longer
     * @param onCrash the answer when that call threw, or the waiting thread was interrupted
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
            // Only after a defect of the call: nobody may wait for a flight that crashed.
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
