package kr.kisgateway.gateway.redis;

import io.lettuce.core.SetArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.gateway.cache.SharedCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers of one kind in Redis, under {@code kis-gateway:ENV:KIND:KEY}, each for its time to live. A text of fields with the
 * format's version before and behind them, and its own key: a value of another release or key is a miss. Beside them
 * {@code kis-gateway:ENV:KIND-edition:SUBJECT} contains the valid edition of a subject; invalidating a subject writes a new
 * edition, and answers of earlier ones are misses from then on, also those that are written later.
 */
final class RedisSharedCache<K, V> implements SharedCache<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.redis");
    private static final String FORMAT_VERSION = "5";
    /** Exceeds the minutes of a day or a page of a chart; a longer text is another program's and is not fetched. */
    static final int VALUE_BYTES_MAX = 1 << 20;

    private static final int EDITION_BYTES_MAX = 256;

    /** Sent without waiting for each answer; few enough for the timeout of one command. */
    private static final int WRITES_AT_ONCE = 256;

    /** Longer than any call to KIS: an edition outlives every answer of the one before it. */
    private static final Duration CALL_DURATION_MAX = Duration.ofMinutes(10);

    private final RedisLink redis;
    private final Kind<K, V> kind;
    private final String prefix;
    private final String editionPrefix;
    private final Duration life;
    private final Supplier<String> nonce;
    /** Invalidated subjects whose new edition Redis does not have yet, each with a token of its last invalidation. */
    private final Map<String, String> unpublished = new ConcurrentHashMap<>();

    /**
     * A kind of shared answers.
     *
     * @param keyName the kind in Redis' keys
     * @param name of a request, unique
     * @param subject of a request: all its answers are invalidated together
     */
    record Kind<K, V>(String keyName, Function<K, String> name, Function<K, String> subject, Codec<V> codec) {
        /** Each request is a subject of its own. */
        static <K, V> Kind<K, V> of(String keyName, Function<K, String> name, Codec<V> codec) {
            return new Kind<>(keyName, name, name, codec);
        }
    }

    /**
     * @param environment sim, mock or live: answers are never shared between them
     * @param life how long Redis stores an answer
     * @param nonce unique texts without {@code |}
     */
    RedisSharedCache(RedisLink redis, String environment, Kind<K, V> kind, Duration life, Supplier<String> nonce) {
        this.redis = redis;
        this.kind = kind;
        this.prefix = "kis-gateway:" + environment + ":" + kind.keyName() + ":";
        this.editionPrefix = "kis-gateway:" + environment + ":" + kind.keyName() + "-edition:";
        this.life = life;
        this.nonce = nonce;
    }

    @Override
    public Optional<Timestamped<V>> find(K key) {
        // The value before its edition: one invalidated in between is a miss.
        var found = unpublished.containsKey(editionName(key))
                ? Optional.<Timestamped<V>>empty()
                : redis.texts(name(key), VALUE_BYTES_MAX, editionName(key), EDITION_BYTES_MAX)
                        .flatMap(replies -> read(key, replies.first(), replies.second()));
        (found.isPresent() ? redis.counters().hits : redis.counters().misses).increment();
        return found;
    }

    @Override
    public String edition(K key) {
        return redis.text(editionName(key), EDITION_BYTES_MAX).orElse("");
    }

    @Override
    public void store(K key, Timestamped<V> entry, String edition) {
        var text = write(key, entry, edition);
        if (text.getBytes(StandardCharsets.UTF_8).length > VALUE_BYTES_MAX) {
            return; // no gateway would read it
        }
        redis.execute(commands -> commands.set(name(key), text, SetArgs.Builder.px(life.toMillis())));
    }

    @Override
    public boolean invalidateAll(Collection<K> keys) {
        var token = nonce.get();
        keys.forEach(key -> unpublished.put(editionName(key), token));
        return publishInvalidations();
    }

    /**
     * Writes another edition of each invalidated subject that has none yet: Redis may have been unavailable then.
     *
     * @return whether all are written
     */
    boolean publishInvalidations() {
        // Never an edition that was written before, under which a late writer would make its answers valid again.
        var next = nonce.get();
        var expiry = SetArgs.Builder.px(life.plus(CALL_DURATION_MAX).toMillis());
        var subjects = List.copyOf(unpublished.entrySet());
        for (int from = 0; from < subjects.size(); from += WRITES_AT_ONCE) {
            var some = subjects.subList(from, Math.min(subjects.size(), from + WRITES_AT_ONCE));
            var written = redis.execute(commands -> CompletableFuture.allOf(some.stream()
                            .map(subject ->
                                    commands.set(subject.getKey(), next, expiry).toCompletableFuture())
                            .toArray(CompletableFuture<?>[]::new))
                    .thenApply(_ -> some.size()));
            if (written.isEmpty()) {
                return false;
            }
            // One that was invalidated again meanwhile has another token and stays.
            some.forEach(subject -> unpublished.remove(subject.getKey(), subject.getValue()));
        }
        return true;
    }

    @Override
    public Duration life() {
        return life;
    }

    private String name(K key) {
        return prefix + kind.name().apply(key);
    }

    private String editionName(K key) {
        return editionPrefix + kind.subject().apply(key);
    }

    private String place(K key, Instant at, String edition) {
        return name(key) + "|" + at.toEpochMilli() + "|" + edition;
    }

    private String write(K key, Timestamped<V> entry, String edition) {
        var fields = new FieldWriter()
                .text(FORMAT_VERSION)
                .text(name(key))
                .number(entry.at().toEpochMilli())
                .text(edition);
        kind.codec().boundTo(place(key, entry.at(), edition)).write(fields, entry.value());
        return fields.text(FORMAT_VERSION).toString();
    }

    private Optional<Timestamped<V>> read(K key, String text, String edition) {
        try {
            var fields = new FieldReader(text);
            if (!fields.text().equals(FORMAT_VERSION) || !fields.text().equals(name(key))) {
                return Optional.empty();
            }
            var at = Instant.ofEpochMilli(fields.number());
            if (!fields.text().equals(edition)) {
                return Optional.empty();
            }
            var value = kind.codec().boundTo(place(key, at, edition)).read(fields);
            return fields.text().equals(FORMAT_VERSION) && fields.isAtEnd()
                    ? Optional.of(new Timestamped<>(value, at))
                    : Optional.empty();
        } catch (RuntimeException e) {
            // Written by another program: no answer is better than a wrong one. Any constructor of a value may refuse.
            LOG.warn("redis_value_unreadable kind={}", kind.keyName());
            return Optional.empty();
        }
    }
}
