package kr.kisgateway.gateway.stream;

import java.time.InstantSource;

/** Limits one client's requests per second. Used by one thread at a time. */
final class RequestRateLimiter {
    private final InstantSource clock;
    private final int limit;
    private long second;
    private int count;

    RequestRateLimiter(InstantSource clock, int limit) {
        this.clock = clock;
        this.limit = limit;
    }

    /** Whether another request is allowed in this second. */
    boolean tryAcquire() {
        var now = clock.millis() / 1_000;
        if (now != second) {
            second = now;
            count = 0;
        }
        return ++count <= limit;
    }
}
