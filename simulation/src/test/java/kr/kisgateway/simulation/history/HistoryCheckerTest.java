package kr.kisgateway.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.simulation.history.HistoryChecker.Booked;
import kr.kisgateway.simulation.history.HistoryChecker.Called;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;
import org.junit.jupiter.api.Test;

/** A judge that never finds anything is worth nothing: each defect, made by hand, must be found. */
class HistoryCheckerTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final Print PRINT = new Print("005930", "BUY", 3, 70_000);
    private static final Called CALLED = new Called("k", PRINT, NOW, Optional.of("o"), false);
    private static final Shown SHOWN = new Shown("o", "k", PRINT, "FILLED", 3, Optional.of(7L));
    private static final Booked BOOKED = new Booked(7, PRINT, NOW, 3, 0);

    @Test
    void a_history_as_it_should_be_passes() {
        assertThat(HistoryChecker.judge(List.of(CALLED), List.of(SHOWN), List.of(BOOKED)))
                .isEmpty();
    }

    @Test
    void a_lost_order_is_found() {
        found("acknowledged and gone", List.of(CALLED), List.of(), List.of());
    }

    @Test
    void an_order_sent_twice_is_found() {
        var second = new Booked(8, PRINT, NOW, 0, 0);
        found("at the broker 2 times", List.of(CALLED), List.of(SHOWN), List.of(BOOKED, second));
        found("the gateway does not know", List.of(CALLED), List.of(SHOWN), List.of(BOOKED, second));
    }

    @Test
    void a_refused_order_that_exists_is_found() {
        var refused = new Called("k", PRINT, NOW, Optional.empty(), true);
        found("refused and yet there", List.of(refused), List.of(SHOWN), List.of(BOOKED));
    }

    @Test
    void an_order_nobody_asked_for_is_found() {
        found("nobody asked for", List.of(), List.of(SHOWN), List.of(BOOKED));
    }

    @Test
    void a_missing_fill_is_found() {
        var short_ = new Shown("o", "k", PRINT, "PARTIAL_FILLED", 2, Optional.of(7L));
        found("filled otherwise", List.of(CALLED), List.of(short_), List.of(BOOKED));
        found("ended at one side only", List.of(CALLED), List.of(short_), List.of(BOOKED));
    }

    @Test
    void an_order_sent_late_is_found() {
        var late = new Booked(7, PRINT, NOW.plusSeconds(3), 3, 0);
        found("sent after its deadline", List.of(CALLED), List.of(SHOWN), List.of(late));
    }

    @Test
    void one_broker_order_claimed_twice_is_found() {
        var second = new Called("k2", PRINT, NOW, Optional.of("o2"), false);
        var claims = new Shown("o2", "k2", PRINT, "FILLED", 3, Optional.of(7L));
        found("two of ours", List.of(CALLED, second), List.of(SHOWN, claims), List.of(BOOKED));
    }

    @Test
    void an_invented_broker_order_is_found() {
        found("the broker does not know", List.of(CALLED), List.of(SHOWN), List.of());
    }

    private static void found(String what, List<Called> calls, List<Shown> shown, List<Booked> book) {
        assertThat(HistoryChecker.judge(calls, shown, book)).anyMatch(sentence -> sentence.contains(what));
    }
}
