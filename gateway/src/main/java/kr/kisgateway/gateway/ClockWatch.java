package kr.kisgateway.gateway;

import java.time.Duration;
import kr.kisgateway.gateway.alert.AlertSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Raises an alert when the machine's clock was set; {@link #check} is to be called every second. */
final class ClockWatch {
    /** Smaller steps are what time services correct by themselves. */
    static final Duration ALERT_THRESHOLD = Duration.ofSeconds(2);

    private static final String CLOCK = "clock";
    private static final Logger LOG = LoggerFactory.getLogger("gateway");

    private final SteadyClock clock;
    private final AlertSource alerts;
    private boolean alertOpen;

    /** @param alerts receives one alert per step; settled at the first check after both clocks agree */
    ClockWatch(SteadyClock clock, AlertSource alerts) {
        this.clock = clock;
        this.alerts = alerts;
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
