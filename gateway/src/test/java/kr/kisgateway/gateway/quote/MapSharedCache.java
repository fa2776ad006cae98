package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.gateway.cache.SharedCache;

/** A shared cache in a map, which never expires an entry by itself. */
public class MapSharedCache<K, V> implements SharedCache<K, V> {
    private final Map<K, Entry<V>> entries = new ConcurrentHashMap<>();
    private final Map<K, Integer> editions = new ConcurrentHashMap<>();
    private final Duration life;

    private record Entry<V>(Timestamped<V> value, String edition) {}

    public MapSharedCache(Duration life) {
        this.life = life;
    }

    @Override
    public Optional<Timestamped<V>> find(K key) {
        return Optional.ofNullable(entries.get(key))
                .filter(entry -> entry.edition().equals(edition(key)))
                .map(Entry::value);
    }

    @Override
    public String edition(K key) {
        return String.valueOf(editions.getOrDefault(key, 0));
    }

    /** Stores an answer that was requested just now. */
    public void put(K key, Timestamped<V> value) {
        store(key, value, edition(key));
    }

    @Override
    public void store(K key, Timestamped<V> value, String edition) {
        entries.put(key, new Entry<>(value, edition));
    }

    @Override
    public boolean invalidateAll(Collection<K> keys) {
        keys.forEach(key -> editions.merge(key, 1, Integer::sum));
        return true;
    }

    @Override
    public Duration life() {
        return life;
    }
}
