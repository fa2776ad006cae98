package kr.kisgateway.gateway.ask;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What several gateways, or one before and after a restart, know of KIS's answers together: the second cache behind the one
 * in memory. A shelf that cannot be reached answers nothing within a moment and fails nobody.
 *
 * @param <K> what was asked
 */
public interface Shelf<K, V> {
    Optional<Kept<V>> find(K key);

    void put(K key, Kept<V> kept);

    /** Forgets an answer that is known to be wrong. */
    void drop(K key);

    /** How old an answer from here may be while nothing trades. */
    Duration life();

    Figures figures();

    /** An answer of KIS and when it came. */
    record Kept<V>(V value, Instant at) {}

    /**
     * Questions that the shelf answered and that it did not, since the start.
     *
     * @param failures of whatever the answers lie in, whoever asked it
     */
    record Figures(long hits, long misses, long failures) {
        /** Those of two shelves in one place. */
        public Figures and(Figures other) {
            return new Figures(hits + other.hits, misses + other.misses, Math.max(failures, other.failures));
        }
    }

    /** No shelf. */
    static <K, V> Shelf<K, V> none() {
        return new Shelf<>() {
            @Override
            public Optional<Kept<V>> find(K key) {
                return Optional.empty();
            }

            @Override
            public void put(K key, Kept<V> kept) {
                // there is none
            }

            @Override
            public void drop(K key) {
                // there is none
            }

            @Override
            public Duration life() {
                return Duration.ZERO;
            }

            @Override
            public Figures figures() {
                return new Figures(0, 0, 0);
            }
        };
    }
}
