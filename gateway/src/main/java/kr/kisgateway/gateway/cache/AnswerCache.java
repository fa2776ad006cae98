package kr.kisgateway.gateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.meter.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cache of KIS's market answers, shared by all callers: one call for simultaneous requests or while the answer is fresh; when
 * KIS fails, the last answer, marked stale, for ten minutes by default; after KIS refused for its call rate no call for that
 * key until the cooldown is over. Bounded: the least used answers are evicted and would cost a call again.
 *
 * @param <K> request key
 */
public final class AnswerCache<K, V> {
    /** Limit for waiting for another caller's request; then the answer is a timeout. */
    public static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.cache");
    private static final Duration STALE_LIFE = Duration.ofMinutes(10);

    private final String name;
    private final Duration cooldown;
    private final InstantSource clock;
    private final Cache<K, Cached<V>> fresh;
    private final Cache<K, LastAnswer<V>> last;
    private final AfterInvalidation afterInvalidation;
    private final Cache<K, Instant> coolUntil;
    private final SharedCache<K, V> sharedCache;
    private final SingleFlight<FlightKey<K>, Result<Cached<V>>> flights = new SingleFlight<>();
    private final Invalidations<K> invalidations;
    private final CacheCounters counters = new CacheCounters();

    /** Whether the last answer about a subject that changed still replaces one that KIS fails to give. */
    public enum AfterInvalidation {
        DROP_LAST,
        KEEP_LAST
    }

    /**
     * Which answers may be served, by when they were received.
     *
     * @param shared which answers of other gateways; absent, the shared cache is not asked
     */
    public record Servable(Predicate<Instant> own, Optional<Predicate<Instant>> shared) {
        /** The same for answers of other gateways. */
        public static Servable of(Predicate<Instant> own) {
            return new Servable(own, Optional.of(own));
        }
    }

    /**
     * A call begun before an invalidation is not joined after it; and one that bypasses the shared cache does not join one that may be
     * answered from it.
     */
    private record FlightKey<K>(K key, boolean bypassesShared, long invalidationStep) {}

    /** @param step invalidation step at which it was requested */
    private record LastAnswer<V>(Cached<V> answer, long step) {}

    /**
     * @param name of the cached data, for meters and the log
     * @param life how long an answer is fresh
     * @param maximumSize cached keys
     * @param cooldown after a refusal for the call rate
     */
    public AnswerCache(String name, Duration life, int maximumSize, Duration cooldown, InstantSource clock) {
        this(name, life, STALE_LIFE, maximumSize, cooldown, SharedCache.none(), clock);
    }

    /** As the next one, where an invalidation drops the last answer, too. */
    public AnswerCache(
            String name,
            Duration life,
            Duration retained,
            int maximumSize,
            Duration cooldown,
            SharedCache<K, V> sharedCache,
            InstantSource clock) {
        this(name, life, retained, AfterInvalidation.DROP_LAST, maximumSize, cooldown, sharedCache, clock);
    }

