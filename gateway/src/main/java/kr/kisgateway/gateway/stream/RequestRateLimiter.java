package kr.kisgateway.gateway.stream;

import java.time.InstantSource;

/** Limits one client's requests per second. Used by one thread at a time. */
final class RequestRateLimiter {
    private static final int FLOOD_FACTOR = 10;
    /** Characters in a second: fewer than the limit's requests may have, but more than any of them needs. */
    private static final int FLOOD_CHARACTERS = 2 << 20;

    private final InstantSource clock;
    private final int limit;
    private long second;
    private int count;
    private long characters;

    RequestRateLimiter(InstantSource clock, int limit) {
        this.clock = clock;
        this.limit = limit;
    }

    /** Whether another request is allowed in this second. */
    boolean tryAcquire(int length) {
        var now = clock.millis() / 1_000;
        if (now != second) {
            second = now;
            count = 0;
            characters = 0;
        }
        characters += length;
        return ++count <= limit;
    }

    /** Whether the client sends far more in this second than it may: ten times the requests, or 2 MiB of text. */
    boolean isFlooded() {
        return count > FLOOD_FACTOR * limit || characters > FLOOD_CHARACTERS;
    }
}
