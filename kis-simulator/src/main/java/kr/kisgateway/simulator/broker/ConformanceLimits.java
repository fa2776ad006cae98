package kr.kisgateway.simulator.broker;

import java.time.Duration;

/**
 * Limits of client behaviour that KIS does not define itself.
 *
 * @param duplicateWindow the same order again within this time is a duplicate
 * @param sessionsPerMinute sessions that an app key may open within a minute
 * @param registrationsPerMinute times that a session may make the same registration within a minute
 */
public record ConformanceLimits(Duration duplicateWindow, int sessionsPerMinute, int registrationsPerMinute) {
    public ConformanceLimits {
        if (duplicateWindow.isNegative()) {
            throw new IllegalArgumentException("the time between two equal orders must not lie below 0");
        }
        if (sessionsPerMinute < 1 || registrationsPerMinute < 1) {
            throw new IllegalArgumentException("at least one session and one registration a minute must be allowed");
        }
    }

    /** Ten seconds, five sessions, five registrations. */
    public static ConformanceLimits defaults() {
        return new ConformanceLimits(Duration.ofSeconds(10), 5, 5);
    }

    public ConformanceLimits duplicateWindow(Duration time) {
        return new ConformanceLimits(time, sessionsPerMinute, registrationsPerMinute);
    }
}
