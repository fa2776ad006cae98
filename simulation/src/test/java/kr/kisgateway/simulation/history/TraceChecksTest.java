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
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.simulation.history.DayTrace.AccountTotals;
import kr.kisgateway.simulation.history.DayTrace.Acknowledgement;
import kr.kisgateway.simulation.history.DayTrace.Bounds;
import kr.kisgateway.simulation.history.DayTrace.Cancel;
import kr.kisgateway.simulation.history.DayTrace.CancelAll;
import kr.kisgateway.simulation.history.DayTrace.Chain;
import kr.kisgateway.simulation.history.DayTrace.ModifyCall;
import kr.kisgateway.simulation.history.DayTrace.Published;
import kr.kisgateway.simulation.history.DayTrace.Resolution;
import kr.kisgateway.simulation.history.DayTrace.SentCall;
import kr.kisgateway.simulation.history.DayTrace.Span;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;
import org.junit.jupiter.api.Test;

/** Each defect that only a trace shows, constructed by hand, must be found. */
class TraceChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final OrderFingerprint FINGERPRINT = new OrderFingerprint("005930", "BUY", 3, 70_000);
    private static final AccountTotals TOTALS = new AccountTotals(210_000, 0, Map.of("005930", 3L));

    private final List<Cancel> cancels = new ArrayList<>();
    private final List<Acknowledgement> acknowledgements =
            new ArrayList<>(List.of(new Acknowledgement("k", "o", true)));
    private final List<String> refusedAfterAcceptance = new ArrayList<>();
    private final List<SentCall> sent = new ArrayList<>(List.of(sentCall(NOW, true)));
    private final List<Published> published = new ArrayList<>(List.of(published(5, 1, "SENT")));
    private final List<String> alerts = new ArrayList<>();
    private final List<Instant> clockSteps = new ArrayList<>();
    private final List<ModifyCall> changes = new ArrayList<>();
    private final List<Span> killSwitchSpans = new ArrayList<>();
    private final List<CancelAll> cancelAlls = new ArrayList<>();
    private final List<Resolution> resolutions = new ArrayList<>();
    private final List<Instant> nights = new ArrayList<>();
    private Chain chain = new Chain(7, 70_000, 3, 0);
    private OrderFingerprint reported = FINGERPRINT;
    private OrderKind kind = OrderKind.LIMIT;
    private String status = "FILLED";
    private long filled = 3;
    private AccountTotals balanceRead = TOTALS;
    private AccountTotals gatewayTotals = TOTALS;
    private Bounds bounds = new Bounds(18, 10, 10, 10);

    @Test
    void a_correct_day_passes() {
        assertThat(findings()).isEmpty();
    }

    @Test
    void an_early_acknowledgement_is_found() {
        acknowledgements.add(new Acknowledgement("k", "o", false));
        assertFound("acknowledged before it was on disk");
    }

    @Test
    void a_send_before_the_disk_is_found() {
        sent.add(sentCall(NOW, false));
        assertFound("transmitted before the journal entry was durable");
    }

    @Test
    void a_key_with_two_orders_is_found() {
        acknowledgements.add(new Acknowledgement("k", "another", true));
        assertFound("one key, two orders");
    }

    @Test
    void a_key_refused_after_its_acceptance_is_found() {
        refusedAfterAcceptance.add("k QUEUE_TIMEOUT");
        assertFound("accepted before and refused now");
    }

    @Test
    void a_call_after_its_deadline_is_found() {
        sent.add(sentCall(NOW.plusMillis(1_001), true));
        assertFound("transmitted after its deadline");
    }

    @Test
    void an_order_sent_without_a_request_is_found() {
        sent.add(new SentCall(
                NOW,
                NOW,
                1,
                true,
                Optional.of("o"),
                Optional.of(new OrderFingerprint("005930", "BUY", 4, 70_000)),
                true,
                true));
        assertFound("transmitted without a request");
    }

    @Test
    void too_many_calls_in_a_second_are_found() {
        IntStream.range(0, 10).forEach(i -> sent.add(sentCall(NOW.plusMillis(99L * (i + 1)), true)));
        assertFound("more than 10 calls to the ledger in a second");
        clockSteps.add(NOW.plusMillis(500));
        assertThat(findings())
                .as("who paces by a clock that jumps loses count of that second")
                .isEmpty();
    }

    @Test
    void the_same_calls_over_a_second_pass() {
        IntStream.range(0, 10).forEach(i -> sent.add(sentCall(NOW.plusMillis(100L * (i + 1)), true)));
        assertThat(findings()).isEmpty();
    }

    @Test
    void a_limit_that_was_passed_is_found() {
        bounds = new Bounds(18, 10, 0, 10);
        assertFound("are allowed");
        bounds = new Bounds(18, 10, 10, 2);
        assertFound("above the limit of 2 shares");
    }

    @Test
    void a_decreasing_cursor_is_found() {
        published.add(published(4, 1, "FILLED"));
        assertFound("a cursor decreased");
    }

    @Test
    void a_cursor_that_a_later_process_uses_again_is_found() {
        published.add(published(5, 2, "FILLED"));
        assertFound("a cursor decreased");
    }

    @Test
    void a_refusal_that_was_not_final_is_found() {
        published.add(published(6, 1, "REJECTED"));
        assertThat(findings()).isEmpty();
        published.add(published(7, 1, "SENT"));
        assertFound("refused and active again");
    }

    @Test
    void an_order_in_doubt_without_an_alert_is_found() {
        status = "UNKNOWN";
        assertFound("in doubt without an alert");
        alerts.add("order_unresolved order o");
        assertThat(findings()).isEmpty();
    }

    @Test
    void a_cancel_without_an_end_is_found() {
        status = "CANCEL_PENDING";
        cancels.add(new Cancel("o", "c", true));
        assertFound("the cancel was accepted and the order is CANCEL_PENDING");
    }

    @Test
    void an_order_that_outlives_the_session_is_found() {
        status = "PARTIAL_FILLED";
        assertFound("the session has ended and the order has not");
    }

    @Test
    void a_modification_that_was_made_twice_is_found() {
        changes.add(new ModifyCall("o", OptionalLong.empty(), OptionalLong.of(70_100)));
        reported = new OrderFingerprint("005930", "BUY", 3, 70_100);
        chain = new Chain(7, 70_100, 3, 1);
        assertThat(findings()).isEmpty();
        chain = new Chain(7, 70_100, 3, 2);
        assertFound("modified 2 times and requested 1 times");
    }

    @Test
    void a_price_or_quantity_that_is_not_in_force_is_found() {
        status = "EXPIRED";
        chain = new Chain(7, 70_100, 3, 0);
        assertFound("terms differ at the broker");
        chain = new Chain(7, 70_000, 2, 0);
        assertFound("terms differ at the broker");
    }

    @Test
    void an_order_with_terms_that_were_not_requested_is_found() {
        reported = new OrderFingerprint("005930", "BUY", 2, 70_000);
        assertFound("acknowledged as a different order");
    }

    @Test
    void a_placing_under_the_kill_switch_is_found() {
        killSwitchSpans.add(new Span(NOW.minusMillis(2), NOW.plusSeconds(5)));
        assertFound("transmitted while the kill switch was on");
        killSwitchSpans.set(0, new Span(NOW, NOW.plusSeconds(5)));
        assertThat(findings()).as("a send before it was on").isEmpty();
    }

    @Test
    void money_and_shares_that_differ_are_found() {
        gatewayTotals = new AccountTotals(140_000, 0, Map.of("005930", 2L));
        assertFound("the orders add up to");
        gatewayTotals = TOTALS;
        balanceRead = new AccountTotals(210_000, 1, Map.of("005930", 3L));
        assertFound("the gateway read");
    }

    @Test
    void a_repeated_cancel_all_that_names_other_orders_is_found() {
        cancelAlls.add(new CancelAll("s", Optional.empty(), List.of(Set.of("o"), Set.of("o")), 1));
        assertThat(findings()).isEmpty();
        cancelAlls.set(0, new CancelAll("s", Optional.empty(), List.of(Set.of("o"), Set.of()), 1));
        assertFound("one key, two cancel-alls");
    }

    @Test
    void a_cancel_of_one_symbol_that_cancels_another_is_found() {
        cancelAlls.add(new CancelAll("s", Optional.of("000660"), List.of(Set.of("o")), 1));
        assertFound("cancelled by a cancel-all of another symbol");
    }

    @Test
    void an_order_cancelled_without_a_request_is_found() {
        status = "CANCELED";
        assertFound("cancelled without a request");
        cancelAlls.add(new CancelAll("s", Optional.empty(), List.of(Set.of()), 0));
        assertFound("cancelled without a request"); // it was answered before the order was requested
        cancelAlls.add(new CancelAll("t", Optional.of("000660"), List.of(), 1));
        assertFound("cancelled without a request");
        cancelAlls.add(new CancelAll("u", Optional.of("005930"), List.of(), 1));
        assertThat(findings()).noneMatch(sentence -> sentence.contains("without a request"));
    }

    @Test
    void the_exchange_cancels_an_order_at_a_best_price_only_while_nothing_of_it_is_filled() {
        status = "CANCELED";
        kind = OrderKind.regular(OrderType.TOP);
        assertFound("cancelled without a request");
        filled = 0;
        assertThat(findings()).noneMatch(sentence -> sentence.contains("without a request"));
        kind = OrderKind.MARKET;
        assertFound("cancelled without a request");
    }

    @Test
    void a_resolution_that_is_not_in_force_is_found() {
        resolutions.add(new Resolution("o", Optional.of(7L)));
        assertThat(findings()).isEmpty();
        resolutions.set(0, new Resolution("o", Optional.of(8L)));
        assertFound("differs from the operator's resolution");
        resolutions.set(0, new Resolution("o", Optional.empty()));
        assertFound("differs from the operator's resolution");
    }

    @Test
    void a_request_for_an_order_of_yesterday_is_found() {
        nights.add(NOW.plusSeconds(2));
        assertThat(findings()).isEmpty();
        sent.add(new SentCall(NOW.plusSeconds(3), NOW, 1, true, Optional.of("o"), Optional.empty(), false, true));
        assertFound("transmitted on the following day");
    }

    @Test
    void a_daily_limit_counts_each_day_for_itself() {
        bounds = new Bounds(18, 10, 0, 10);
        assertFound("are allowed");
    }

    private static Published published(long seq, int life, String status) {
        return new Published("A1", seq, life, "o", status);
    }

    private static SentCall sentCall(Instant at, boolean durable) {
        return new SentCall(at, at, 1, true, Optional.of("o"), Optional.of(FINGERPRINT), true, durable);
    }

    private void assertFound(String what) {
        assertThat(findings()).anyMatch(sentence -> sentence.contains(what));
    }

    private List<String> findings() {
        return HistoryChecker.check(new DayTrace(
                List.of(new ClientCall("k", FINGERPRINT, NOW.plusSeconds(1), Optional.of("o"), false, kind)),
                cancels,
                changes,
                List.of(new ReportedOrder("o", "k", reported, status, filled, Optional.of(7L))),
                List.of(new BookedOrder(7, FINGERPRINT, NOW, 3, 0)),
                List.of(chain),
                Set.of(),
                acknowledgements,
                refusedAfterAcceptance,
                sent,
                killSwitchSpans,
                published,
                alerts,
                gatewayTotals,
                TOTALS,
                Optional.of(balanceRead),
                bounds,
                clockSteps,
                new DayTrace.BulkActions(cancelAlls, resolutions, true),
                nights,
                true));
    }
}
