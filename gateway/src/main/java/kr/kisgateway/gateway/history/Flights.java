package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One question for all who ask the same at the same time: the first asks, the others wait for its answer. */
final class Flights<K, V> {
    private final ConcurrentHashMap<K, CompletableFuture<Optional<V>>> flights = new ConcurrentHashMap<>();

    /** @return empty when another's answer did not come within {@code patience}, or its question crashed */
    Optional<V> ask(K key, Duration patience, Supplier<V> question) {
        var mine = new CompletableFuture<Optional<V>>();
        var flying = flights.putIfAbsent(key, mine);
        if (flying != null) {
            return await(flying, patience);
        }
        try {
            V answer = question.get();
            mine.complete(Optional.of(answer));
            return Optional.of(answer);
        } finally {
            flights.remove(key, mine);
            mine.complete(Optional.empty()); // only after a crash: nobody may wait for it
        }
    }

    private static <V> Optional<V> await(CompletableFuture<Optional<V>> flying, Duration patience) {
        try {
            return flying.get(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
