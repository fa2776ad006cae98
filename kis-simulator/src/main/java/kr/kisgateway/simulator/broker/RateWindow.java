package kr.kisgateway.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * A sliding window: at most {@code n} admitted calls in any second. Refused calls do not count [assumed]. Rates below
 * one a second stretch the window instead.
 */
final class RateWindow {
    private final Instant[] admitted;
    private final Duration window;
    private int next;

    RateWindow(double perSecond) {
        int n = Math.max(1, (int) Math.floor(perSecond));
        admitted = new Instant[n];
        Arrays.fill(admitted, Instant.MIN);
        window = Duration.ofNanos((long) (1e9 * n / perSecond));
    }

    boolean admit(Instant now) {
        if (admitted[next].isAfter(Instant.MIN) && admitted[next].plus(window).isAfter(now)) {
            return false;
        }
        admitted[next] = now;
        next = (next + 1) % admitted.length;
        return true;
    }
}
