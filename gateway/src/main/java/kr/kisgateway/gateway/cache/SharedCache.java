package kr.kisgateway.gateway.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * KIS's answers shared by several gateways, or across a restart: the second-level cache behind the one in memory. An
 * unreachable cache misses within a moment and causes no failure.
 *
 * @param <K> request key
 */
public interface SharedCache<K, V> {
    /** Longest use of another gateway's answer during trading. */
    Duration TRADING_LIFE_MAX = Duration.ofSeconds(5);

    Optional<Timestamped<V>> find(K key);

    /**
     * Current edition of the subject of {@code key}; each {@link #invalidate} begins another. Read it before requesting from
     * KIS.
     */
    String edition(K key);

    /**
     * Stores an answer.
     *
     * @param edition edition before the request to KIS: an answer in flight while any gateway invalidated its subject is
     *     never found
     */
    void store(K key, Timestamped<V> entry, String edition);

    /** As {@link #invalidateAll} of one key. */
    default boolean invalidate(K key) {
        return invalidateAll(List.of(key));
    }

    /**
     * Drops every answer about the subjects of {@code keys}, because it is wrong; a market's two thousand stocks cost a few
     * round trips.
     *
     * @return whether the cache was reached, so that no other gateway finds them
     */
    boolean invalidateAll(Collection<K> keys);

    /** Maximum age of an answer from here while nothing trades. */
    Duration life();

    /** Maximum age of an answer from here during trading. */
    default Duration tradingLife() {
        return life().compareTo(TRADING_LIFE_MAX) < 0 ? life() : TRADING_LIFE_MAX;
    }

    /** An answer of KIS and its receipt time. */
    record Timestamped<V>(V value, Instant at) {}

    /** An empty cache that stores nothing. */
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
                // nothing is stored
            }

            @Override
            public boolean invalidateAll(Collection<K> keys) {
                return true;
            }

            @Override
            public Duration life() {
                return Duration.ZERO;
            }
        };
    }
}
