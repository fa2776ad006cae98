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
import kr.kisgateway.gateway.ask.Shared.Known;
import kr.kisgateway.gateway.ask.Shared.Refused;
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
public final class SharedAnswers<K, V> {
    /** Who waits longer than this for somebody else's call is told so. */
    public static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.ask");
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final String name;
    private final Duration cooldown;
    private final InstantSource clock;
    private final Cache<K, Known<V>> fresh;
    private final Cache<K, Known<V>> last;
    private final Cache<K, Instant> coolUntil;
    private final Shelf<K, V> shelf;
    private final SingleFlight<Question<K>, Shared<V>> flights = new SingleFlight<>();
    private final Outdated<K> outdated;
    private final AtomicLong calls = new AtomicLong();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /** Nobody joins a call that left before something was forgotten. */
    private record Question<K>(K key, long wrongSince) {}

    /**
     * @param name of what is asked, for the log
     * @param life how long an answer is fresh
     * @param most keys that are kept
     * @param cooldown after a refusal for the call rate
     */
    public SharedAnswers(String name, Duration life, int most, Duration cooldown, InstantSource clock) {
        this(name, life, KEPT, most, cooldown, Shelf.none(), clock);
    }

    /**
     * @param kept how long the last answer stands in for one that KIS does not give
     * @param shelf the second cache; what it has is told where it {@code serves}
     */
    public SharedAnswers(
            String name,
            Duration life,
            Duration kept,
            int most,
            Duration cooldown,
            Shelf<K, V> shelf,
            InstantSource clock) {
        this.name = name;
        this.cooldown = cooldown;
        this.shelf = shelf;
        this.clock = clock;
        this.fresh = timed(life, most);
        this.last = timed(kept, most);
        this.coolUntil = timed(cooldown, most);
        this.outdated = new Outdated<>(most, clock);
    }

    private <T> Cache<K, T> timed(Duration life, int most) {
        return Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterWrite(life)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** As {@link #ask(Object, Predicate, Supplier)}, of answers that serve for their whole life. */
    public Shared<V> ask(K key, Supplier<Fetched<V>> call) {
        return ask(key, _ -> true, call);
    }

    /**
     * The answer to {@code key}; {@code call} asks KIS for it and blocks until it has one or its own deadline passes.
     *
     * @param serves whether what KIS said at a time may be told again
     */
    public Shared<V> ask(K key, Predicate<Instant> serves, Supplier<Fetched<V>> call) {
        var held = fresh.getIfPresent(key);
        if (held != null && serves.test(held.at())) {
            hits.increment();
            return held;
        }
        misses.increment();
        var now = clock.instant();
        var cooling = coolUntil.getIfPresent(key);
        if (cooling != null && cooling.isAfter(now)) {
            return lastOr(
                    key,
                    Refusal.of(
                                    ErrorCode.REST_RATE_LIMIT_COOLDOWN,
                                    "KIS refused this for its call rate a moment ago; try again after the pause.")
                            .retryAfter(Duration.between(now, cooling)));
        }
        return switch (flights.ask(
                new Question<>(key, outdated.since(key)),
                CALL_LIMIT,
                () -> call(key, serves, call),
                SharedAnswers::late,
                SharedAnswers::crashed)) {
            case Known<V> known -> known;
            case Refused<V>(Refusal refusal) -> lastOr(key, refusal);
        };
    }

    private Shared<V> call(K key, Predicate<Instant> serves, Supplier<Fetched<V>> call) {
        // Somebody may have landed between our look into the cache and here.
        var held = fresh.getIfPresent(key);
        if (held != null && serves.test(held.at())) {
            return held;
        }
        return shelved(key, serves).<Shared<V>>map(known -> known).orElseGet(() -> call(key, call));
    }

    /** What the shelf has, which may also be the last thing that is known. */
    private Optional<Known<V>> shelved(K key, Predicate<Instant> serves) {
        long step = outdated.step();
        var found = shelf.find(key)
                .filter(kept -> !outdated.covers(key, kept.at()))
                .map(kept -> new Known<>(kept.value(), kept.at(), false));
        found.ifPresent(kept ->
                last.asMap().merge(key, kept, (known, other) -> other.at().isAfter(known.at()) ? other : known));
        var usable = found.filter(known -> serves.test(known.at()));
        usable.ifPresent(known -> fresh.put(key, known));
        if (found.isPresent() && outdated.since(key) > step) {
            dropHere(key);
            return Optional.empty();
        }
        return usable;
    }

    private Shared<V> call(K key, Supplier<Fetched<V>> call) {
        calls.incrementAndGet();
        long step = outdated.step();
        var edition = shelf.edition(key);
        return switch (call.get()) {
            case Fetched.Got<V>(V value) -> {
                var known = new Known<>(value, clock.instant(), false);
                keep(key, known, step, edition);
                yield known;
            }
            case Fetched.Failed<V>(Refusal refusal) -> {
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
    public Optional<Known<V>> fresh(K key, Predicate<Instant> serves) {
        return Optional.ofNullable(fresh.getIfPresent(key)).filter(known -> serves.test(known.at()));
    }

    /**
     * Has {@code call} made whatever is known, beside those who ask: it may wait for longer than they do. Its answer is told to them
     * from then on.
     */
    public Shared<V> renew(K key, Supplier<Fetched<V>> call) {
        return call(key, call);
    }

    /** The last answer where KIS only failed; where it said that there is none, that. */
    private Shared<V> lastOr(K key, Refusal refusal) {
        var known = last.getIfPresent(key);
        return known != null && refusal.code().retryable()
                ? new Known<>(known.value(), known.at(), true)
                : new Refused<>(refusal);
    }

    /** Drops what is known about {@code key}: something about it is another now. */
    public void forget(K key) {
        outdated.mark(key);
        dropHere(key);
        shelf.drop(key);
    }

    private void dropHere(K key) {
        fresh.invalidate(key);
        last.invalidate(key);
    }

    /**
     * @param step when KIS was asked: what was asked before that which made somebody forget is kept nowhere
     * @param edition what was valid on the shelf then
     */
    private void keep(K key, Known<V> known, long step, String edition) {
        if (outdated.since(key) > step) {
            return;
        }
        fresh.put(key, known);
        last.put(key, known);
        if (outdated.since(key) > step) {
            dropHere(key);
            return;
        }
        shelf.put(key, new Shelf.Kept<>(known.value(), known.at()), edition);
        if (outdated.since(key) > step) {
            shelf.drop(key);
        }
    }

    /** Fresh answers told, the other questions, and how many answers are kept, old ones included. */
    public CacheFigures figures() {
        last.cleanUp();
        return new CacheFigures(name, hits.sum(), misses.sum(), calls.get(), last.estimatedSize());
    }

    /** Calls made to KIS. */
    public long calls() {
        return calls.get();
    }

    private static <V> Shared<V> late() {
        return new Refused<>(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time; try again."));
    }

    private static <V> Shared<V> crashed() {
        return new Refused<>(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "No source has a value now; try again."));
    }
}
