package kr.kisgateway.client.fetch;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Lets one thread do a task and gives its result to all concurrent callers of the same key. No lock is held. */
public final class SingleFlight<K, V> {
    private final Map<K, CompletableFuture<V>> inFlight = new ConcurrentHashMap<>();

    /** The result of {@code work}, or of the same work already running on another thread. */
    public V run(K key, Supplier<V> work) {
        var own = new CompletableFuture<V>();
        var running = inFlight.putIfAbsent(key, own);
        if (running != null) {
            return running.join();
        }
        try {
            V value = work.get();
            own.complete(value);
            return value;
        } catch (RuntimeException | Error trouble) {
            own.completeExceptionally(trouble);
            throw trouble;
        } finally {
            inFlight.remove(key, own);
        }
    }
}
