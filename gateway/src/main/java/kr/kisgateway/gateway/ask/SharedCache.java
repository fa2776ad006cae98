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
public interface SharedCache<K, V> {
    /** While something trades, how long the same question is answered by what another gateway asked. */
    Duration TRADING_LIFE_MAX = Duration.ofSeconds(5);

    Optional<Timestamped<V>> find(K key);

    /** Which edition of {@code key}'s subject is valid; each {@link #invalidate} begins another. To be read before KIS is asked. */
    String edition(K key);

    /**
     * Shares an answer.
     *
     * @param edition what was valid when KIS was asked: an answer that was on its way when its subject was dropped, by any
     *     gateway, is found by none
     */
    void store(K key, Timestamped<V> entry, String edition);

    /**
     * Throws away every answer about the subject of {@code key}: what was shared of it is known to be wrong.
     *
     * @return whether the shelf could be reached, so that no other gateway finds them
     */
    boolean invalidate(K key);

    /** How old an answer from here may be while nothing trades. */
    Duration life();

    /** How old an answer from here may be while something trades. */
    default Duration tradingLife() {
        return life().compareTo(TRADING_LIFE_MAX) < 0 ? life() : TRADING_LIFE_MAX;
    }

    Stats stats();

    /** An answer of KIS and when it came. */
    record Timestamped<V>(V value, Instant at) {}

    /**
     * Questions that the shelf answered and that it did not, since the start.
     *
     * @param failures of whatever the answers lie in, whoever asked it
     */
    record Stats(long hits, long misses, long failures) {
        /** Those of two shelves in one place. */
        public Stats plus(Stats other) {
            return new Stats(hits + other.hits, misses + other.misses, Math.max(failures, other.failures));
        }
    }

    /** No shelf. */
    static <K, V> SharedCache<K, V> none() {
        return new SharedCache<>() {
            @Override
            public Optional<Timestamped<V>> find(K key) {
                return Optional.empty();
            }

            @Override
            public String edition(K key) {
                return "";
            }

            @Override
            public void store(K key, Timestamped<V> entry, String edition) {
                // there is none
            }

            @Override
            public boolean invalidate(K key) {
                return true;
            }

            @Override
            public Duration life() {
                return Duration.ZERO;
            }

            @Override
            public Stats stats() {
                return new Stats(0, 0, 0);
            }
        };
    }
}
