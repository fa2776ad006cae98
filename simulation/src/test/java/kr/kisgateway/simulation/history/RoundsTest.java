package kr.kisgateway.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.simulation.history.HistoryChecker.Booked;
import kr.kisgateway.simulation.history.HistoryChecker.Called;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;
import kr.kisgateway.simulation.history.Observed.Changed;
import kr.kisgateway.simulation.history.Rounds.Pause;
import kr.kisgateway.simulation.history.Rounds.Revisions;
import kr.kisgateway.simulation.history.Rounds.Verdict;
import kr.kisgateway.simulation.history.Rounds.Who;
import org.junit.jupiter.api.Test;

/** Each defect, made by hand, must be found, and what is none must not. */
class RoundsTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final Print PRINT = new Print("005930", "BUY", 3, 70_000);
    private static final Called CALLED = new Called("k", PRINT, NOW, Optional.of("o"), false);
    private static final Shown SHOWN = new Shown("o", "k", PRINT, "SENT", 0, Optional.of(7L));
    private static final Booked BOOKED = new Booked(7, PRINT, NOW, 0, 0);

    private final List<Called> calls = new ArrayList<>(List.of(CALLED));
    private final List<Changed> changes = new ArrayList<>();
    private final List<Shown> shown = new ArrayList<>(List.of(SHOWN));
    private final List<Booked> book = new ArrayList<>(List.of(BOOKED));
    private final List<Revisions> revisions = new ArrayList<>();
    private final List<Pause> pauses = new ArrayList<>();
    private Set<String> fullyCancelled = Set.of();

    @Test
    void a_history_as_it_should_be_passes() {
        changes.add(new Changed("o", OptionalLong.of(3), OptionalLong.of(70_000)));
        revisions.add(new Revisions(7, 1, 1));
        assertThat(judged()).isEqualTo(new Verdict(List.of(), 0, 0, 0));
    }

    @Test
    void a_lost_order_counts() {
        shown.clear();
        book.clear();
        assertThat(judged().lost()).isEqualTo(1);
        found("acknowledged and gone");
    }

    @Test
    void a_doubled_order_counts_even_when_it_was_adopted() {
        book.add(new Booked(8, PRINT, NOW, 0, 0));
        shown.add(new Shown("x", "external:8", PRINT, "SENT", 0, Optional.of(8L)));
        assertThat(judged().doubled()).isEqualTo(1);
        found("nobody asked for");
    }

    @Test
    void a_new_price_sent_twice_is_found_even_when_the_exchange_refused_it() {
        changes.add(new Changed("o", OptionalLong.empty(), OptionalLong.of(70_000)));
        revisions.add(new Revisions(7, 2, 0));
        assertThat(judged().doubled()).isEqualTo(1);
        found("re-priced 2 times and asked for 1 times");
    }

    @Test
    void a_partial_cancel_sent_twice_is_found() {
        changes.add(new Changed("o", OptionalLong.of(3), OptionalLong.empty()));
        revisions.add(new Revisions(7, 0, 2));
        found("cancelled in part 2 times and asked for 1 times");
    }

    @Test
    void a_cancel_of_the_whole_may_be_repeated() {
        revisions.add(new Revisions(7, 0, 2));
        fullyCancelled = Set.of("o");
        assertThat(judged().wrong()).isEmpty();
    }

    @Test
    void an_order_sent_late_is_found() {
        bookedAt(NOW.plusSeconds(3));
        found("sent after its deadline");
    }

    @Test
    void an_order_that_waited_in_the_socket_of_a_suspended_broker_is_not_late() {
        bookedAt(NOW.plusSeconds(3));
        pauses.add(new Pause(Who.BROKER, NOW.minusMillis(1), NOW.plusSeconds(3)));
        assertThat(judged()).isEqualTo(new Verdict(List.of(), 0, 0, 0));
    }

    @Test
    void a_pause_that_began_after_the_deadline_or_ended_long_before_the_send_excuses_nothing() {
        bookedAt(NOW.plusSeconds(9));
        pauses.add(new Pause(Who.BROKER, NOW.plusMillis(1), NOW.plusSeconds(9)));
        pauses.add(new Pause(Who.BROKER, NOW.minusMillis(1), NOW.plusSeconds(5)));
        found("sent after its deadline");
    }

    @Test
    void a_gateway_that_was_suspended_before_its_first_byte_slips_once_and_not_often() {
        bookedAt(NOW.plusSeconds(3));
        pauses.add(new Pause(Who.GATEWAY, NOW.minusMillis(1), NOW.plusSeconds(3)));
        assertThat(judged()).isEqualTo(new Verdict(List.of(), 0, 0, 1));
        for (int n = 8; n < 10; n++) {
            calls.add(new Called("k" + n, PRINT, NOW, Optional.of("o" + n), false));
            shown.add(new Shown("o" + n, "k" + n, PRINT, "SENT", 0, Optional.of((long) n)));
            book.add(new Booked(n, PRINT, NOW.plusSeconds(3), 0, 0));
        }
        assertThat(judged().slipped()).isEqualTo(3);
        found("sent after its deadline");
    }

    private void bookedAt(Instant at) {
        book.set(0, new Booked(7, PRINT, at, 0, 0));
    }

    private void found(String what) {
        assertThat(judged().wrong()).anyMatch(sentence -> sentence.contains(what));
    }

    private Verdict judged() {
        var nothing = new Observed.Traded(0, 0, Map.of());
        var day = new Observed(
                calls,
                List.of(),
                changes,
                shown,
                book,
                List.of(),
                Set.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                nothing,
                nothing,
                Optional.empty(),
                new Observed.Bounds(1, 1, 1_000, 1_000),
                List.of(),
                Observed.Deeds.none(),
                List.of(),
                false);
        return Rounds.judge(day, revisions, fullyCancelled, pauses);
    }
}
