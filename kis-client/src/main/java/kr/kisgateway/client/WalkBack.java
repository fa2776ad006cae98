package kr.kisgateway.client;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A chart of any length out of questions that answer with the last few bars before a point in time: asked again and again
 * from before the oldest bar so far. How many bars KIS gives at once is not relied on.
 *
 * @param <K> where a bar stands in time
 * @param keyOf where it stands
 * @param before where to ask next, when a bar here is the oldest; empty when there is nothing before
 * @param onEmpty where to ask next, when nothing new came for here; empty to end there
 */
record WalkBack<K extends Comparable<? super K>, B>(
        Function<B, K> keyOf, Function<K, Optional<K>> before, Function<K, Optional<K>> onEmpty) {

    static <K extends Comparable<? super K>, B> WalkBack<K, B> untilNothingComes(
            Function<B, K> keyOf, Function<K, Optional<K>> before) {
        return new WalkBack<>(keyOf, before, _ -> Optional.empty());
    }

    /**
     * The bars between {@code from} and {@code to}, both included, oldest first; or the first failure.
     *
     * @param question the last bars up to a point, in any order
     */
    KisReply<List<B>> bars(K from, K to, Function<K, KisReply<List<B>>> question) {
        var found = new TreeMap<K, B>();
        Optional<K> next = Optional.of(to);
        while (next.filter(at -> at.compareTo(from) >= 0).isPresent()) {
            K at = next.get();
            switch (question.apply(at)) {
                case KisReply.Failed<List<B>> failed -> {
                    return failed;
                }
                case KisReply.Ok<List<B>>(List<B> some) -> next = onward(some, at, from, found);
            }
        }
        return new KisReply.Ok<>(List.copyOf(found.values()));
    }

    /** Bars after {@code at} were not asked for: KIS repeats the present one for a time that has not come. */
    private Optional<K> onward(List<B> some, K at, K from, TreeMap<K, B> found) {
        Optional<K> oldest = some.stream()
                .map(keyOf)
                .filter(key -> key.compareTo(at) <= 0)
                .min((one, other) -> one.compareTo(other));
        for (B bar : some) {
            K key = keyOf.apply(bar);
            if (key.compareTo(at) <= 0 && key.compareTo(from) >= 0) {
                found.putIfAbsent(key, bar);
            }
        }
        Optional<K> next = oldest.isPresent() ? before.apply(oldest.get()) : onEmpty.apply(at);
        return next.filter(key -> key.compareTo(at) < 0);
    }
}
