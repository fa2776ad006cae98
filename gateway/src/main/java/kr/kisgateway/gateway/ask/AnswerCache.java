package kr.kisgateway.gateway.ask;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.gateway.ask.CachedResult.Found;
import kr.kisgateway.gateway.ask.CachedResult.Refused;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers of KIS that are the same for everybody: one call for all who ask at once or while the answer is fresh; when KIS fails,
 * the last answer, marked stale, for ten minutes where nothing else is said; after KIS refused for its call rate no call for that key until the cooldown is
 * over. Bounded: past it the least used answers go, and would cost a call again.
 *
 * @param <K> what is asked
 */
public final class AnswerCache<K, V> {
    /** Who waits longer than this for somebody else's call is told so. */
    public static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.ask");
    private static final Duration STALE_LIFE = Duration.ofMinutes(10);

    private final String name;
    private final Duration cooldown;
    private final InstantSource clock;
    private final Cache<K, Found<V>> fresh;
    private final Cache<K, Found<V>> last;
    private final Cache<K, Instant> coolUntil;
    private final SharedCache<K, V> sharedCache;
    private final SingleFlight<FlightKey<K>, CachedResult<V>> flights = new SingleFlight<>();
    private final Invalidations<K> invalidations;
    private final AtomicLong calls = new AtomicLong();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /** Nobody joins a call that left before something was forgotten. */
    private record FlightKey<K>(K key, long invalidationStep) {}

    /**
     * @param name of what is asked, for the log
     * @param life how long an answer is fresh
     * @param maximumSize keys that are kept
     * @param cooldown after a refusal for the call rate
     */
    public AnswerCache(String name, Duration life, int maximumSize, Duration cooldown, InstantSource clock) {
        this(name, life, STALE_LIFE, maximumSize, cooldown, SharedCache.none(), clock);
    }

    /**
     * @param retained how long the last answer stands in for one that KIS does not give
     * @param sharedCache the second cache; what it has is told where it {@code serves}
     */
    public AnswerCache(
            String name,
            Duration life,
            Duration retained,
            int maximumSize,
            Duration cooldown,
            SharedCache<K, V> sharedCache,
            InstantSource clock) {
        this.name = name;
        this.cooldown = cooldown;
        this.sharedCache = sharedCache;
        this.clock = clock;
        this.fresh = timedCache(life, maximumSize);
        this.last = timedCache(retained, maximumSize);
        this.coolUntil = timedCache(cooldown, maximumSize);
        this.invalidations = new Invalidations<>(maximumSize, clock);
    }

