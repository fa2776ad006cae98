package kr.kisgateway.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.simulation.history.CrashRoundChecks.Pause;
import kr.kisgateway.simulation.history.CrashRoundChecks.ProcessRole;
import kr.kisgateway.simulation.history.CrashRoundChecks.Revisions;
import kr.kisgateway.simulation.history.CrashRoundChecks.Verdict;
import kr.kisgateway.simulation.history.DayTrace.ModifyCall;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;
import org.junit.jupiter.api.Test;

/** Each defect, constructed by hand, must be found, and correct behaviour must not. */
class CrashRoundChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final OrderFingerprint FINGERPRINT = new OrderFingerprint("005930", "BUY", 3, 70_000);
    private static final ClientCall CALLED = new ClientCall("k", FINGERPRINT, NOW, Optional.of("o"), false);
    private static final ReportedOrder SHOWN = new ReportedOrder("o", "k", FINGERPRINT, "SENT", 0, Optional.of(7L));
    private static final BookedOrder BOOKED = new BookedOrder(7, FINGERPRINT, NOW, 0, 0);

    private final List<ClientCall> calls = new ArrayList<>(List.of(CALLED));
    private final List<ModifyCall> changes = new ArrayList<>();
    private final List<ReportedOrder> reported = new ArrayList<>(List.of(SHOWN));
    private final List<BookedOrder> book = new ArrayList<>(List.of(BOOKED));
    private final List<Revisions> revisions = new ArrayList<>();
    private final List<Pause> pauses = new ArrayList<>();
    private Set<String> fullyCancelled = Set.of();

    @Test
    void a_correct_history_passes() {
        changes.add(new ModifyCall("o", OptionalLong.of(3), OptionalLong.of(70_000)));
        revisions.add(new Revisions(7, 1, 1));
        assertThat(verdict()).isEqualTo(new Verdict(List.of(), 0, 0, 0));
    }

    @Test
    void a_lost_order_counts() {
        reported.clear();
        book.clear();
        assertThat(verdict().lost()).isEqualTo(1);
        assertFound("acknowledged order missing");
    }

    @Test
    void a_doubled_order_counts_even_when_it_was_adopted() {
        book.add(new BookedOrder(8, FINGERPRINT, NOW, 0, 0));
        reported.add(new ReportedOrder("x", "external:8", FINGERPRINT, "SENT", 0, Optional.of(8L)));
        assertThat(verdict().doubled()).isEqualTo(1);
        assertFound("order without a request");
    }

    @Test
    void a_new_price_sent_twice_is_found_even_when_the_exchange_refused_it() {
        changes.add(new ModifyCall("o", OptionalLong.empty(), OptionalLong.of(70_000)));
        revisions.add(new Revisions(7, 2, 0));
        assertThat(verdict().doubled()).isEqualTo(1);
        assertFound("re-priced 2 times and requested 1 times");
    }

    @Test
    void a_partial_cancel_sent_twice_is_found() {
        changes.add(new ModifyCall("o", OptionalLong.of(3), OptionalLong.empty()));
        revisions.add(new Revisions(7, 0, 2));
        assertFound("partially cancelled 2 times and requested 1 times");
    }

    @Test
    void a_full_cancel_may_be_repeated() {
        revisions.add(new Revisions(7, 0, 2));
        fullyCancelled = Set.of("o");
        assertThat(verdict().findings()).isEmpty();
    }

    @Test
    void an_order_sent_late_is_found() {
        bookedAt(NOW.plusSeconds(3));
        assertFound("sent after its deadline");
    }

    @Test
    void an_order_that_waited_in_the_socket_of_a_suspended_broker_is_not_late() {
        bookedAt(NOW.plusSeconds(3));
        pauses.add(new Pause(ProcessRole.BROKER, NOW.minusMillis(1), NOW.plusSeconds(3)));
        assertThat(verdict()).isEqualTo(new Verdict(List.of(), 0, 0, 0));
    }

    @Test
    void a_pause_that_began_after_the_deadline_or_ended_before_the_send_excuses_no_late_order() {
        bookedAt(NOW.plusSeconds(9));
        pauses.add(new Pause(ProcessRole.BROKER, NOW.plusMillis(1), NOW.plusSeconds(9)));
        pauses.add(new Pause(ProcessRole.BROKER, NOW.minusMillis(1), NOW.plusSeconds(5)));
        assertFound("sent after its deadline");
    }

    @Test
    void a_gateway_that_was_suspended_before_its_first_byte_slips_once_and_not_often() {
        bookedAt(NOW.plusSeconds(3));
        pauses.add(new Pause(ProcessRole.GATEWAY, NOW.minusMillis(1), NOW.plusSeconds(3)));
        assertThat(verdict()).isEqualTo(new Verdict(List.of(), 0, 0, 1));
        for (int n = 8; n < 10; n++) {
            calls.add(new ClientCall("k" + n, FINGERPRINT, NOW, Optional.of("o" + n), false));
            reported.add(new ReportedOrder("o" + n, "k" + n, FINGERPRINT, "SENT", 0, Optional.of((long) n)));
            book.add(new BookedOrder(n, FINGERPRINT, NOW.plusSeconds(3), 0, 0));
        }
        assertThat(verdict().slipped()).isEqualTo(3);
        assertFound("sent after its deadline");
    }

    private void bookedAt(Instant at) {
        book.set(0, new BookedOrder(7, FINGERPRINT, at, 0, 0));
    }

    private void assertFound(String what) {
        assertThat(verdict().findings()).anyMatch(sentence -> sentence.contains(what));
    }

    private Verdict verdict() {
        var nothing = new DayTrace.AccountTotals(0, 0, Map.of());
        var day = new DayTrace(
                calls,
                List.of(),
                changes,
                reported,
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
                new DayTrace.Bounds(1, 1, 1_000, 1_000),
                List.of(),
                DayTrace.BulkActions.none(),
                List.of(),
                false);
        return CrashRoundChecks.check(day, revisions, fullyCancelled, pauses);
    }
}
