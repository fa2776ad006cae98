package kr.kisgateway.gateway.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.notification.AlertRules.Language;
import kr.kisgateway.gateway.notification.AlertRules.QuietHours;
import kr.kisgateway.gateway.notification.AlertRules.Route;
import kr.kisgateway.gateway.notification.Notification.Kind;
import kr.kisgateway.gateway.notification.NotificationCore.Batch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What channels are sent, and when. */
class NotificationCoreTest {
    /** 15:00 in Korea. */
    private static final Instant NOW = Instant.parse("2026-11-20T06:00:00Z");

    private static final Map<String, Channel> CHANNELS = Map.of(
            "team",
            new Channel.Slack(Secret.of("https://example.com/a")),
            "page",
            new Channel.PagerDuty(URI.create("https://example.com"), Secret.of("k")));
    private static final List<Route> ROUTES = List.of(
            new Route(Set.of("P1"), Set.of(), List.of("team", "page")),
            new Route(Set.of("P2", "P3"), Set.of(), List.of("team")));

    private NotificationCore core = new NotificationCore(List.of(), List.of(), 0, NOW);

    @BeforeEach
    void rules() {
        core.use(rules(Optional.empty()));
    }

    private static AlertRules rules(Optional<QuietHours> quietHours) {
        return new AlertRules(Language.EN, CHANNELS, ROUTES, quietHours, Duration.ofMinutes(5));
    }

    private static Alert raised(AlertEvent event, String level, String subject, Instant at) {
        return Alert.of(at, level, event, subject, "text");
    }

    private static Alert settled(AlertEvent event, String level, String subject, Instant at) {
        return new Alert(at, level, event, subject, "text", Optional.empty(), Optional.empty(), Optional.of(at));
    }

    private void raise(AlertEvent event, String level, Instant at) {
        core.take(raised(event, level, "K1", at), at);
    }

    private void settle(AlertEvent event, String level, Instant at) {
        core.take(settled(event, level, "K1", at), at);
    }

    /** Delivers what is due to a channel, message by message. */
    private List<Kind> deliver(String channel, Instant at) {
        var kinds = new ArrayList<Kind>();
        for (Optional<Batch> next = core.next(channel, at); next.isPresent(); next = core.next(channel, at)) {
            next.get().notifications().forEach(it -> kinds.add(it.kind()));
            core.delivered(next.get());
        }
        return kinds;
    }

    @Test
    void an_alert_goes_once_to_every_channel_of_its_routes_and_its_end_to_the_same() {
        raise(AlertEvent.SESSION_TAKEN_OVER, "P1", NOW);
        assertThat(deliver("team", NOW)).containsExactly(Kind.RAISED);
        assertThat(deliver("page", NOW)).containsExactly(Kind.RAISED);
        raise(AlertEvent.SESSION_TAKEN_OVER, "P1", NOW.plusSeconds(1));
        assertThat(deliver("team", NOW.plusSeconds(1))).isEmpty();
        settle(AlertEvent.SESSION_TAKEN_OVER, "P1", NOW.plusSeconds(2));
        settle(AlertEvent.SESSION_TAKEN_OVER, "P1", NOW.plusSeconds(2));
        assertThat(deliver("team", NOW.plusSeconds(2))).containsExactly(Kind.RESOLVED);
        assertThat(deliver("page", NOW.plusSeconds(2))).containsExactly(Kind.RESOLVED);
    }

    @Test
    void an_alert_without_a_route_is_not_sent() {
        core.use(new AlertRules(
                Language.EN,
                CHANNELS,
                List.of(new Route(Set.of("P1", "P2"), Set.of("disk_low"), List.of("team"))),
                Optional.empty(),
                Duration.ofMinutes(5)));
        raise(AlertEvent.FEED_DOWN, "P2", NOW);
        assertThat(deliver("team", NOW)).isEmpty();
        raise(AlertEvent.DISK_LOW, "P2", NOW);
        assertThat(deliver("team", NOW)).containsExactly(Kind.RAISED);
    }

