package kr.kisgateway.client.rest;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import kr.kisgateway.client.KisReply;

/**
 * A chart of any length from queries that return the last few bars before a point in time: repeated from before the oldest
 * bar so far. The number of bars of an answer is not relied on.
 *
 * @param <K> the point in time of a bar
 * @param keyOf the point in time of a bar
 * @param before the next point to query when this bar is the oldest; empty when there is nothing before
 * @param onEmpty the next point to query when this one returned nothing new; empty to end there
 */
public record BackwardPager<K extends Comparable<? super K>, B>(
        Function<B, K> keyOf, Function<K, Optional<K>> before, Function<K, Optional<K>> onEmpty) {

    public static <K extends Comparable<? super K>, B> BackwardPager<K, B> untilEmpty(
            Function<B, K> keyOf, Function<K, Optional<K>> before) {
        return new BackwardPager<>(keyOf, before, _ -> Optional.empty());
    }

    /**
     * The bars between {@code from} and {@code to}, both included, oldest first; or the first failure.
     *
     * @param request the last bars up to a point, in any order
     */
    public KisReply<List<B>> collectBars(K from, K to, Function<K, KisReply<List<B>>> request) {
        var found = new TreeMap<K, B>();
        Optional<K> next = Optional.of(to);
        while (next.filter(at -> at.compareTo(from) >= 0).isPresent()) {
            K at = next.get();
            switch (request.apply(at)) {
                case KisReply.Failed<List<B>> failed -> {
                    return failed;
                }
                case KisReply.Ok<List<B>>(List<B> page) -> next = nextKey(page, at, from, found);
            }
        }
        return new KisReply.Ok<>(List.copyOf(found.values()));
    }

    /** Bars after {@code at} were not requested: KIS repeats the current one for a future time. */
    private Optional<K> nextKey(List<B> page, K at, K from, TreeMap<K, B> found) {
        Optional<K> oldest = page.stream()
                .map(keyOf)
                .filter(key -> key.compareTo(at) <= 0)
                .min((one, other) -> one.compareTo(other));
        for (B bar : page) {
            K key = keyOf.apply(bar);
            if (key.compareTo(at) <= 0 && key.compareTo(from) >= 0) {
                found.putIfAbsent(key, bar);
            }
        }
        Optional<K> next = oldest.isPresent() ? before.apply(oldest.get()) : onEmpty.apply(at);
        return next.filter(key -> key.compareTo(at) < 0);
    }
}
