package kr.kisgateway.gateway.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.alert.Acknowledgement;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertPolicy;
import kr.kisgateway.gateway.alert.DailyHours;
import kr.kisgateway.gateway.alert.Silence;
import kr.kisgateway.gateway.notification.AlertRules.Escalation;
import kr.kisgateway.gateway.notification.AlertRules.Language;
import kr.kisgateway.gateway.notification.AlertRules.Messages;
import kr.kisgateway.gateway.notification.AlertRules.QuietHours;
import kr.kisgateway.gateway.notification.AlertRules.Route;
import kr.kisgateway.gateway.notification.Notification.About;
import kr.kisgateway.gateway.notification.Notification.Kind;
import kr.kisgateway.gateway.notification.NotificationCore.Batch;
import kr.kisgateway.gateway.notification.NotificationCore.Stored;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What channels are sent, and when. */
@Tag("slow")
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

    private NotificationCore core = new NotificationCore(Stored.none(), NOW);

    @BeforeEach
    void rules() {
        core.use(rules(Optional.empty()));
    }

    private static AlertRules rules(Optional<QuietHours> quietHours) {
        return rules(ROUTES, quietHours, AlertPolicy.standard());
    }

    private static AlertRules rules(List<Route> routes, Optional<QuietHours> quietHours, AlertPolicy policy) {
        return new AlertRules(
                Language.EN, CHANNELS, routes, quietHours, Duration.ofMinutes(5), policy, Messages.none());
    }

    private void restart(Instant at) {
        core = new NotificationCore(
                new Stored(
                        core.waitingNotifications(), core.knownIncidents(), core.silences(), core.marks(), 1_000, 10),
                at);
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
        core.use(rules(
                List.of(new Route(Set.of("P1", "P2"), Set.of("disk_low"), List.of("team"))),
                Optional.empty(),
                AlertPolicy.standard()));
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
        core.use(rules(
                Optional.of(new QuietHours(new DailyHours(LocalTime.of(22, 0), LocalTime.of(7, 0)), Set.of("P3")))));
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
        var lunch = new QuietHours(new DailyHours(LocalTime.of(12, 0), LocalTime.of(13, 0)), Set.of("P3"));
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
        restart(NOW.plusSeconds(10));
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
    void a_condition_of_before_a_restart_that_is_raised_again_is_not_sent_again() {
        raise(AlertEvent.KILL_SWITCH_ON, "P1", NOW);
        deliver("team", NOW);
        Instant later = NOW.plusSeconds(3_600);
        restart(later);
        rules();
        raise(AlertEvent.KILL_SWITCH_ON, "P1", later);
        core.tick(later.plus(NotificationCore.RESTART_GRACE));
        assertThat(deliver("team", later.plus(NotificationCore.RESTART_GRACE))).isEmpty();
        settle(AlertEvent.KILL_SWITCH_ON, "P1", later.plusSeconds(300));
        assertThat(deliver("team", later.plusSeconds(300))).containsExactly(Kind.RESOLVED);
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
                Language.EN,
                Map.of("team", CHANNELS.get("team")),
                ROUTES,
                Optional.empty(),
                Duration.ofMinutes(5),
                AlertPolicy.standard(),
                Messages.none()));
        assertThat(core.waiting()).isEqualTo(1);
        assertThat(core.dropped()).isEqualTo(1);
    }

    @Test
    void a_channel_that_fails_is_reported_on_the_others_alone() {
        core.use(rules(
                List.of(new Route(Set.of("P2"), Set.of(), List.of("team", "page"))),
                Optional.empty(),
                AlertPolicy.standard()));
        core.take(raised(AlertEvent.CHANNEL_FAILED, "P2", "team", NOW), NOW);
        assertThat(deliver("team", NOW)).isEmpty();
        assertThat(deliver("page", NOW)).containsExactly(Kind.RAISED);
    }

    // ---- hours, silences, acknowledgement, escalation ----

    private static AlertPolicy feedInHours(int from, int to) {
        return new AlertPolicy(
                Set.of(),
                Map.of(),
                Map.of(AlertEvent.FEED_DOWN, new DailyHours(LocalTime.of(from, 0), LocalTime.of(to, 0))),
                Map.of());
    }

    @Test
    void outside_the_hours_of_its_kind_an_alert_waits_and_is_sent_when_they_begin_if_it_persists() {
        core.use(rules(ROUTES, Optional.empty(), feedInHours(16, 18)));
        raise(AlertEvent.FEED_DOWN, "P2", NOW);
        raise(AlertEvent.TOKEN_FAILED, "P2", NOW);
        assertThat(deliver("team", NOW)).containsExactly(Kind.RAISED);
        core.tick(NOW.plusSeconds(3_599));
        assertThat(deliver("team", NOW.plusSeconds(3_599))).isEmpty();
        core.tick(NOW.plusSeconds(3_600));
        assertThat(deliver("team", NOW.plusSeconds(3_600))).containsExactly(Kind.RAISED);
        settle(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(3_700));
        assertThat(deliver("team", NOW.plusSeconds(3_700))).containsExactly(Kind.RESOLVED);
    }

    @Test
    void what_is_over_before_the_hours_of_its_kind_begin_is_not_sent() {
        core.use(rules(ROUTES, Optional.empty(), feedInHours(16, 18)));
        raise(AlertEvent.FEED_DOWN, "P2", NOW);
        settle(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(60));
        core.tick(NOW.plusSeconds(3_600));
        assertThat(deliver("team", NOW.plusSeconds(3_600))).isEmpty();
    }

    private Silence silence(AlertEvent event, Optional<String> subject, Instant until) {
        return core.silence(new Silence(0, event, subject, NOW, until, "planned", "ops"))
                .orElseThrow();
    }

    @Test
    void a_silenced_alert_is_sent_when_the_silence_ends_if_it_persists_and_others_at_once() {
        silence(AlertEvent.FEED_DOWN, Optional.of("K1"), NOW.plusSeconds(60));
        raise(AlertEvent.FEED_DOWN, "P2", NOW);
        core.take(raised(AlertEvent.FEED_DOWN, "P2", "K2", NOW), NOW);
        assertThat(deliver("team", NOW)).as("of another subject").containsExactly(Kind.RAISED);
        restart(NOW.plusSeconds(10));
        rules();
        raise(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(11));
        core.tick(NOW.plusSeconds(59));
        assertThat(deliver("team", NOW.plusSeconds(59))).isEmpty();
        core.tick(NOW.plusSeconds(60));
        assertThat(core.silences()).isEmpty();
        assertThat(deliver("team", NOW.plusSeconds(60))).containsExactly(Kind.RAISED);
    }

    @Test
    void a_silence_of_what_was_sent_before_keeps_its_end() {
        raise(AlertEvent.FEED_DOWN, "P2", NOW);
        deliver("team", NOW);
        silence(AlertEvent.FEED_DOWN, Optional.empty(), NOW.plusSeconds(3_600));
        raise(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(600));
        core.tick(NOW.plusSeconds(600));
        assertThat(deliver("team", NOW.plusSeconds(600))).isEmpty();
        settle(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(700));
        assertThat(deliver("team", NOW.plusSeconds(700))).containsExactly(Kind.RESOLVED);
    }

    @Test
    void a_silence_for_the_same_alerts_replaces_the_former_and_their_number_is_bounded() {
        var first = silence(AlertEvent.FEED_DOWN, Optional.empty(), NOW.plusSeconds(60));
        var second = silence(AlertEvent.FEED_DOWN, Optional.empty(), NOW.plusSeconds(90));
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(core.silences()).containsExactly(second);
        for (int i = 1; i < NotificationCore.SILENCES_MAX; i++) {
            silence(AlertEvent.FEED_DOWN, Optional.of("K" + i), NOW.plusSeconds(60));
        }
        assertThat(core.silence(new Silence(0, AlertEvent.DISK_LOW, Optional.empty(), NOW, NOW, "", "ops")))
                .isEmpty();
        assertThat(core.endSilence(first.id())).contains(second);
        assertThat(core.endSilence(first.id())).isEmpty();
    }

    private static final List<Route> ESCALATING = List.of(new Route(
            Set.of("P1", "P2"),
            Set.of(),
            List.of("team"),
            Optional.of(new Escalation(Duration.ofMinutes(10), List.of("page")))));

    private Optional<Acknowledgement> acknowledge(AlertEvent event, Instant at) {
        return core.acknowledge(event, "K1", new Acknowledgement("ops", at, "on it"));
    }

    @Test
    void what_is_not_acknowledged_goes_to_the_next_channel_once_and_its_end_too() {
        core.use(rules(ESCALATING, Optional.empty(), AlertPolicy.standard()));
        raise(AlertEvent.FEED_DOWN, "P2", NOW);
        raise(AlertEvent.TOKEN_FAILED, "P2", NOW);
        deliver("team", NOW);
        settle(AlertEvent.TOKEN_FAILED, "P2", NOW.plusSeconds(590));
        core.tick(NOW.plusSeconds(599));
        assertThat(deliver("page", NOW.plusSeconds(599))).isEmpty();
        restart(NOW.plusSeconds(595));
        core.use(rules(ESCALATING, Optional.empty(), AlertPolicy.standard()));
        core.tick(NOW.plusSeconds(600));
        assertThat(deliver("page", NOW.plusSeconds(600)))
                .as("after a restart it may be over")
                .isEmpty();
        raise(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(601));
        core.tick(NOW.plusSeconds(601));
        core.tick(NOW.plusSeconds(602));
        assertThat(deliver("page", NOW.plusSeconds(602))).containsExactly(Kind.ESCALATED);
        settle(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(603));
        assertThat(deliver("page", NOW.plusSeconds(603))).containsExactly(Kind.RESOLVED);
    }

    @Test
    void an_acknowledged_alert_is_neither_escalated_nor_repeated_until_it_ends() {
        core.use(rules(ESCALATING, Optional.empty(), AlertPolicy.standard()));
        assertThat(acknowledge(AlertEvent.FEED_DOWN, NOW))
                .as("nothing persists")
                .isEmpty();
        raise(AlertEvent.FEED_DOWN, "P2", NOW);
        deliver("team", NOW);
        assertThat(acknowledge(AlertEvent.FEED_DOWN, NOW.plusSeconds(5))).isPresent();
        assertThat(acknowledge(AlertEvent.FEED_DOWN, NOW.plusSeconds(9))
                        .orElseThrow()
                        .at())
                .as("the first one stays")
                .isEqualTo(NOW.plusSeconds(5));
        restart(NOW.plusSeconds(10));
        core.use(rules(ESCALATING, Optional.empty(), AlertPolicy.standard()));
        raise(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(1_000));
        core.tick(NOW.plusSeconds(1_000));
        assertThat(deliver("team", NOW.plusSeconds(1_000))).isEmpty();
        assertThat(deliver("page", NOW.plusSeconds(1_000))).isEmpty();
        settle(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(1_001));
        assertThat(deliver("team", NOW.plusSeconds(1_001))).containsExactly(Kind.RESOLVED);
        raise(AlertEvent.FEED_DOWN, "P2", NOW.plusSeconds(2_000));
        assertThat(deliver("team", NOW.plusSeconds(2_000)))
                .as("another condition")
                .containsExactly(Kind.RAISED);
    }

    @Test
    void an_acknowledged_alert_that_gets_worse_is_sent_again() {
        raise(AlertEvent.SECRET_EXPIRES, "P3", NOW);
        deliver("team", NOW);
        acknowledge(AlertEvent.SECRET_EXPIRES, NOW);
        raise(AlertEvent.SECRET_EXPIRES, "P1", NOW.plusSeconds(1));
        assertThat(deliver("team", NOW.plusSeconds(1))).containsExactly(Kind.RAISED);
        assertThat(deliver("page", NOW.plusSeconds(1))).containsExactly(Kind.RAISED);
    }

    @Test
    void machines_learn_of_an_acknowledgement_and_people_do_not() {
        raise(AlertEvent.FEED_DOWN, "P1", NOW);
        deliver("team", NOW);
        deliver("page", NOW);
        acknowledge(AlertEvent.FEED_DOWN, NOW.plusSeconds(1));
        assertThat(deliver("page", NOW.plusSeconds(1))).containsExactly(Kind.ACKNOWLEDGED);
        assertThat(deliver("team", NOW.plusSeconds(1))).isEmpty();
    }

    @Test
    void a_mark_moves_forward_only_also_after_a_restart() {
        assertThat(core.advance("bot", 5)).contains(5L);
        assertThat(core.advance("bot", 5)).isEmpty();
        assertThat(core.advance("other", 1)).contains(1L);
        restart(NOW);
        assertThat(core.advance("bot", 4)).isEmpty();
        assertThat(core.advance("bot", 6)).contains(6L);
    }

    @Test
    void several_things_that_happen_to_one_subject_within_the_time_are_one_message_with_the_count() {
        raise(AlertEvent.ORDER_REPRICED, "P2", NOW);
        deliver("team", NOW);
        for (int i = 1; i <= 4; i++) {
            raise(AlertEvent.ORDER_REPRICED, "P2", NOW.plusSeconds(i));
        }
        assertThat(deliver("team", NOW.plusSeconds(299))).isEmpty();
        assertThat(core.next("team", NOW.plusSeconds(300)).orElseThrow().notifications())
                .singleElement()
                .satisfies(it -> assertThat(it.repeats()).isEqualTo(3));
    }

    @Test
    void what_the_text_of_a_channel_has_no_room_for_goes_in_the_next_message() {
        for (int i = 0; i < 10; i++) {
            core.take(Alert.of(NOW, "P2", AlertEvent.REQUEST_IN_DOUBT, "order" + i, "x".repeat(450)), NOW);
        }
        var text = new ChannelMessages(new MessageText(Language.KO), "kis-gateway/sim");
        var sent = new ArrayList<String>();
        for (Optional<Batch> next = core.next("team", NOW); next.isPresent(); next = core.next("team", NOW)) {
            var message = (Message.Http) text.of(next.get().to(), next.get().notifications(), NOW);
            sent.add(new String(message.body(), StandardCharsets.UTF_8));
            core.delivered(next.get());
        }
        assertThat(sent).hasSizeBetween(2, 4);
        assertThat(String.join("", sent).split("x{450}", -1)).as("all of each").hasSize(11);
    }

    @Test
    void messages_that_are_no_alerts_are_sent_once_by_their_mark() {
        var fill = List.of(new About("fill", "ord_1", "", "3 shares", NOW, Optional.of("ord_1")));
        assertThat(core.send(Kind.FILL, fill, List.of("team", "gone"), "fills:A1", 5, NOW))
                .contains(5L);
        assertThat(core.send(Kind.FILL, fill, List.of("team"), "fills:A1", 5, NOW))
                .isEmpty();
        restart(NOW);
        core.use(rules(Optional.empty()));
        assertThat(core.send(Kind.FILL, fill, List.of("team"), "fills:A1", 4, NOW))
                .isEmpty();
        assertThat(deliver("team", NOW)).containsExactly(Kind.FILL);
    }
}