    @Test
    void a_condition_that_persists_is_sent_again_after_the_time_with_the_count() {
        raise(AlertEvent.FEED_DOWN, "P2", NOW);
        deliver("team", NOW);
        raise(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(60));
        raise(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(120));
        Instant later = NOW.plusSeconds(301);
        raise(AlertEvent.FEED_DOWN, "P2", later);
        assertThat(core.next("team", later).orElseThrow().notifications())
                .singleElement()
                .satisfies(it -> assertThat(it.repeats()).isEqualTo(2));
    }

    @Test
    void a_condition_that_comes_and_goes_is_sent_once_and_again_only_if_it_persists() {
        raise(AlertEvent.FEED_DOWN, "P2", NOW);
        settle(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(10));
        assertThat(deliver("team", NOW.plusSeconds(10))).containsExactly(Kind.RAISED, Kind.RESOLVED);
        for (int i = 2; i < 20; i += 2) {
            raise(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(10L * i));
            assertThat(deliver("team", NOW.plusSeconds(10L * i))).isEmpty();
            settle(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(10L * i + 5));
        }
        assertThat(deliver("team", NOW.plusSeconds(1_000))).isEmpty();

        raise(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(2_000));
        settle(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(2_001));
        deliver("team", NOW.plusSeconds(2_001));
        raise(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(2_010));
        assertThat(deliver("team", NOW.plusSeconds(2_299))).isEmpty();
        assertThat(deliver("team", NOW.plusSeconds(2_300))).containsExactly(Kind.RAISED);
        settle(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(2_301));
        assertThat(deliver("team", NOW.plusSeconds(2_301))).containsExactly(Kind.RESOLVED);
    }

    @Test
    void quiet_hours_delay_their_levels_until_they_end_and_no_other() {
        core.use(rules(Optional.of(new QuietHours(LocalTime.of(22, 0), LocalTime.of(7, 0), Set.of("P3")))));
        Instant night = Instant.parse("2026-11-20T14:30:00Z");
        Instant morning = Instant.parse("2026-11-20T22:00:00Z");
        raise(AlertEvent.SECRET_OLD, "P3", night);
        raise(AlertEvent.FEED_DOWN, "P2", night);
        assertThat(deliver("team", night)).containsExactly(Kind.RAISED);
        assertThat(deliver("team", morning.minusMillis(1))).isEmpty();
        assertThat(deliver("team", morning)).containsExactly(Kind.RAISED);
    }

    @Test
    void hours_within_one_day_are_quiet_from_their_beginning_to_their_end() {
        var lunch = new QuietHours(LocalTime.of(12, 0), LocalTime.of(13, 0), Set.of("P3"));
        Instant noon = Instant.parse("2026-11-20T03:00:00Z");
        assertThat(lunch.opensAt(noon.minusMillis(1))).isEqualTo(noon.minusMillis(1));
        assertThat(lunch.opensAt(noon)).isEqualTo(noon.plusSeconds(3_600));
        assertThat(lunch.opensAt(noon.plusSeconds(3_600))).isEqualTo(noon.plusSeconds(3_600));
    }

    @Test
    void a_channel_that_fails_keeps_its_order_and_marks_what_may_have_arrived() {
        raise(AlertEvent.FEED_DOWN, "P1", NOW);
        raise(AlertEvent.TOKEN_FAILED, "P1", NOW);
        Batch first = core.next("page", NOW).orElseThrow();
        core.failed(first, true);
        Batch again = core.next("page", NOW).orElseThrow();
        assertThat(again.notifications()).singleElement().satisfies(it -> {
            assertThat(it.about().event()).isEqualTo("feed_down");
            assertThat(it.maybeSent()).isTrue();
        });
        core.delivered(again);
        assertThat(core.next("page", NOW).orElseThrow().notifications())
                .singleElement()
                .satisfies(it -> assertThat(it.about().event()).isEqualTo("token_failed"));
    }

