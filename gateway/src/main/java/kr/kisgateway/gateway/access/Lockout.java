package kr.kisgateway.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import kr.kisgateway.gateway.meter.Meters;
import org.jspecify.annotations.Nullable;

/**
 * Bounds on wrong secrets. They are counted twice: for each pair of a secret's holder and an address, and for the
 * secret in total, over all addresses.
 *
 * <p>After {@value #FREE_ATTEMPTS} wrong ones a pair waits one second, then two, four … up to {@value
 * #WAIT_MAX_SECONDS}. After {@value #FREE_ATTEMPTS_TOTAL} wrong ones in total, every pair waits in the same way, up to
 * {@value #WAIT_MAX_SECONDS_TOTAL} seconds, except one that presented the right secret within a day: guesses from many
 * addresses do not lock the owner out at the owner's address. A quarter of an hour without a wrong one resets the
 * count.
 */
final class Lockout {
    /** Wrong attempts of a pair before its first wait. */
    static final int FREE_ATTEMPTS = 10;

    /** Wrong attempts for a secret, from all addresses together, before all wait. */
    static final int FREE_ATTEMPTS_TOTAL = 100;

    static final int WAIT_MAX_SECONDS = 300;
    static final int WAIT_MAX_SECONDS_TOTAL = 60;
    /** Maximum counts, and pairs with a right secret, that are retained; beyond, the least relevant are dropped. */
    static final int ENTRIES_MAX = 10_000;

    private static final Duration ATTEMPT_LIFETIME = Duration.ofMinutes(15);
    private static final Duration PROVEN_FOR = Duration.ofHours(24);

    /**
     * An attempt to present a secret.
     *
     * @param secret the secret's name: a key's id, or the operator token
     * @param holder the key that presents it; the key itself for its own secret
     * @param address the peer's address; {@link Network#neighbourhood} groups addresses
     */
    record Attempt(String secret, String holder, String address) {
        static Attempt of(String secret, String holder, String address) {
            return new Attempt(secret, holder, Network.neighbourhood(address));
        }
    }

    private record FailedAttempts(int failures, Instant blockedUntil) {}

    private final Cache<Attempt, FailedAttempts> failuresByPair;
    private final Cache<String, FailedAttempts> failuresBySecret;
    private final Cache<Attempt, Boolean> proven;

    /** @param millis the time, for expiry */
    Lockout(LongSupplier millis) {
        this.failuresByPair = cache(millis).expireAfterWrite(ATTEMPT_LIFETIME).build();
        this.failuresBySecret = cache(millis).expireAfterWrite(ATTEMPT_LIFETIME).build();
        this.proven = cache(millis).expireAfterAccess(PROVEN_FOR).build();
    }

    private static Caffeine<Object, Object> cache(LongSupplier millis) {
        return Caffeine.newBuilder()
                .maximumSize(ENTRIES_MAX)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(millis.getAsLong()));
    }

    /**
     * Registers the meters.
     *
     * @param name before those of its caches
     */
    void bindTo(Meters meters, String name) {
        meters.cacheLimit(name + "_pairs", failuresByPair::estimatedSize, ENTRIES_MAX);
        meters.cacheLimit(name + "_secrets", failuresBySecret::estimatedSize, ENTRIES_MAX);
        meters.cacheLimit(name + "_proven", proven::estimatedSize, ENTRIES_MAX);
    }

    /** How long {@code attempt} has to wait before its secret is compared. */
    Optional<Duration> remainingWait(Attempt attempt, Instant now) {
        var ofPair = remaining(failuresByPair.getIfPresent(attempt), now);
        if (ofPair.isPresent()) {
            return ofPair;
        }
        var ofAll = remaining(failuresBySecret.getIfPresent(attempt.secret()), now);
        return ofAll.isPresent() && proven.getIfPresent(attempt) == null ? ofAll : Optional.empty();
    }

    private static Optional<Duration> remaining(@Nullable FailedAttempts tries, Instant now) {
        return tries != null && tries.blockedUntil().isAfter(now)
                ? Optional.of(Duration.between(now, tries.blockedUntil()))
                : Optional.empty();
    }

    /** Records a wrong secret. */
    void recordFailure(Attempt attempt, Instant now) {
        count(failuresByPair, attempt, FREE_ATTEMPTS, WAIT_MAX_SECONDS, now);
        count(failuresBySecret, attempt.secret(), FREE_ATTEMPTS_TOTAL, WAIT_MAX_SECONDS_TOTAL, now);
    }

    /** Records the right secret. */
    void recordSuccess(Attempt attempt) {
        if (proven.getIfPresent(attempt) == null) {
            proven.put(attempt, true);
        }
    }

    private static <K> void count(Cache<K, FailedAttempts> tries, K key, int free, int maxSeconds, Instant now) {
        tries.asMap().merge(key, new FailedAttempts(1, now), (previous, _) -> {
            int failures = previous.failures() + 1;
            return new FailedAttempts(
                    failures, failures < free ? now : now.plusSeconds(penalty(failures - free, maxSeconds)));
        });
    }

    private static long penalty(int beyond, int maxSeconds) {
        return Math.min(maxSeconds, 1L << Math.min(beyond, 20));
    }
}
