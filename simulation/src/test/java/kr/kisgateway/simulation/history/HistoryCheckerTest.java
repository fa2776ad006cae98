package kr.kisgateway.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;
import org.junit.jupiter.api.Test;

/** Each defect, constructed by hand, must be found: a checker without findings proves nothing. */
class HistoryCheckerTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final OrderFingerprint FINGERPRINT = new OrderFingerprint("005930", "BUY", 3, 70_000);
    private static final ClientCall CALLED = new ClientCall("k", FINGERPRINT, NOW, Optional.of("o"), false);
    private static final ReportedOrder SHOWN = new ReportedOrder("o", "k", FINGERPRINT, "FILLED", 3, Optional.of(7L));
    private static final BookedOrder BOOKED = new BookedOrder(7, FINGERPRINT, NOW, 3, 0);

    @Test
    void a_correct_history_passes() {
        assertThat(HistoryChecker.check(List.of(CALLED), List.of(SHOWN), List.of(BOOKED)))
                .isEmpty();
    }

    @Test
    void a_lost_order_is_found() {
        assertFound("acknowledged order missing", List.of(CALLED), List.of(), List.of());
    }

    @Test
    void an_order_sent_twice_is_found() {
        var second = new BookedOrder(8, FINGERPRINT, NOW, 0, 0);
        assertFound("at the broker 2 times", List.of(CALLED), List.of(SHOWN), List.of(BOOKED, second));
        assertFound("not in the gateway", List.of(CALLED), List.of(SHOWN), List.of(BOOKED, second));
    }

    @Test
    void a_refused_order_that_exists_is_found() {
        var refused = new ClientCall("k", FINGERPRINT, NOW, Optional.empty(), true);
        assertFound("refused order exists", List.of(refused), List.of(SHOWN), List.of(BOOKED));
    }

    @Test
    void an_order_without_a_request_is_found() {
        assertFound("order without a request", List.of(), List.of(SHOWN), List.of(BOOKED));
    }

    @Test
    void a_missing_fill_is_found() {
        var partlyFilled = new ReportedOrder("o", "k", FINGERPRINT, "PARTIAL_FILLED", 2, Optional.of(7L));
        assertFound("fills differ", List.of(CALLED), List.of(partlyFilled), List.of(BOOKED));
        assertFound("ended at one side only", List.of(CALLED), List.of(partlyFilled), List.of(BOOKED));
    }

    @Test
    void until_the_last_list_what_an_immediate_order_leaves_may_have_expired_for_a_gateway_whose_clock_is_ahead() {
        var midFok = new OrderFingerprint("005930", "BUY", 3, 0, "A1", new WireForm("NXT", "24", 0));
        var limit = new OrderFingerprint("005930", "BUY", 3, 70_000);
        var expired = new ReportedOrder("o", "k", midFok, "EXPIRED", 0, Optional.of(7L));
        assertThat(HistoryChecker.isEndedByBroker(expired, false)).isTrue();
        assertThat(HistoryChecker.isEndedByBroker(expired, true)).isFalse();
        assertThat(HistoryChecker.isEndedByBroker(
                        new ReportedOrder("o", "k", limit, "EXPIRED", 0, Optional.of(7L)), false))
                .isFalse();
        assertThat(HistoryChecker.isEndedByBroker(
                        new ReportedOrder("o", "k", midFok, "SENT", 0, Optional.of(7L)), false))
                .isFalse();
    }

    @Test
    void an_order_sent_late_is_found() {
        var late = new BookedOrder(7, FINGERPRINT, NOW.plusSeconds(3), 3, 0);
        assertFound("sent after its deadline", List.of(CALLED), List.of(SHOWN), List.of(late));
    }

    @Test
    void one_broker_order_claimed_twice_is_found() {
        var second = new ClientCall("k2", FINGERPRINT, NOW, Optional.of("o2"), false);
        var claims = new ReportedOrder("o2", "k2", FINGERPRINT, "FILLED", 3, Optional.of(7L));
        assertFound("two gateway orders", List.of(CALLED, second), List.of(SHOWN, claims), List.of(BOOKED));
    }

    @Test
    void an_invented_broker_order_is_found() {
        assertFound("not at the broker", List.of(CALLED), List.of(SHOWN), List.of());
    }

    private static void assertFound(
            String what, List<ClientCall> calls, List<ReportedOrder> reported, List<BookedOrder> book) {
        assertThat(HistoryChecker.check(calls, reported, book)).anyMatch(sentence -> sentence.contains(what));
    }
}
