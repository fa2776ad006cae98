package kr.kisgateway.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds on wrong secrets. They are counted twice: for each pair of a secret's holder and an address, and for the secret
 * in all, whatever address they came from.
 *
 * <p>After {@value #FREE} wrong ones a pair waits one second, then two, four … up to {@value #WAIT_MAX_SECONDS}. After
 * {@value #FREE_IN_ALL} wrong ones in all, every pair waits in the same way, up to {@value #WAIT_MAX_SECONDS_IN_ALL}
 * seconds, except one that showed the right secret within a day: guesses from many addresses do not lock the owner out
 * where the owner works. A quarter of an hour without a wrong one forgets the count.
 */
final class Lockout {
    /** Wrong ones of a pair before its first wait. */
    static final int FREE = 10;

    /** Wrong ones of a secret, from all addresses together, before the first wait of all. */
    static final int FREE_IN_ALL = 100;

    static final int WAIT_MAX_SECONDS = 300;
    static final int WAIT_MAX_SECONDS_IN_ALL = 60;
    /** Counts, and pairs that were right, kept at once; beyond, those that matter least are forgotten. */
    static final int WATCHED_MAX = 10_000;

    private static final Duration MEMORY = Duration.ofMinutes(15);
    private static final Duration PROVEN_FOR = Duration.ofHours(24);

    /**
     * Who shows a secret, and which.
     *
     * @param secret what is guessed: a key's id, or the operator token
     * @param holder the key that shows it; the key itself where its own secret is shown
     * @param address where it comes from; {@link Network#neighbourhood} decides which are one
     */
    record Attempt(String secret, String holder, String address) {
        static Attempt of(String secret, String holder, String address) {
            return new Attempt(secret, holder, Network.neighbourhood(address));
        }
    }

    private record Tries(int wrong, Instant blockedUntil) {}

    private final Cache<Attempt, Tries> ofPairs;
    private final Cache<String, Tries> inAll;
    private final Cache<Attempt, Boolean> proven;

    /** @param millis the time, for forgetting */
    Lockout(LongSupplier millis) {
        this.ofPairs = cache(millis).expireAfterWrite(MEMORY).build();
        this.inAll = cache(millis).expireAfterWrite(MEMORY).build();
        this.proven = cache(millis).expireAfterAccess(PROVEN_FOR).build();
    }

    private static Caffeine<Object, Object> cache(LongSupplier millis) {
        return Caffeine.newBuilder()
                .maximumSize(WATCHED_MAX)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(millis.getAsLong()));
    }

    /** How long {@code attempt} still has to wait before it is compared. */
    Optional<Duration> wait(Attempt attempt, Instant now) {
        var ofPair = left(ofPairs.getIfPresent(attempt), now);
        if (ofPair.isPresent()) {
            return ofPair;
        }
        var ofAll = left(inAll.getIfPresent(attempt.secret()), now);
        return ofAll.isPresent() && proven.getIfPresent(attempt) == null ? ofAll : Optional.empty();
    }

    private static Optional<Duration> left(@Nullable Tries tries, Instant now) {
        return tries != null && tries.blockedUntil().isAfter(now)
                ? Optional.of(Duration.between(now, tries.blockedUntil()))
                : Optional.empty();
    }

    /** A wrong secret was shown. */
    void wrong(Attempt attempt, Instant now) {
        count(ofPairs, attempt, FREE, WAIT_MAX_SECONDS, now);
        count(inAll, attempt.secret(), FREE_IN_ALL, WAIT_MAX_SECONDS_IN_ALL, now);
    }

    /** The right secret was shown. */
    void right(Attempt attempt) {
        if (proven.getIfPresent(attempt) == null) {
            proven.put(attempt, true);
        }
    }

    private static <K> void count(Cache<K, Tries> tries, K key, int free, int mostSeconds, Instant now) {
        tries.asMap().merge(key, new Tries(1, now), (known, _) -> {
            int wrong = known.wrong() + 1;
            return new Tries(wrong, wrong < free ? now : now.plusSeconds(penalty(wrong - free, mostSeconds)));
        });
    }

    private static long penalty(int beyond, int mostSeconds) {
        return Math.min(mostSeconds, 1L << Math.min(beyond, 20));
    }
}
