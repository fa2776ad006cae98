package kr.kisgateway.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Keeps whoever guesses keys waiting. What is watched is an address together with the shown part of the key: a stranger
 * elsewhere cannot lock a key's owner out, nor one program with a wrong key its neighbours on the same machine. After
 * {@value #FREE} wrong secrets they wait a second, then two, four … up to {@value #WAIT_MAX_SECONDS}; a quarter of an
 * hour without a wrong one forgets them all.
 */
final class Lockout {
    /** Wrong ones before the first wait. */
    static final int FREE = 10;

    static final int WAIT_MAX_SECONDS = 300;
    /** Watched at once; beyond, those that matter least are forgotten. */
    static final int WATCHED_MAX = 10_000;

    private static final Duration MEMORY = Duration.ofMinutes(15);

    private record Tries(int wrong, Instant blockedUntil) {}

    private final Cache<String, Tries> tries;

    /** @param millis the time, for forgetting */
    Lockout(java.util.function.LongSupplier millis) {
        this.tries = Caffeine.newBuilder()
                .maximumSize(WATCHED_MAX)
                .expireAfterWrite(MEMORY)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(millis.getAsLong()))
                .build();
    }

    /** How long {@code watched} still has to wait. */
    Optional<Duration> wait(String watched, Instant now) {
        var known = tries.getIfPresent(watched);
        return known != null && known.blockedUntil().isAfter(now)
                ? Optional.of(Duration.between(now, known.blockedUntil()))
                : Optional.empty();
    }

    /** A wrong one came. */
    void wrong(String watched, Instant now) {
        tries.asMap().merge(watched, new Tries(1, now), (known, _) -> {
            int wrong = known.wrong() + 1;
            return new Tries(wrong, wrong < FREE ? now : now.plusSeconds(penalty(wrong)));
        });
    }

    private static long penalty(int wrong) {
        return Math.min(WAIT_MAX_SECONDS, 1L << Math.min(wrong - FREE, 20));
    }
}