    @Test
    void people_get_several_alerts_in_one_message_and_machines_one_each() {
        for (int i = 0; i < 25; i++) {
            core.take(raised(AlertEvent.REQUEST_IN_DOUBT, "P1", "order" + i, NOW), NOW);
        }
        assertThat(core.next("team", NOW).orElseThrow().notifications()).hasSize(NotificationCore.GROUP_MAX);
        assertThat(core.next("page", NOW).orElseThrow().notifications()).hasSize(1);
    }

    @Test
    void a_condition_of_before_a_restart_ends_unless_it_is_raised_again() {
        raise(AlertEvent.FEED_DOWN, "P2", NOW);
        core.take(raised(AlertEvent.TOKEN_FAILED, "P2", "K1", NOW), NOW);
        core.take(raised(AlertEvent.OVERFILL, "P1", "order", NOW), NOW);
        deliver("team", NOW);
        deliver("page", NOW);
        core = new NotificationCore(List.of(), core.knownIncidents(), 4, NOW.plusSeconds(10));
        rules();
        core.take(raised(AlertEvent.TOKEN_FAILED, "P2", "K1", NOW.plusSeconds(20)), NOW.plusSeconds(20));
        Instant graceEnds = NOW.plusSeconds(10).plus(NotificationCore.RESTART_GRACE);
        core.tick(graceEnds.minusMillis(1));
        assertThat(deliver("team", graceEnds)).isEmpty();
        core.tick(graceEnds);
        assertThat(core.next("team", graceEnds).orElseThrow().notifications())
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.kind()).isEqualTo(Kind.RESOLVED_BY_RESTART);
                    assertThat(it.about().event()).isEqualTo("feed_down");
                });
    }

    @Test
    void what_waits_is_bounded_and_what_is_dropped_is_counted() {
        for (int i = 0; i < NotificationCore.WAITING_MAX + 7; i++) {
            core.take(raised(AlertEvent.REQUEST_IN_DOUBT, "P2", "order" + i, NOW), NOW);
        }
        assertThat(core.waiting()).isEqualTo(NotificationCore.WAITING_MAX);
        assertThat(core.incidents()).isEqualTo(NotificationCore.INCIDENTS_MAX);
        assertThat(core.dropped()).isEqualTo(7);
        core.tick(NOW.plus(NotificationCore.GIVE_UP));
        assertThat(core.waiting()).isEqualTo(NotificationCore.WAITING_MAX);
        core.tick(NOW.plus(NotificationCore.GIVE_UP).plusMillis(1));
        assertThat(core.waiting()).isZero();
        assertThat(core.dropped()).isEqualTo(NotificationCore.WAITING_MAX + 7L);
    }

    @Test
    void what_waits_for_a_channel_that_the_rules_no_longer_have_is_counted_as_lost() {
        raise(AlertEvent.FEED_DOWN, "P1", NOW);
        core.use(new AlertRules(
                Language.EN, Map.of("team", CHANNELS.get("team")), ROUTES, Optional.empty(), Duration.ofMinutes(5)));
        assertThat(core.waiting()).isEqualTo(1);
        assertThat(core.dropped()).isEqualTo(1);
    }

    @Test
    void a_channel_that_fails_is_reported_on_the_others_alone() {
        core.use(new AlertRules(
                Language.EN,
                CHANNELS,
                List.of(new Route(Set.of("P2"), Set.of(), List.of("team", "page"))),
                Optional.empty(),
                Duration.ofMinutes(5)));
        core.take(raised(AlertEvent.CHANNEL_FAILED, "P2", "team", NOW), NOW);
        assertThat(deliver("team", NOW)).isEmpty();
        assertThat(deliver("page", NOW)).containsExactly(Kind.RAISED);
    }
}
