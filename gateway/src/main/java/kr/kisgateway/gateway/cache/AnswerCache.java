package kr.kisgateway.gateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
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
    private static final Wait WAIT = new Wait(
            CALL_LIMIT,
            Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time; try again."),
            Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "No source has a value now; try again."));

    private final String name;
    private final Memory<K, V> memory;
    private final Duration cooldown;
    private final InstantSource clock;
    private final Cache<K, Entry<V>> answers;
    private final Cache<K, Instant> coolUntil;
    private final SharedCache<K, V> sharedCache;
    private final SingleFlight<FlightKey<K>, Result<Cached<V>>> flights;
    private final Invalidations<Object> invalidations;
    private final CacheCounters counters = new CacheCounters();

    /** Whether the last answer about a subject that changed still replaces one that KIS fails to give. */
    public enum AfterInvalidation {
        DROP_LAST,
        KEEP_LAST
    }

    /**
     * What a cache retains in memory.
     *
     * @param life how long an answer is fresh
     * @param retained how long the last answer is available, also when it is no longer fresh; not shorter than {@code life}
     * @param weightMax maximum sum of the weights of all answers
     * @param subject of a request: all its answers are invalidated together
     */
    public record Memory<K, V>(
            Duration life,
            Duration retained,
            AfterInvalidation afterInvalidation,
            long weightMax,
            ToIntFunction<V> weight,
            Function<K, ?> subject) {
        private static final Duration STALE_LIFE = Duration.ofMinutes(10);

        /** The answers of {@code keysMax} requests; the last one replaces one that KIS fails to give for ten minutes. */
        public static <K, V> Memory<K, V> of(Duration life, int keysMax) {
            var retained = life.compareTo(STALE_LIFE) > 0 ? life : STALE_LIFE;
            return new Memory<>(life, retained, AfterInvalidation.DROP_LAST, keysMax, _ -> 1, key -> key);
        }

        /** The answers of {@code keysMax} requests; the last one is available at any time later. */
        public static <K, V> Memory<K, V> keepingLast(Duration life, int keysMax) {
            var retained = ChronoUnit.FOREVER.getDuration();
            return new Memory<>(life, retained, AfterInvalidation.KEEP_LAST, keysMax, _ -> 1, key -> key);
        }
    }

    /**
     * Which answers may be served, by when they were received.
     *
     * @param own which answers in memory; absent, the caller retains what it receives
     * @param shared which answers of other gateways; absent, the shared cache is not asked
     */
    public record Servable(Optional<Predicate<Instant>> own, Optional<Predicate<Instant>> shared) {
        /** The same for answers of other gateways. */
        public static Servable of(Predicate<Instant> own) {
            return new Servable(Optional.of(own), Optional.of(own));
        }

        private boolean isRetained() {
            return own.isPresent();
        }
    }

    /**
     * How long a caller waits for another caller's request.
     *
     * @param onCrash refusal after a defect of that request, or an interrupt
     */
    public record Wait(Duration limit, Refusal onTimeout, Refusal onCrash) {}

    /**
     * A call begun before an invalidation is not joined after it; and one that bypasses the shared cache does not join one that may be
     * answered from it.
     */
    private record FlightKey<K>(K key, boolean bypassesShared, long invalidationStep) {}

    /**
     * An answer in memory.
     *
     * @param step invalidation step at which it was requested
     * @param freshUntil {@link Instant#MIN} for a last answer alone
     */
    private record Entry<V>(Cached<V> answer, long step, Instant freshUntil) {}

    /**
     * @param name of the cached data, for meters and the log
     * @param cooldown no call for the same key this long after KIS refused for its rate; zero for none
     * @param sharedCache the second-level cache
     */
    public AnswerCache(
            String name, Memory<K, V> memory, Duration cooldown, SharedCache<K, V> sharedCache, InstantSource clock) {
        this.name = name;
        this.flights = new SingleFlight<>(name);
        this.memory = memory;
        this.cooldown = cooldown;
        this.sharedCache = sharedCache;
        this.clock = clock;
        this.answers = timedCache(memory.retained())
                .maximumWeight(memory.weightMax())
                .weigher((K _, Entry<V> entry) ->
                        memory.weight().applyAsInt(entry.answer().value()))
                .build();
        this.coolUntil = timedCache(cooldown).maximumSize(memory.weightMax()).build();
        this.invalidations = new Invalidations<>(memory.weightMax(), clock);
    }

    private Caffeine<Object, Object> timedCache(Duration life) {
        return Caffeine.newBuilder()
                // Its upkeep after a write is less work than waking another thread for it.
                .executor(Runnable::run)
                .expireAfterWrite(life)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
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
        return find(key, servable).map(Result::success).orElseGet(() -> fetch(key, servable, call));
    }

    /** As {@link #obtain}, after {@link #find} found nothing. */
    public Result<Cached<V>> fetch(K key, Servable servable, Supplier<Result<V>> call) {
        return fetch(key, servable, WAIT, timestamped(call));
    }

    /** The answer in memory for {@code key}, if it may be served; counted as a hit or a miss. */
    public Optional<Cached<V>> find(K key, Servable servable) {
        var cached = freshOf(key, servable);
        (cached.isPresent() ? counters.hits : counters.misses).increment();
        return cached;
    }

    /** The answer to a request that missed; made once for simultaneous callers, who wait no longer than {@code wait}. */
    public Result<Cached<V>> fetch(K key, Servable servable, Wait wait, Supplier<Result<Timestamped<V>>> call) {
        var now = clock.instant();
        var coolingUntil = coolUntil.getIfPresent(key);
        if (coolingUntil != null && coolingUntil.isAfter(now)) {
            return Result.refused(Refusal.of(
                            ErrorCode.REST_RATE_LIMIT_COOLDOWN,
                            "KIS refused this for its call rate; retry after the pause.")
                    .retryAfter(Duration.between(now, coolingUntil)));
        }
        if (!wait.limit().isPositive()) {
            return Result.refused(wait.onTimeout());
        }
        return flights.run(
                new FlightKey<>(key, servable.shared().isEmpty(), invalidations.lastStep(subject(key))),
                wait.limit(),
                // Another call may have stored the answer since the first lookup.
                () -> freshOf(key, servable)
                        .or(() -> servable.shared()
                                .flatMap(isServable -> findShared(key, isServable, servable.isRetained())))
                        .map(Result::success)
                        .orElseGet(() -> call(key, servable.isRetained(), call)),
                () -> Result.refused(wait.onTimeout()),
                () -> Result.refused(wait.onCrash()));
    }

    /** The answer of the shared cache; it may also serve as the last answer. */
    private Optional<Cached<V>> findShared(K key, Predicate<Instant> isServable, boolean retained) {
        long step = invalidations.currentStep();
        var found = sharedCache
                .find(key)
                // Where it could not be dropped there, it is invalidated here.
                .filter(shared -> !invalidations.isInvalidated(subject(key), shared.at()))
                .map(AnswerCache::toCached);
        var usable = found.filter(answer -> isServable.test(answer.at()));
        found.filter(answer -> retained && !isOlderThanLast(key, answer))
                .ifPresent(answer -> retain(key, answer, step, usable.isPresent()));
        return usable.filter(_ -> !isInvalidatedSince(key, step));
    }

    private boolean isOlderThanLast(K key, Cached<V> answer) {
        return last(key).filter(known -> known.at().isAfter(answer.at())).isPresent();
    }

    private Result<Cached<V>> call(K key, boolean retained, Supplier<Result<Timestamped<V>>> call) {
        counters.calls.increment();
        long step = invalidations.currentStep();
        var edition = sharedCache.edition(key);
        return switch (call.get()) {
            case Result.Success<Timestamped<V>>(Timestamped<V> received) -> {
                var answer = toCached(received);
                if (retained) {
                    retain(key, answer, step, true);
                }
                share(key, received, step, edition);
                yield Result.success(answer);
            }
            case Result.Refused<Timestamped<V>>(Refusal refusal) -> {
                LOG.warn("{}_call_failed key={} code={}", name, key, refusal.code());
                if (refusal.code() == ErrorCode.REST_RATE_LIMIT_COOLDOWN && cooldown.isPositive()) {
                    coolUntil.put(key, clock.instant().plus(cooldown));
                    yield Result.refused(refusal.retryAfter(cooldown));
                }
                yield Result.refused(refusal);
            }
        };
    }

    private Supplier<Result<Timestamped<V>>> timestamped(Supplier<Result<V>> call) {
        return () -> call.get().map(value -> new Timestamped<>(value, clock.instant()));
    }

    private static <V> Cached<V> toCached(Timestamped<V> answer) {
        return new Cached<>(answer.value(), answer.at(), false);
    }

    private Optional<Cached<V>> freshOf(K key, Servable servable) {
        return servable.own().flatMap(isServable -> fresh(key, isServable));
    }

    /** The answer in memory for {@code key}, if it may still be served. */
    public Optional<Cached<V>> fresh(K key, Predicate<Instant> isServable) {
        return Optional.ofNullable(answers.getIfPresent(key))
                .filter(entry -> clock.instant().isBefore(entry.freshUntil()))
                .map(Entry::answer)
                .filter(answer -> isServable.test(answer.at()));
    }

    /**
     * Makes {@code call} whatever is cached, outside the callers' flights: it may take longer than they wait. Its answer is
     * served to them from then on.
     */
    public Result<Cached<V>> refresh(K key, Supplier<Result<V>> call) {
        return call(key, true, timestamped(call));
    }

    /** Retains an answer that was not requested here, such as one of a file. */
    public void put(K key, V value, Instant at) {
        retain(key, new Cached<>(value, at, false), invalidations.currentStep(), true);
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
        return Optional.ofNullable(answers.getIfPresent(key)).map(entry -> stale(entry.answer()));
    }

    private static <V> Cached<V> stale(Cached<V> answer) {
        return new Cached<>(answer.value(), answer.at(), true);
    }

    /** Whether KIS's last answer for {@code key} was requested before its subject changed. */
    public boolean isLastOutdated(K key) {
        return Optional.ofNullable(answers.getIfPresent(key))
                .filter(entry -> isInvalidatedSince(key, entry.step()))
                .isPresent();
    }

    /** Calls {@code action} with each key that has a last answer, and that answer. */
    public void forEachLast(BiConsumer<K, Cached<V>> action) {
        answers.asMap().forEach((key, entry) -> action.accept(key, entry.answer()));
    }

    /** As {@link #invalidateAll} of one key. */
    public void invalidate(K key) {
        invalidateAll(List.of(key));
    }

    /** Drops the cached answers about the subjects of {@code keys} because they changed. */
    public void invalidateAll(Collection<K> keys) {
        for (var key : keys) {
            var subject = subject(key);
            invalidations.invalidate(subject);
            if (subject.equals(key)) {
                expire(key);
            } else {
                answers.asMap().keySet().stream()
                        .filter(other -> subject(other).equals(subject))
                        .forEach(this::expire);
            }
        }
        sharedCache.invalidateAll(keys);
    }

    private Object subject(K key) {
        return memory.subject().apply(key);
    }

    private boolean isInvalidatedSince(K key, long step) {
        return invalidations.lastStep(subject(key)) > step;
    }

    private void expire(K key) {
        if (memory.afterInvalidation() == AfterInvalidation.DROP_LAST) {
            answers.invalidate(key);
        } else {
            answers.asMap().computeIfPresent(key, (_, known) -> new Entry<>(known.answer(), known.step(), Instant.MIN));
        }
    }

    /**
     * Retains an answer, unless its subject was invalidated since: then at most as the last one.
     *
     * @param step invalidation step before the request
     */
    private void retain(K key, Cached<V> answer, long step, boolean fresh) {
        // One step for each key: an invalidation comes before it and is seen here, or after it and drops the entry.
        answers.asMap().compute(key, (_, known) -> {
            boolean outdated = isInvalidatedSince(key, step);
            if (outdated && memory.afterInvalidation() == AfterInvalidation.DROP_LAST
                    || known != null && known.step() > step) {
                return known;
            }
            return new Entry<>(
                    answer, step, fresh && !outdated ? clock.instant().plus(memory.life()) : Instant.MIN);
        });
    }

    /** @param edition edition of the shared cache before the request */
    private void share(K key, Timestamped<V> answer, long step, String edition) {
        if (isInvalidatedSince(key, step)) {
            return;
        }
        sharedCache.store(key, answer, edition);
        if (isInvalidatedSince(key, step)) {
            sharedCache.invalidate(key);
        }
    }

    /** What is counted of this cache. */
    public CacheCounters counters() {
        return counters;
    }

    /** Registers hits, misses, calls, and the number of cached answers, stale ones included. */
    public void bindTo(Meters meters) {
        bindTo(meters, () -> {
            answers.cleanUp();
            return answers.estimatedSize();
        });
    }

    /** As {@link #bindTo(Meters)}, with another size. */
    public void bindTo(Meters meters, LongSupplier size) {
        counters.bindTo(meters, name, size, () -> Meters.weight(answers), memory.weightMax());
    }

    /**
     * As {@link #bindTo(Meters)}, of what is retained elsewhere.
     *
     * @param limit bound of {@code size}
     */
    public void bindTo(Meters meters, LongSupplier size, long limit) {
        counters.bindTo(meters, name, size, size, limit);
    }
}
