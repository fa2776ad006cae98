package kr.kisgateway.gateway.notification;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.market.TradingCalendar;

/**
 * The rules of {@code alerts.yaml}: which alerts go to which channels, and when.
 *
 * @param language of the texts
 * @param channels by their names
 * @param routes each that applies to an alert adds its channels
 * @param quietHours in which some levels wait
 * @param dedupe an alert about the same subject is not sent again within this time
 */
public record AlertRules(
        Language language,
        Map<String, Channel> channels,
        List<Route> routes,
        Optional<QuietHours> quietHours,
        Duration dedupe) {
    /** Unless the file has another one. */
    public static final Duration DEDUPE_DEFAULT = Duration.ofMinutes(5);

    /** Language of the texts. */
    public enum Language {
        KO,
        EN
    }

    /**
     * Alerts that go to some channels.
     *
     * @param levels of the alerts
     * @param events of the alerts; empty for all
     * @param to names of channels
     */
    public record Route(Set<String> levels, Set<String> events, List<String> to) {
        public Route {
            levels = Set.copyOf(levels);
            events = Set.copyOf(events);
            to = List.copyOf(to);
        }

        boolean appliesTo(Alert alert) {
            return levels.contains(alert.level()) && (events.isEmpty() || events.contains(alert.event()));
        }
    }

    /**
     * Hours of Korean time in which alerts of some levels wait.
     *
     * @param to before {@code from} for a night
     */
    public record QuietHours(LocalTime from, LocalTime to, Set<String> levels) {
        public QuietHours {
            levels = Set.copyOf(levels);
        }

        /** When an alert of {@code now} may be sent. */
        Instant opensAt(Instant now) {
            ZonedDateTime local = now.atZone(TradingCalendar.SEOUL);
            LocalTime time = local.toLocalTime();
            boolean isNight = to.isBefore(from);
            boolean isQuiet =
                    isNight ? !time.isBefore(from) || time.isBefore(to) : !time.isBefore(from) && time.isBefore(to);
            if (!isQuiet) {
                return now;
            }
            var day = isNight && !time.isBefore(from) ? local.toLocalDate().plusDays(1) : local.toLocalDate();
            return day.atTime(to).atZone(TradingCalendar.SEOUL).toInstant();
        }
    }

    public AlertRules {
        channels = Map.copyOf(channels);
        routes = List.copyOf(routes);
    }

    /** Rules that send nothing. */
    public static AlertRules none() {
        return new AlertRules(Language.KO, Map.of(), List.of(), Optional.empty(), DEDUPE_DEFAULT);
    }

    /** Names of the channels for an alert, each once. */
    Set<String> channelsFor(Alert alert) {
        var names = new LinkedHashSet<String>();
        routes.stream().filter(route -> route.appliesTo(alert)).forEach(route -> names.addAll(route.to()));
        return names;
    }

    /** When an alert of {@code now} may be sent. */
    Instant opensAt(String level, Instant now) {
        return quietHours
                .filter(quiet -> quiet.levels().contains(level))
                .map(quiet -> quiet.opensAt(now))
                .orElse(now);
    }
}
