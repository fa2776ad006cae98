package kr.kisgateway.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import kr.kisgateway.simulation.history.HistoryChecker.Booked;
import kr.kisgateway.simulation.history.HistoryChecker.Called;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;
import kr.kisgateway.simulation.history.Observed.Bounds;
import kr.kisgateway.simulation.history.Observed.Cancel;
import kr.kisgateway.simulation.history.Observed.Left;
import kr.kisgateway.simulation.history.Observed.Published;
import kr.kisgateway.simulation.history.Observed.Told;
import kr.kisgateway.simulation.history.Observed.Traded;
import org.junit.jupiter.api.Test;

/** Each defect that only a watcher can see, made by hand, must be found. */
class WatchedTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final Print PRINT = new Print("005930", "BUY", 3, 70_000);
    private static final Traded MONEY = new Traded(210_000, 0, Map.of("005930", 3L));

    private final List<Cancel> cancels = new ArrayList<>();
    private final List<Told> told = new ArrayList<>(List.of(new Told("k", "o", true)));
    private final List<Left> left = new ArrayList<>(List.of(leaves(NOW, true)));
    private final List<Published> published = new ArrayList<>(List.of(new Published("A1", 5, 1)));
    private final List<String> alerts = new ArrayList<>();
    private final List<Instant> clockSteps = new ArrayList<>();
    private String status = "FILLED";
    private long filled = 3;
    private Traded read = MONEY;
    private Traded ours = MONEY;
    private Bounds bounds = new Bounds(18, 10, 10, 10);

    @Test
    void a_day_as_it_should_be_passes() {
        assertThat(judged()).isEmpty();
    }

    @Test
    void an_early_acknowledgement_is_found() {
        told.add(new Told("k", "o", false));
        found("acknowledged before it was on disk");
    }

    @Test
    void a_send_before_the_disk_is_found() {
        left.add(leaves(NOW, false));
        found("left before the journal on disk said so");
    }

    @Test
    void a_key_that_got_two_orders_is_found() {
        told.add(new Told("k", "another", true));
        found("one key, two orders");
    }

    @Test
    void a_call_after_its_deadline_is_found() {
        left.add(leaves(NOW.plusMillis(1_001), true));
        found("left after its deadline");
    }

    @Test
    void an_order_that_leaves_unasked_is_found() {
        left.add(new Left(NOW, NOW, 1, true, Optional.of(new Print("005930", "BUY", 4, 70_000)), true));
        found("nobody asked for it");
    }

    @Test
    void too_many_calls_in_a_second_are_found() {
        IntStream.range(0, 10).forEach(i -> left.add(leaves(NOW.plusMillis(99L * (i + 1)), true)));
        found("more than 10 calls to the ledger in a second");
        clockSteps.add(NOW.plusMillis(500));
        assertThat(judged())
                .as("who paces by a clock that jumps loses count of that second")
                .isEmpty();
    }

    @Test
    void the_same_calls_over_a_second_pass() {
        IntStream.range(0, 10).forEach(i -> left.add(leaves(NOW.plusMillis(100L * (i + 1)), true)));
        assertThat(judged()).isEmpty();
    }

    @Test
    void a_limit_that_was_passed_is_found() {
        bounds = new Bounds(18, 10, 0, 10);
        found("are allowed");
        bounds = new Bounds(18, 10, 10, 2);
        found("above the limit of 2 shares");
    }

    @Test
    void a_cursor_that_goes_back_is_found() {
        published.add(new Published("A1", 4, 1));
        found("a cursor went back");
    }

    @Test
    void a_cursor_that_a_later_process_uses_again_is_found() {
        published.add(new Published("A1", 5, 2));
        found("a cursor went back");
    }

    @Test
    void doubt_without_an_alert_is_found() {
        status = "UNKNOWN";
        found("no operator knows");
        alerts.add("order_unresolved order o");
        assertThat(judged()).isEmpty();
    }

    @Test
    void a_cancel_without_an_end_is_found() {
        status = "CANCEL_PENDING";
        cancels.add(new Cancel("o", "c", true));
        found("the cancel was accepted and the order is CANCEL_PENDING");
    }

    @Test
    void an_order_that_outlives_the_session_is_found() {
        status = "PARTIAL_FILLED";
        found("the session is over and the order is not");
    }

    @Test
    void money_and_shares_that_differ_are_found() {
        ours = new Traded(140_000, 0, Map.of("005930", 2L));
        found("the orders add up to");
        ours = MONEY;
        read = new Traded(210_000, 1, Map.of("005930", 3L));
        found("the gateway read");
    }

    private static Left leaves(Instant at, boolean durable) {
        return new Left(at, at, 1, true, Optional.of(PRINT), durable);
    }

    private void found(String what) {
        assertThat(judged()).anyMatch(sentence -> sentence.contains(what));
    }

    private List<String> judged() {
        return HistoryChecker.judge(new Observed(
                List.of(new Called("k", PRINT, NOW.plusSeconds(1), Optional.of("o"), false)),
                cancels,
                List.of(new Shown("o", "k", PRINT, status, filled, Optional.of(7L))),
                List.of(new Booked(7, PRINT, NOW, 3, 0)),
                told,
                left,
                published,
                alerts,
                ours,
                MONEY,
                Optional.of(read),
                bounds,
                clockSteps,
                true));
    }
}