    private <T> Cache<K, T> timedCache(Duration life, int maximumSize) {
        return Caffeine.newBuilder()
                .maximumSize(maximumSize)
                .expireAfterWrite(life)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** As {@link #request(Object, Predicate, Supplier)}, of answers that serve for their whole life. */
    public CachedResult<V> request(K key, Supplier<CallResult<V>> call) {
        return request(key, _ -> true, call);
    }

    /**
     * The answer to {@code key}; {@code call} asks KIS for it and blocks until it has one or its own deadline passes.
     *
     * @param isServable whether what KIS said at a time may be told again
     */
    public CachedResult<V> request(K key, Predicate<Instant> isServable, Supplier<CallResult<V>> call) {
        var cached = fresh.getIfPresent(key);
        if (cached != null && isServable.test(cached.at())) {
            hits.increment();
            return cached;
        }
        misses.increment();
        var now = clock.instant();
        var coolingUntil = coolUntil.getIfPresent(key);
        if (coolingUntil != null && coolingUntil.isAfter(now)) {
            return lastAnswerOr(
                    key,
                    Refusal.of(
                                    ErrorCode.REST_RATE_LIMIT_COOLDOWN,
                                    "KIS refused this for its call rate a moment ago; try again after the pause.")
                            .retryAfter(Duration.between(now, coolingUntil)));
        }
        return switch (flights.run(
                new FlightKey<>(key, invalidations.lastStep(key)),
                CALL_LIMIT,
                () -> call(key, isServable, call),
                AnswerCache::timeoutResult,
                AnswerCache::crashResult)) {
            case Found<V> answer -> answer;
            case Refused<V>(Refusal refusal) -> lastAnswerOr(key, refusal);
        };
    }

    private CachedResult<V> call(K key, Predicate<Instant> isServable, Supplier<CallResult<V>> call) {
        // Somebody may have landed between our look into the cache and here.
        var cached = fresh.getIfPresent(key);
        if (cached != null && isServable.test(cached.at())) {
            return cached;
        }
        return findShared(key, isServable)
                .<CachedResult<V>>map(answer -> answer)
                .orElseGet(() -> call(key, call));
    }

    /** What the shelf has, which may also be the last thing that is known. */
    private Optional<Found<V>> findShared(K key, Predicate<Instant> isServable) {
        long step = invalidations.currentStep();
        var found = sharedCache
                .find(key)
                .filter(retained -> !invalidations.isInvalidated(key, retained.at()))
                .map(retained -> new Found<>(retained.value(), retained.at(), false));
        found.ifPresent(retained ->
                last.asMap().merge(key, retained, (answer, other) -> other.at().isAfter(answer.at()) ? other : answer));
        var usable = found.filter(answer -> isServable.test(answer.at()));
        usable.ifPresent(answer -> fresh.put(key, answer));
        if (found.isPresent() && invalidations.lastStep(key) > step) {
            dropLocal(key);
            return Optional.empty();
        }
        return usable;
    }

    private CachedResult<V> call(K key, Supplier<CallResult<V>> call) {
        calls.incrementAndGet();
        long step = invalidations.currentStep();
        var edition = sharedCache.edition(key);
        return switch (call.get()) {
            case CallResult.Success<V>(V value) -> {
                var answer = new Found<>(value, clock.instant(), false);
                store(key, answer, step, edition);
                yield answer;
            }
            case CallResult.Failure<V>(Refusal refusal) -> {
                LOG.warn("{}_call_failed key={} code={}", name, key, refusal.code());
                if (refusal.code() == ErrorCode.REST_RATE_LIMIT_COOLDOWN) {
                    coolUntil.put(key, clock.instant().plus(cooldown));
                    yield new Refused<>(refusal.retryAfter(cooldown));
                }
                yield new Refused<>(refusal);
            }
        };
    }

    /** What was answered to {@code key} and may be told again. */
    public Optional<Found<V>> fresh(K key, Predicate<Instant> isServable) {
        return Optional.ofNullable(fresh.getIfPresent(key)).filter(answer -> isServable.test(answer.at()));
    }

    /**
     * Has {@code call} made whatever is known, beside those who ask: it may wait for longer than they do. Its answer is told to them
     * from then on.
     */
    public CachedResult<V> refresh(K key, Supplier<CallResult<V>> call) {
        return call(key, call);
    }

    /** The last answer where KIS only failed; where it said that there is none, that. */
    private CachedResult<V> lastAnswerOr(K key, Refusal refusal) {
        var answer = last.getIfPresent(key);
        return answer != null && refusal.code().retryable()
                ? new Found<>(answer.value(), answer.at(), true)
                : new Refused<>(refusal);
    }

    /** Drops what is known about {@code key}: something about it is another now. */
    public void invalidate(K key) {
        invalidations.invalidate(key);
        dropLocal(key);
        sharedCache.invalidate(key);
    }

    private void dropLocal(K key) {
        fresh.invalidate(key);
        last.invalidate(key);
    }

    /**
     * @param step when KIS was asked: what was asked before that which made somebody forget is kept nowhere
     * @param edition what was valid on the shelf then
     */
    private void store(K key, Found<V> answer, long step, String edition) {
        if (invalidations.lastStep(key) > step) {
            return;
        }
        fresh.put(key, answer);
        last.put(key, answer);
        if (invalidations.lastStep(key) > step) {
            dropLocal(key);
            return;
        }
        sharedCache.store(key, new SharedCache.Timestamped<>(answer.value(), answer.at()), edition);
        if (invalidations.lastStep(key) > step) {
            sharedCache.invalidate(key);
        }
    }

    /** Fresh answers told, the other questions, and how many answers are kept, old ones included. */
    public CacheStats stats() {
        last.cleanUp();
        return new CacheStats(name, hits.sum(), misses.sum(), calls.get(), last.estimatedSize());
    }

    /** Calls made to KIS. */
    public long calls() {
        return calls.get();
    }

    private static <V> CachedResult<V> timeoutResult() {
        return new Refused<>(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time; try again."));
    }

    private static <V> CachedResult<V> crashResult() {
        return new Refused<>(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "No source has a value now; try again."));
    }
}
