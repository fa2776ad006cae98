package kr.kisgateway.client.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a session waits before it opens the next connection. */
final class ReconnectBackoff {
    /** Failures in a row after which a session is reported as exhausted; it tries on, less often. */
    static final int FAILURES_MAX = 10;

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofSeconds(60);
    private static final Duration EXHAUSTED = Duration.ofMinutes(5);
    private static final Duration IN_USE = Duration.ofSeconds(60);
    private static final Duration IN_USE_JITTER = Duration.ofSeconds(30);

    private final RandomGenerator jitter;

    /** @param jitter spreads the connections of many sessions */
    ReconnectBackoff(RandomGenerator jitter) {
        this.jitter = jitter;
    }

    /** The wait after so many failures in a row: 1 s, doubled each time up to 60 s, and up to a fifth more; then 5 min. */
    Duration after(int failures) {
        if (isExhausted(failures)) {
            return EXHAUSTED;
        }
        Duration plain = FIRST.multipliedBy(1L << Math.min(failures - 1, 6));
        Duration bounded = plain.compareTo(MAX) > 0 ? MAX : plain;
        return bounded.plusMillis(jitter.nextLong(bounded.toMillis() / 5 + 1));
    }

    /** Whether so many failures in a row are too many. */
    boolean isExhausted(int failures) {
        return failures >= FAILURES_MAX;
    }

    /** The wait while another session holds the app key (OPSP8996). */
    Duration afterKeyInUse() {
        return IN_USE.plusMillis(jitter.nextLong(IN_USE_JITTER.toMillis() + 1));
    }
}
