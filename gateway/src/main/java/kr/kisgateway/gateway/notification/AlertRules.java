package kr.kisgateway.gateway.notification;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.alert.AlertPolicy;
import kr.kisgateway.gateway.alert.DailyHours;

/**
 * The rules of {@code alerts.yaml}: which alerts go to which channels, and when.
 *
 * @param language of the texts
 * @param channels by their names
 * @param routes each that applies to an alert adds its channels
 * @param quietHours in which some levels wait
 * @param dedupe an alert about the same subject is not sent again within this time
 * @param policy which kinds are raised, and by which figures
 * @param messages besides alerts
 */
public record AlertRules(
        Language language,
        Map<String, Channel> channels,
        List<Route> routes,
        Optional<QuietHours> quietHours,
        Duration dedupe,
        AlertPolicy policy,
        Messages messages) {
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
     * @param escalation further channels
     */
    public record Route(Set<String> levels, Set<String> events, List<String> to, Optional<Escalation> escalation) {
        public Route {
            levels = Set.copyOf(levels);
            events = Set.copyOf(events);
            to = List.copyOf(to);
        }

        /** A route without an escalation. */
        public Route(Set<String> levels, Set<String> events, List<String> to) {
            this(levels, events, to, Optional.empty());
        }

        boolean appliesTo(String event, String level) {
            return levels.contains(level) && (events.isEmpty() || events.contains(event));
        }
    }

    /**
     * Where an alert goes that is neither acknowledged nor over in time.
     *
     * @param after the time since its condition began
     * @param to names of channels
     */
    public record Escalation(Duration after, List<String> to) {
        public Escalation {
            to = List.copyOf(to);
        }
    }

    /** Hours in which alerts of some levels wait. */
    public record QuietHours(DailyHours hours, Set<String> levels) {
        public QuietHours {
            levels = Set.copyOf(levels);
        }

        /** When an alert of {@code now} may be sent. */
        Instant opensAt(Instant now) {
            return hours.contains(now) ? hours.endAfter(now) : now;
        }
    }

    /**
     * Messages that are no alerts.
     *
     * @param fills names of channels that get the fills of all orders
     * @param summary of each trading day
     */
    public record Messages(List<String> fills, Optional<DailySummary> summary) {
        public Messages {
            fills = List.copyOf(fills);
        }

        /** No messages. */
        public static Messages none() {
            return new Messages(List.of(), Optional.empty());
        }
    }

    /**
     * A message about each trading day.
     *
     * @param at time in Korea
     * @param to names of channels
     */
    public record DailySummary(LocalTime at, List<String> to) {
        public DailySummary {
            to = List.copyOf(to);
        }
    }

    public AlertRules {
        channels = Map.copyOf(channels);
        routes = List.copyOf(routes);
    }

    /** Rules that send nothing. */
    public static AlertRules none() {
        return new AlertRules(
                Language.KO,
                Map.of(),
                List.of(),
                Optional.empty(),
                DEDUPE_DEFAULT,
                AlertPolicy.standard(),
                Messages.none());
    }

    /** Names of the channels for an alert, each once. */
    Set<String> channelsFor(String event, String level) {
        var names = new LinkedHashSet<String>();
        routes.stream().filter(route -> route.appliesTo(event, level)).forEach(route -> names.addAll(route.to()));
        return names;
    }

    /** Names of the channels for an alert that has been neither acknowledged nor over for {@code since}. */
    Set<String> escalatedTo(String event, String level, Duration since) {
        var names = new LinkedHashSet<String>();
        for (Route route : routes) {
            route.escalation()
                    .filter(it -> route.appliesTo(event, level) && since.compareTo(it.after()) >= 0)
                    .ifPresent(it -> names.addAll(it.to()));
        }
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
