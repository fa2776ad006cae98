package kr.kisgateway.client;

import java.time.Duration;

/**
 * The timeouts of a client.
 *
 * @param connect for a TCP and TLS connection, and for a free one of the pool
 * @param response for the next bytes of an answer; a whole call is cut off at twice this
 * @param silence without any message on the WebSocket before it counts as dead (KIS sends one every 100 s)
 * @param clientPing between our own PINGPONGs, which prevent middle boxes from cutting an idle socket; zero turns them off
 * @param subscribeSpacing between two subscribe messages, at least 50 ms
 * @param releaseGrace for the answers to releases before a deliberate close
 */
public record Timeouts(
        Duration connect,
        Duration response,
        Duration silence,
        Duration clientPing,
        Duration subscribeSpacing,
        Duration releaseGrace) {
    private static final Duration SPACING_MIN = Duration.ofMillis(50);

    public Timeouts {
        if (!connect.isPositive() || !response.isPositive() || !silence.isPositive()) {
            throw new IllegalArgumentException("connect, response and silence must be positive");
        }
        if (clientPing.isNegative() || releaseGrace.isNegative()) {
            throw new IllegalArgumentException("a wait cannot be negative");
        }
        if (subscribeSpacing.compareTo(SPACING_MIN) < 0) {
            throw new IllegalArgumentException("KIS requires at least 50 ms between subscribe messages");
        }
    }

    /** 5 s for connections and answers, 120 s of silence, PINGPONG every 30 s, 50 ms between subscribes, 3 s of grace. */
    public static Timeouts standard() {
        return new Timeouts(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(120),
                Duration.ofSeconds(30),
                SPACING_MIN,
                Duration.ofSeconds(3));
    }

    /** Another {@link #silence}. */
    public Timeouts withSilence(Duration other) {
        return new Timeouts(connect, response, other, clientPing, subscribeSpacing, releaseGrace);
    }

    /** Another {@link #response}. */
    public Timeouts withResponse(Duration other) {
        return new Timeouts(connect, other, silence, clientPing, subscribeSpacing, releaseGrace);
    }
}