    /**
     * @param retained how long the last answer replaces one that KIS fails to give
     * @param sharedCache the second-level cache; its answers are used where {@code isServable} allows
     */
    public AnswerCache(
            String name,
            Duration life,
            Duration retained,
            AfterInvalidation afterInvalidation,
            int maximumSize,
            Duration cooldown,
            SharedCache<K, V> sharedCache,
            InstantSource clock) {
        this.afterInvalidation = afterInvalidation;
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

    /** As {@link #request(Object, Predicate, Supplier)}, for answers that are servable for their whole life. */
    public Result<Cached<V>> request(K key, Supplier<Result<V>> call) {
        return request(key, _ -> true, call);
    }

    /**
     * The answer for {@code key}; {@code call} requests it from KIS and blocks until the answer or its own deadline.
     *
     * @param isServable whether an answer received at the given time may still be served
     */
    public Result<Cached<V>> request(K key, Predicate<Instant> isServable, Supplier<Result<V>> call) {
        return switch (obtain(key, Servable.of(isServable), call)) {
            case Result.Success<Cached<V>> answer -> answer;
            case Result.Refused<Cached<V>>(Refusal refusal) -> lastAnswerOr(key, refusal);
        };
    }

    /** As {@link #request(Object, Predicate, Supplier)}, without the last answer where KIS fails. */
    public Result<Cached<V>> obtain(K key, Servable servable, Supplier<Result<V>> call) {
        var cached = fresh(key, servable.own());
        if (cached.isPresent()) {
            counters.hits.increment();
            return Result.success(cached.get());
        }
        counters.misses.increment();
        var now = clock.instant();
        var coolingUntil = coolUntil.getIfPresent(key);
        if (coolingUntil != null && coolingUntil.isAfter(now)) {
            return Result.refused(Refusal.of(
                            ErrorCode.REST_RATE_LIMIT_COOLDOWN,
                            "KIS refused this for its call rate; retry after the pause.")
                    .retryAfter(Duration.between(now, coolingUntil)));
        }
        return flights.run(
                new FlightKey<>(key, servable.shared().isEmpty(), invalidations.lastStep(key)),
                CALL_LIMIT,
                // Another call may have stored the answer since the first lookup.
                () -> fresh(key, servable.own())
                        .or(() -> servable.shared().flatMap(isServable -> findShared(key, isServable)))
                        .map(Result::success)
                        .orElseGet(() -> call(key, call)),
                AnswerCache::timeoutResult,
                AnswerCache::crashResult);
    }

    /** The answer of the shared cache; it may also serve as the last answer. */
    private Optional<Cached<V>> findShared(K key, Predicate<Instant> isServable) {
        long step = invalidations.currentStep();
        var found = sharedCache
                .find(key)
                // Where it could not be dropped there, it is invalidated here.
                .filter(retained -> !invalidations.isInvalidated(key, retained.at()))
                .map(retained -> new Cached<>(retained.value(), retained.at(), false));
        found.ifPresent(retained -> last.asMap()
                .merge(
                        key,
                        new LastAnswer<>(retained, step),
                        (known, other) ->
                                other.answer().at().isAfter(known.answer().at()) ? other : known));
        var usable = found.filter(answer -> isServable.test(answer.at()));
        usable.ifPresent(answer -> fresh.put(key, answer));
        if (found.isPresent() && invalidations.lastStep(key) > step) {
            dropLocal(key);
            return Optional.empty();
        }
        return usable;
    }

    private Result<Cached<V>> call(K key, Supplier<Result<V>> call) {
        counters.calls.increment();
        long step = invalidations.currentStep();
        var edition = sharedCache.edition(key);
        return switch (call.get()) {
            case Result.Success<V>(V value) -> {
                var answer = new Cached<>(value, clock.instant(), false);
                store(key, answer, step, edition);
                yield Result.success(answer);
            }
            case Result.Refused<V>(Refusal refusal) -> {
                LOG.warn("{}_call_failed key={} code={}", name, key, refusal.code());
                if (refusal.code() == ErrorCode.REST_RATE_LIMIT_COOLDOWN) {
                    coolUntil.put(key, clock.instant().plus(cooldown));
                    yield Result.refused(refusal.retryAfter(cooldown));
                }
                yield Result.refused(refusal);
            }
        };
    }

    /** The cached answer for {@code key}, if it may still be served. */
    public Optional<Cached<V>> fresh(K key, Predicate<Instant> isServable) {
        return Optional.ofNullable(fresh.getIfPresent(key)).filter(answer -> isServable.test(answer.at()));
    }

    /**
     * Makes {@code call} whatever is cached, outside the callers' flights: it may take longer than they wait. Its answer is
     * served to them from then on.
     */
    public Result<Cached<V>> refresh(K key, Supplier<Result<V>> call) {
        return call(key, call);
    }

    /** The last answer where KIS only failed; a definite refusal is returned as it is. */
    private Result<Cached<V>> lastAnswerOr(K key, Refusal refusal) {
        return last(key)
                .filter(_ -> refusal.code().retryable())
                .map(Result::success)
                .orElseGet(() -> Result.refused(refusal));
    }

    /** KIS's last answer for {@code key} as far as it is retained, marked stale. */
    public Optional<Cached<V>> last(K key) {
        return Optional.ofNullable(last.getIfPresent(key))
                .map(LastAnswer::answer)
                .map(AnswerCache::stale);
    }

    private static <V> Cached<V> stale(Cached<V> answer) {
        return new Cached<>(answer.value(), answer.at(), true);
    }

    /** Whether KIS's last answer for {@code key} was requested before its subject changed. */
    public boolean isLastOutdated(K key) {
        var known = last.getIfPresent(key);
        return known != null && known.step() < invalidations.lastStep(key);
    }

    /** Calls {@code action} with each key that has a last answer, and when that was received. */
    public void forEachLast(BiConsumer<K, Instant> action) {
        last.asMap().forEach((key, known) -> action.accept(key, known.answer().at()));
    }

    /** As {@link #invalidateAll} of one key. */
    public void invalidate(K key) {
        invalidateAll(List.of(key));
    }

    /** Drops the cached answers for {@code keys} because their subjects changed. */
    public void invalidateAll(Collection<K> keys) {
        for (var key : keys) {
            invalidations.invalidate(key);
            dropLocal(key);
        }
        sharedCache.invalidateAll(keys);
    }

    private void dropLocal(K key) {
        fresh.invalidate(key);
        if (afterInvalidation == AfterInvalidation.DROP_LAST) {
            last.invalidate(key);
        }
    }

    /**
     * @param step invalidation step before the request to KIS: answers requested before an invalidation are not fresh
     * @param edition edition of the shared cache then
     */
    private void store(K key, Cached<V> answer, long step, String edition) {
        if (invalidations.lastStep(key) > step && afterInvalidation == AfterInvalidation.DROP_LAST) {
            return;
        }
        last.put(key, new LastAnswer<>(answer, step));
        if (invalidations.lastStep(key) > step) {
            dropLocal(key);
            return;
        }
        fresh.put(key, answer);
        if (invalidations.lastStep(key) > step) {
            dropLocal(key);
            return;
        }
        sharedCache.store(key, new SharedCache.Timestamped<>(answer.value(), answer.at()), edition);
        if (invalidations.lastStep(key) > step) {
            sharedCache.invalidate(key);
        }
    }

    /** Registers hits, misses, calls, and the number of cached answers, stale ones included. */
    public void bindTo(Meters meters) {
        counters.bindTo(meters, name, () -> {
            last.cleanUp();
            return last.estimatedSize();
        });
    }

    private static <T> Result<T> timeoutResult() {
        return Result.refused(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time; try again."));
    }

    private static <T> Result<T> crashResult() {
        return Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "No source has a value now; try again."));
    }
}
