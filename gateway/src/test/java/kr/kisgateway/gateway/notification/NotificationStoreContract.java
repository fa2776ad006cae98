package kr.kisgateway.gateway.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.alert.Acknowledgement;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.Silence;
import kr.kisgateway.gateway.notification.Notification.About;
import kr.kisgateway.gateway.notification.Notification.Kind;
import kr.kisgateway.gateway.notification.NotificationCore.Batch;
import kr.kisgateway.gateway.notification.NotificationCore.Change;
import kr.kisgateway.gateway.notification.NotificationCore.Stored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stored notifications do, wherever they are. */
abstract class NotificationStoreContract {
    static final Instant AT = Instant.parse("2026-11-20T06:00:00.123Z");

    static final Incident INCIDENT = new Incident(
            about("order_stuck", "A1"),
            true,
            AT.minusSeconds(60),
            AT.minusSeconds(30),
            2,
            Set.of("team", "page"),
            true,
            Optional.of(new Acknowledgement("operator", AT, "broker called")));

    static final Silence SILENCE =
            new Silence(5, AlertEvent.FEED_DOWN, Optional.of("K1"), AT, AT.plusSeconds(60), "maintenance", "operator");

    @TempDir
    Path folder;

    /** Opens what is stored, as a start of the gateway does. */
    abstract NotificationStore openStore();

    static About about(String event, String subject) {
        return new About(event, subject, "P1", "a message, 가", AT, Optional.of("ord_1"));
    }

    static Notification notification(long id, boolean maybeSent) {
        return new Notification(
                id, "team", Kind.RAISED, about("feed_down", "K" + id), AT.plusSeconds(id), 3, maybeSent);
    }

    static List<Change> everyKind() {
        return List.of(
                new Change.Put(notification(1, false)),
                new Change.Put(notification(2, false)),
                new Change.PutIncident(INCIDENT),
                new Change.PutSilence(SILENCE),
                new Change.PutMark("summary", 20_000));
    }

    @Test
    void everything_is_read_as_it_was_written() {
        try (var store = openStore()) {
            store.write(everyKind());
        }
        try (var store = openStore()) {
            assertThat(store.stored())
                    .isEqualTo(new Stored(
                            List.of(notification(1, false), notification(2, false)),
                            List.of(INCIDENT),
                            List.of(SILENCE),
                            Map.of("summary", 20_000L),
                            2,
                            5));
        }
    }

    @Test
    void changes_are_made_in_their_order() {
        try (var store = openStore()) {
            store.write(everyKind());
            store.write(List.of(
                    new Change.PutMark("summary", 20_001),
                    new Change.Remove(1),
                    new Change.Put(notification(3, false)),
                    new Change.Put(notification(3, true)),
                    new Change.Remove(2),
                    new Change.RemoveIncident(INCIDENT.about().key()),
                    new Change.PutIncident(INCIDENT),
                    new Change.RemoveSilence(5),
                    new Change.PutSilence(new Silence(
                            6, AlertEvent.FEED_DOWN, Optional.empty(), AT, AT.plusSeconds(60), "", "operator")),
                    new Change.RemoveSilence(6)));
            assertThat(store.stored())
                    .isEqualTo(new Stored(
                            List.of(notification(3, true)),
                            List.of(INCIDENT),
                            List.of(),
                            Map.of("summary", 20_001L),
                            3,
                            6));
        }
    }

    @Test
    void no_number_is_used_twice_after_the_row_of_the_highest_was_removed() {
        try (var store = openStore()) {
            store.write(everyKind());
            store.write(List.of(new Change.Remove(2), new Change.RemoveSilence(5)));
            store.write(List.of(new Change.Put(notification(1, true))));
        }
        try (var store = openStore()) {
            store.replaceAll(new NotificationCore(Stored.none(), AT));
            assertThat(store.stored()).isEqualTo(new Stored(List.of(), List.of(), List.of(), Map.of(), 2, 5));
        }
    }

    @Test
    void what_is_being_sent_is_marked() {
        try (var store = openStore()) {
            store.write(everyKind());
            store.markSending(new Batch(
                    "team", new Channel.Slack(Secret.of("https://example.com/a")), List.of(notification(2, false))));
            assertThat(store.stored().notifications()).containsExactly(notification(1, false), notification(2, true));
        }
    }

    @Test
    void everything_can_be_replaced() {
        var many = IntStream.rangeClosed(10, 1_200)
                .mapToObj(id -> notification(id, false))
                .toList();
        var core = new NotificationCore(
                new Stored(many, List.of(INCIDENT), List.of(SILENCE), Map.of("other", 1L), 1_200, 5), AT);
        try (var store = openStore()) {
            store.write(everyKind());
            store.replaceAll(core);
            assertThat(store.stored())
                    .isEqualTo(new Stored(many, List.of(INCIDENT), List.of(SILENCE), Map.of("other", 1L), 1_200, 5));
        }
    }

    @Test
    void any_text_can_be_stored() {
        var about = new About("feed_down", "K\0", "P1", "nul \0 ' \\ 😀", AT, Optional.empty());
        try (var store = openStore()) {
            store.write(List.of(new Change.Put(new Notification(1, "team", Kind.FILL, about, AT, 0, false))));
            assertThat(store.stored().notifications().getFirst().about().message())
                    .isEqualTo("nul \uFFFD ' \\ 😀");
        }
    }

    @Test
    void changes_one_of_which_fails_change_nothing_and_the_next_are_made() {
        try (var store = openStore()) {
            refuseMarks();
            assertThatThrownBy(() -> store.write(everyKind())).isInstanceOf(NotificationException.class);
            acceptMarks();
            assertThat(store.stored()).isEqualTo(Stored.none());
            store.write(everyKind());
            assertThat(store.stored().notifications()).hasSize(2);
        }
    }

    /** Makes the database refuse marks, which are written last. */
    abstract void refuseMarks();

    /** Ends {@link #refuseMarks}. */
    abstract void acceptMarks();
}
