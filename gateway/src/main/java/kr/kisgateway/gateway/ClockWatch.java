package kr.kisgateway.gateway;

import java.time.Duration;
import java.util.function.Supplier;
import kr.kisgateway.gateway.alert.AlertSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Raises an alert when the machine's clock was set; {@link #check} is to be called every second. */
final class ClockWatch {
    private static final String CLOCK = "clock";
    private static final Logger LOG = LoggerFactory.getLogger("gateway");

    private final SteadyClock clock;
    private final AlertSource alerts;
    private final Supplier<Duration> threshold;
    private boolean alertOpen;

    /**
     * @param alerts receives one alert per step; settled at the first check after both clocks agree
     * @param threshold smaller steps are what time services correct by themselves
     */
    ClockWatch(SteadyClock clock, AlertSource alerts, Supplier<Duration> threshold) {
        this.clock = clock;
        this.alerts = alerts;
        this.threshold = threshold;
    }

    void check() {
        Duration step = clock.measureStep();
        Duration least = threshold.get();
        if (step.abs().compareTo(least) < 0) {
            if (alertOpen && clock.aheadOfWall().compareTo(least) < 0) {
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
                                + "; the gateway continues with its own clock, " + seconds(clock.aheadOfWall())
                                + " ahead of it: when the machine's is right, restart the gateway"
                        : "the machine's clock was set ahead by " + seconds(step)
                                + ", or the machine slept; orders that waited longer than their dispatch_by ended unsent."
                                + " If the machine's clock is wrong now, set it right and restart the gateway");
    }

    private static String seconds(Duration span) {
        return span.abs().toMillis() / 1000.0 + " s";
    }
}
