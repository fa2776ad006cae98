package kr.kisgateway.client.fetch;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Lets one thread do a thing and gives its result to all who want the same thing meanwhile. No lock is held. */
public final class OneAtATime<K, V> {
    private final Map<K, CompletableFuture<V>> underway = new ConcurrentHashMap<>();

    /** What {@code work} returns, or what it returns to another thread that is at it already. */
    public V of(K key, Supplier<V> work) {
        var mine = new CompletableFuture<V>();
        var running = underway.putIfAbsent(key, mine);
        if (running != null) {
            return running.join();
        }
        try {
            V value = work.get();
            mine.complete(value);
            return value;
        } catch (RuntimeException | Error trouble) {
            mine.completeExceptionally(trouble);
            throw trouble;
        } finally {
            underway.remove(key, mine);
        }
    }
}
