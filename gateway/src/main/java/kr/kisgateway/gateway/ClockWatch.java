package kr.kisgateway.gateway;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.alert.AlertSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every second whether somebody set the machine's clock, and tells. */
final class ClockWatch implements AutoCloseable {
    /** Less is what time services correct by themselves. */
    static final Duration ALERT_THRESHOLD = Duration.ofSeconds(2);

    private static final String CLOCK = "clock";
    private static final Logger LOG = LoggerFactory.getLogger("gateway");

    private final SteadyClock clock;
    private final AlertSource alerts;
    private boolean alertOpen;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** @param alerts takes one alert a step; they are settled a look after the two clocks agree again */
    ClockWatch(SteadyClock clock, AlertSource alerts) {
        this.clock = clock;
        this.alerts = alerts;
    }

    /** Watches until it is closed. */
    static ClockWatch start(SteadyClock clock, AlertSource alerts) {
        var watch = new ClockWatch(clock, alerts);
        Thread.ofPlatform().name("clock-watch").daemon().start(watch::watch);
        return watch;
    }

    private void watch() {
        try {
            while (!closing.await(1, TimeUnit.SECONDS)) {
                check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void check() {
        Duration step = clock.measureStep();
        if (step.abs().compareTo(ALERT_THRESHOLD) < 0) {
            if (alertOpen && clock.aheadOfWall().compareTo(ALERT_THRESHOLD) < 0) {
                alertOpen = false;
                alerts.settle(CLOCK);
            }
            return;
        }
        alertOpen = true;
        LOG.warn(
                "clock_stepped millis={} ahead_of_machine_millis={}",
                step.toMillis(),
                clock.aheadOfWall().toMillis());
        alerts.raise(
                CLOCK,
                step.isNegative()
                        ? "the machine's clock was set back by " + seconds(step)
                                + "; the gateway goes on by its own and is " + seconds(clock.aheadOfWall())
                                + " ahead of it: when the machine's is right, restart the gateway"
                        : "the machine's clock was set ahead by " + seconds(step)
                                + ", or the machine slept; orders that waited longer than their dispatch_by ended unsent."
                                + " If the machine's clock is wrong now, set it right and restart the gateway");
    }

    private static String seconds(Duration span) {
        return span.abs().toMillis() / 1000.0 + " s";
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
