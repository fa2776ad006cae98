package kr.kisgateway.gateway.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;

/**
 * The keys of WebSockets that were closed for flooding: each may open no other for {@value #SECONDS} seconds. A client that
 * returned at once would flood for most of the time, because it takes up to a second until it is closed. Callers without a
 * key are one. The time is counted in checks, one a second, so no clock that can be set is involved.
 */
final class FloodBackoff {
    static final int SECONDS = 5;
    /** Far more than there are keys; a further one is not refused. */
    static final int KEYS_MAX = 10_000;

    private final Map<String, Integer> secondsLeft = new ConcurrentHashMap<>();

    /** Records that a socket of {@code key} was closed for flooding. */
    void add(String key) {
        if (secondsLeft.size() < KEYS_MAX || secondsLeft.containsKey(key)) {
            secondsLeft.put(key, SECONDS);
        }
    }

    /** The refusal of a further socket of {@code caller}; empty when it may open one. */
    Optional<Refusal> refusalFor(Caller caller) {
        return Optional.ofNullable(secondsLeft.get(caller.name()))
                .map(left -> Refusal.of(
                                ErrorCode.QUOTA_EXCEEDED,
                                "A WebSocket of " + (caller.isLocal() ? "a caller without a key" : "your key")
                                        + " was closed because it sent too much; open the next one in " + left + " s.")
                        .retryAfter(Duration.ofSeconds(left)));
    }

    /** A second has passed. */
    void onSecond() {
        secondsLeft.keySet().forEach(key -> secondsLeft.computeIfPresent(key, (_, left) -> left > 1 ? left - 1 : null));
    }
}
