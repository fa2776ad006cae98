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
     * @param late the answer when that takes longer
     * @param crashed the answer when that call threw, or the waiting thread was interrupted
     */
    public V ask(K key, Duration limit, Supplier<V> call, Supplier<V> late, Supplier<V> crashed) {
        var mine = new CompletableFuture<V>();
        var flying = flights.putIfAbsent(key, mine);
        if (flying != null) {
            return await(flying, limit, late, crashed);
        }
        try {
            V answer = call.get();
            mine.complete(answer);
            return answer;
        } finally {
            flights.remove(key, mine);
            // Only after a defect of the call: nobody may wait for a flight that crashed.
            if (!mine.isDone()) {
                mine.complete(crashed.get());
            }
        }
    }

    private static <V> V await(CompletableFuture<V> flying, Duration limit, Supplier<V> late, Supplier<V> crashed) {
        try {
            return flying.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return late.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return crashed.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
