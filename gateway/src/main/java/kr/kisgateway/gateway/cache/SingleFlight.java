package kr.kisgateway.gateway.cache;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import kr.kisgateway.gateway.trace.Span;
import kr.kisgateway.gateway.trace.SpanAttribute;
import kr.kisgateway.gateway.trace.SpanName;
import kr.kisgateway.gateway.trace.Trace;

/**
 * One call for simultaneous equal requests: the first caller makes it on its own thread, the others wait for its result.
 * Retains only calls in flight.
 *
 * @param <K> request key
 * @param <V> a result, a failure included
 */
public final class SingleFlight<K, V> {
    private static final String CALLS = "call";
    private static final String JOINS = "joined";

    private final String name;
    private final ConcurrentHashMap<K, Flight<V>> flights = new ConcurrentHashMap<>();

    /** A call in flight, and the trace of the request that makes it. */
    private record Flight<V>(CompletableFuture<V> answer, Trace trace) {}

    /** @param name of the requests, in traces */
    public SingleFlight(String name) {
        this.name = name;
    }

    /**
     * The result of {@code call}, or of an equal call in flight.
     *
     * @param limit maximum wait for another caller's call
     * @param onTimeout result when that takes longer
     * @param onCrash result when that call threw, or the waiting thread was interrupted
     */
    public V run(K key, Duration limit, Supplier<V> call, Supplier<V> onTimeout, Supplier<V> onCrash) {
        var trace = Trace.currentOrNone();
        var ownFlight = new Flight<V>(new CompletableFuture<>(), trace);
        var runningFlight = flights.putIfAbsent(key, ownFlight);
        if (runningFlight != null) {
            var span = span(trace, JOINS)
                    .with(SpanAttribute.JOINED, runningFlight.trace().id());
            try {
                return await(runningFlight.answer(), limit, onTimeout, onCrash);
            } finally {
                span.end();
            }
        }
        try {
            V answer = trace.isRecorded() ? traced(trace, call) : call.get();
            ownFlight.answer().complete(answer);
            return answer;
        } finally {
            flights.remove(key, ownFlight);
            // Only after a defect of the call: no caller may wait for a crashed flight.
            if (!ownFlight.answer().isDone()) {
                ownFlight.answer().complete(onCrash.get());
            }
        }
    }

    private V traced(Trace trace, Supplier<V> call) {
        var span = span(trace, CALLS);
        try {
            return span.trace().run(call::get);
        } finally {
            span.end();
        }
    }

    private Span span(Trace trace, String role) {
        return trace.begin(SpanName.CACHE_FETCH).with(SpanAttribute.CACHE, name).with(SpanAttribute.ROLE, role);
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
