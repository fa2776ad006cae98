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
 * <p>After {@value #FREE_ATTEMPTS} wrong ones a pair waits one second, then two, four … up to {@value #WAIT_MAX_SECONDS}. After
 * {@value #FREE_ATTEMPTS_TOTAL} wrong ones in all, every pair waits in the same way, up to {@value #WAIT_MAX_SECONDS_TOTAL}
 * seconds, except one that showed the right secret within a day: guesses from many addresses do not lock the owner out
 * where the owner works. A quarter of an hour without a wrong one forgets the count.
 */
final class Lockout {
    /** Wrong ones of a pair before its first wait. */
    static final int FREE_ATTEMPTS = 10;

    /** Wrong ones of a secret, from all addresses together, before the first wait of all. */
    static final int FREE_ATTEMPTS_TOTAL = 100;

    static final int WAIT_MAX_SECONDS = 300;
    static final int WAIT_MAX_SECONDS_TOTAL = 60;
    /** Counts, and pairs that were right, kept at once; beyond, those that matter least are forgotten. */
    static final int ENTRIES_MAX = 10_000;

    private static final Duration ATTEMPT_LIFETIME = Duration.ofMinutes(15);
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

    private record FailedAttempts(int failures, Instant blockedUntil) {}

    private final Cache<Attempt, FailedAttempts> failuresByPair;
    private final Cache<String, FailedAttempts> failuresBySecret;
    private final Cache<Attempt, Boolean> proven;

    /** @param millis the time, for forgetting */
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

    /** How long {@code attempt} still has to wait before it is compared. */
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

    /** A wrong secret was shown. */
    void recordFailure(Attempt attempt, Instant now) {
        count(failuresByPair, attempt, FREE_ATTEMPTS, WAIT_MAX_SECONDS, now);
        count(failuresBySecret, attempt.secret(), FREE_ATTEMPTS_TOTAL, WAIT_MAX_SECONDS_TOTAL, now);
    }

    /** The right secret was shown. */
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
