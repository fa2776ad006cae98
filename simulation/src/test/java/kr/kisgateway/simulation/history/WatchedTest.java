package kr.kisgateway.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import kr.kisgateway.simulation.history.HistoryChecker.Booked;
import kr.kisgateway.simulation.history.HistoryChecker.Called;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;
import kr.kisgateway.simulation.history.Observed.Bounds;
import kr.kisgateway.simulation.history.Observed.Cancel;
import kr.kisgateway.simulation.history.Observed.Chain;
import kr.kisgateway.simulation.history.Observed.Changed;
import kr.kisgateway.simulation.history.Observed.Left;
import kr.kisgateway.simulation.history.Observed.Published;
import kr.kisgateway.simulation.history.Observed.Resolution;
import kr.kisgateway.simulation.history.Observed.Span;
import kr.kisgateway.simulation.history.Observed.Sweep;
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
    private final List<String> denied = new ArrayList<>();
    private final List<Left> left = new ArrayList<>(List.of(leaves(NOW, true)));
    private final List<Published> published = new ArrayList<>(List.of(news(5, 1, "SENT")));
    private final List<String> alerts = new ArrayList<>();
    private final List<Instant> clockSteps = new ArrayList<>();
    private final List<Changed> changes = new ArrayList<>();
    private final List<Span> stops = new ArrayList<>();
    private final List<Sweep> sweeps = new ArrayList<>();
    private final List<Resolution> resolutions = new ArrayList<>();
    private final List<Instant> nights = new ArrayList<>();
    private Chain chain = new Chain(7, 70_000, 3, 0);
    private Print shown = PRINT;
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
    void a_key_that_was_accepted_and_is_refused_now_is_found() {
        denied.add("k QUEUE_TIMEOUT");
        found("accepted before and refused now");
    }

    @Test
    void a_call_after_its_deadline_is_found() {
        left.add(leaves(NOW.plusMillis(1_001), true));
        found("left after its deadline");
    }

    @Test
    void an_order_that_leaves_unasked_is_found() {
        left.add(new Left(
                NOW, NOW, 1, true, Optional.of("o"), Optional.of(new Print("005930", "BUY", 4, 70_000)), true, true));
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
        published.add(news(4, 1, "FILLED"));
        found("a cursor went back");
    }

    @Test
    void a_cursor_that_a_later_process_uses_again_is_found() {
        published.add(news(5, 2, "FILLED"));
        found("a cursor went back");
    }

    @Test
    void a_refusal_that_was_not_final_is_found() {
        published.add(news(6, 1, "REJECTED"));
        assertThat(judged()).isEmpty();
        published.add(news(7, 1, "SENT"));
        found("refused and alive again");
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
    void a_modification_that_was_made_twice_is_found() {
        changes.add(new Changed("o", OptionalLong.empty(), OptionalLong.of(70_100)));
        shown = new Print("005930", "BUY", 3, 70_100);
        chain = new Chain(7, 70_100, 3, 1);
        assertThat(judged()).isEmpty();
        chain = new Chain(7, 70_100, 3, 2);
        found("modified 2 times and asked for 1 times");
    }

    @Test
    void a_price_or_quantity_that_is_not_in_force_is_found() {
        status = "EXPIRED";
        chain = new Chain(7, 70_100, 3, 0);
        found("in force otherwise");
        chain = new Chain(7, 70_000, 2, 0);
        found("in force otherwise");
    }

    @Test
    void an_order_that_became_what_nobody_asked_for_is_found() {
        shown = new Print("005930", "BUY", 2, 70_000);
        found("acknowledged as another order");
    }

    @Test
    void a_placing_under_the_kill_switch_is_found() {
        stops.add(new Span(NOW.minusMillis(1), NOW.plusSeconds(5)));
        found("left while the kill switch was on");
        stops.set(0, new Span(NOW, NOW.plusSeconds(5)));
        assertThat(judged()).as("what left before it was on").isEmpty();
    }

    @Test
    void money_and_shares_that_differ_are_found() {
        ours = new Traded(140_000, 0, Map.of("005930", 2L));
        found("the orders add up to");
        ours = MONEY;
        read = new Traded(210_000, 1, Map.of("005930", 3L));
        found("the gateway read");
    }

    @Test
    void a_cancel_of_everything_that_names_others_when_it_is_repeated_is_found() {
        sweeps.add(new Sweep("s", Optional.empty(), List.of(Set.of("o"), Set.of("o")), 1));
        assertThat(judged()).isEmpty();
        sweeps.set(0, new Sweep("s", Optional.empty(), List.of(Set.of("o"), Set.of()), 1));
        found("one key, two cancels of everything");
    }

    @Test
    void a_cancel_of_one_symbol_that_takes_another_is_found() {
        sweeps.add(new Sweep("s", Optional.of("000660"), List.of(Set.of("o")), 1));
        found("cancelled with those of another symbol");
    }

    @Test
    void an_order_that_is_cancelled_without_anybody_asking_is_found() {
        status = "CANCELED";
        found("cancelled and nobody asked for it");
        sweeps.add(new Sweep("s", Optional.empty(), List.of(Set.of()), 0));
        found("cancelled and nobody asked for it"); // it was answered before the order was asked for
        sweeps.add(new Sweep("t", Optional.of("000660"), List.of(), 1));
        found("cancelled and nobody asked for it");
        sweeps.add(new Sweep("u", Optional.of("005930"), List.of(), 1));
        assertThat(judged()).noneMatch(sentence -> sentence.contains("nobody asked"));
    }

    @Test
    void an_operators_word_that_does_not_hold_is_found() {
        resolutions.add(new Resolution("o", Optional.of(7L)));
        assertThat(judged()).isEmpty();
        resolutions.set(0, new Resolution("o", Optional.of(8L)));
        found("decided by an operator and otherwise now");
        resolutions.set(0, new Resolution("o", Optional.empty()));
        found("decided by an operator and otherwise now");
    }

    @Test
    void a_request_for_an_order_of_yesterday_is_found() {
        nights.add(NOW.plusSeconds(2));
        assertThat(judged()).isEmpty();
        left.add(new Left(NOW.plusSeconds(3), NOW, 1, true, Optional.of("o"), Optional.empty(), false, true));
        found("left on the day after");
    }

    @Test
    void a_daily_limit_counts_each_day_for_itself() {
        bounds = new Bounds(18, 10, 0, 10);
        found("are allowed");
    }

    private static Published news(long seq, int life, String status) {
        return new Published("A1", seq, life, "o", status);
    }

    private static Left leaves(Instant at, boolean durable) {
        return new Left(at, at, 1, true, Optional.of("o"), Optional.of(PRINT), true, durable);
    }

    private void found(String what) {
        assertThat(judged()).anyMatch(sentence -> sentence.contains(what));
    }

    private List<String> judged() {
        return HistoryChecker.judge(new Observed(
                List.of(new Called("k", PRINT, NOW.plusSeconds(1), Optional.of("o"), false)),
                cancels,
                changes,
                List.of(new Shown("o", "k", shown, status, filled, Optional.of(7L))),
                List.of(new Booked(7, PRINT, NOW, 3, 0)),
                List.of(chain),
                Set.of(),
                told,
                denied,
                left,
                stops,
                published,
                alerts,
                ours,
                MONEY,
                Optional.of(read),
                bounds,
                clockSteps,
                new Observed.Deeds(sweeps, resolutions, true),
                nights,
                true));
    }
}
