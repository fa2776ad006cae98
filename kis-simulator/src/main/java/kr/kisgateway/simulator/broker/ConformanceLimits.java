package kr.kisgateway.simulator.broker;

import java.time.Duration;

/**
 * Where good manners end, as far as KIS does not say so itself.
 *
 * @param duplicateWindow the same order again within this time is one too many
 * @param sessionsPerMinute an app key may open this many within a minute
 * @param registrationsPerMinute a session may make the same registration this often within a minute
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
