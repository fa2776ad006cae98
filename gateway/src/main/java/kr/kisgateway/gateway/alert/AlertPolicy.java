package kr.kisgateway.gateway.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code rules} of {@code alerts.yaml}: what is different from the defaults.
 *
 * @param off kinds that are not raised
 * @param levels of kinds that have another than their own
 * @param hours in which kinds are sent
 * @param figures by which kinds are raised
 */
public record AlertPolicy(
        Set<AlertEvent> off,
        Map<AlertEvent, String> levels,
        Map<AlertEvent, DailyHours> hours,
        Map<RuleFigure, Long> figures) {
    private static final AlertPolicy STANDARD = new AlertPolicy(Set.of(), Map.of(), Map.of(), Map.of());

    public AlertPolicy {
        off = Set.copyOf(off);
        levels = Map.copyOf(levels);
        hours = Map.copyOf(hours);
        figures = Map.copyOf(figures);
    }

    /** The defaults. */
    public static AlertPolicy standard() {
        return STANDARD;
    }

    /** Whether alerts of this kind are raised. */
    public boolean isOn(AlertEvent event) {
        return !off.contains(event);
    }

    /** The level of its alerts, if it is not their own. */
    Optional<String> level(AlertEvent event) {
        return Optional.ofNullable(levels.get(event));
    }

    /** Whether alerts of this kind are sent at {@code now}. */
    public boolean isInHours(AlertEvent event, Instant now) {
        return Optional.ofNullable(hours.get(event)).map(it -> it.contains(now)).orElse(true);
    }

    /** The figure, in its unit. */
    public long figure(RuleFigure figure) {
        return figures.getOrDefault(figure, figure.usual());
    }

    /** The figure, which is a time. */
    public Duration duration(RuleFigure figure) {
        return RuleFigure.duration(figure.unit(), figure(figure));
    }
}
