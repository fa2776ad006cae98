package kr.kisgateway.gateway.stream;

import java.time.InstantSource;

/** Counts one client's requests by the second. Used by one thread at a time. */
final class RequestRate {
    private final InstantSource clock;
    private final int most;
    private long second;
    private int count;

    RequestRate(InstantSource clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    /** Whether one more is allowed in this second. */
    boolean take() {
        var now = clock.millis() / 1_000;
        if (now != second) {
            second = now;
            count = 0;
        }
        return ++count <= most;
    }
}
