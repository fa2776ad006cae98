package kr.kisgateway.simulator.broker;

import java.time.Duration;

/**
 * Where good manners end, as far as KIS does not say so itself.
 *
 * @param duplicatesWithin the same order again within this time is one too many
 * @param sessionsAMinute an app key may open this many within a minute
 * @param registrationsAMinute a session may make the same registration this often within a minute
 */
public record Judging(Duration duplicatesWithin, int sessionsAMinute, int registrationsAMinute) {
    public Judging {
        if (duplicatesWithin.isNegative()) {
            throw new IllegalArgumentException("the time between two equal orders must not lie below 0");
        }
        if (sessionsAMinute < 1 || registrationsAMinute < 1) {
            throw new IllegalArgumentException("at least one session and one registration a minute must be allowed");
        }
    }

    /** Ten seconds, five sessions, five registrations. */
    public static Judging usual() {
        return new Judging(Duration.ofSeconds(10), 5, 5);
    }

    public Judging duplicatesWithin(Duration time) {
        return new Judging(time, sessionsAMinute, registrationsAMinute);
    }
}
