package kr.kisgateway.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;
import kr.kisgateway.simulation.history.ParentCall.Leg;
import kr.kisgateway.simulation.history.ParentCall.Role;
import kr.kisgateway.simulation.history.ParentCall.Trigger;
import kr.kisgateway.simulation.history.ParentTrace.ParentFact;
import kr.kisgateway.simulation.history.ParentTrace.PriceSeen;
import kr.kisgateway.simulation.history.ParentTrace.ReportedParent;
import org.junit.jupiter.api.Test;

/** A bracket of ten shares, written by hand: bought, stopped at 90, sold. Each defect in it has its own finding. */
class ParentChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final Instant UNTIL = NOW.plusSeconds(600);
    private static final OrderFingerprint BUY = new OrderFingerprint("003490", "BUY", 10, 100);
    private static final OrderFingerprint SELL = new OrderFingerprint("003490", "SELL", 10, 0);
    private static final List<Leg> LEGS = List.of(
            new Leg(Role.ENTRY, BUY, new Trigger.Now(), UNTIL),
            new Leg(Role.STOP, SELL, new Trigger.Price("003490", false, 90), UNTIL));

    private final List<ParentFact> history = new ArrayList<>(List.of(
            fact(0, "Accepted", -1, "", 0),
            fact(0, "ChildStarted", 0, "o1", 10),
            fact(10, "ChildEnded", 0, "o1", 10),
            fact(20, "Triggered", 1, "", 0),
            fact(21, "ChildStarted", 1, "o2", 10),
            fact(30, "ChildEnded", 1, "o2", 10),
            fact(30, "Ended", -1, "", 0)));
    private final List<ParentTrace.Cancel> cancels = new ArrayList<>();
    private final List<ParentTrace.SentExit> sentExits = new ArrayList<>();
    private final List<PriceSeen> prices =
            new ArrayList<>(List.of(new PriceSeen(NOW.plusSeconds(20), 1, "003490", 89, 91, 90)));
    private final List<Instant> salesElsewhere = new ArrayList<>();
    private final List<DayTrace.Span> balanceLags = new ArrayList<>();
    private long sold = 10;
    private String key = "parent:p:o2";
    private final List<ParentCall> calls = new ArrayList<>(List.of(call("k", LEGS, Optional.of("p"), false)));
    private final List<List<Leg>> versions = new ArrayList<>(List.of(LEGS));
    private final List<ReportedParent> others = new ArrayList<>();

    @Test
    void a_bracket_that_was_stopped_has_no_findings() {
        assertThat(findings()).isEmpty();
    }

    @Test
    void a_stop_for_more_than_the_entry_filled_is_found() {
        sold = 11;
        history.set(4, fact(21, "ChildStarted", 1, "o2", 11));
        assertFound("closes more than is left");
    }

    @Test
    void an_order_that_is_placed_twice_is_found() {
        history.add(5, fact(22, "ChildStarted", 1, "o3", 10));
        assertFound("was placed twice");
    }

    @Test
    void an_order_that_no_parent_order_started_is_found() {
        history.remove(4);
        assertFound("an order of 0 parent orders");
    }

    @Test
    void an_order_after_the_acknowledged_cancel_is_found() {
        cancels.add(new ParentTrace.Cancel("p", NOW.plusSeconds(15)));
        assertFound("placed after its parent order was cancelled");
    }

    @Test
    void an_order_after_the_end_is_found() {
        history.remove(6);
        history.add(3, fact(12, "Ended", -1, "", 0));
        assertFound("placed after its parent order ended");
    }

    @Test
    void a_price_that_is_reached_and_ignored_is_found() {
        history.set(3, fact(28, "Triggered", 1, "", 0));
        assertFound("the price was reached and nothing was done");
    }

    @Test
    void an_exit_by_the_first_price_after_a_start_is_found() {
        history.set(3, fact(20, 2, "Triggered", 1, "", 0));
        prices.set(0, new PriceSeen(NOW.plusSeconds(20), 2, "003490", 89, 91, 90));
        assertFound("after an absence without a decision");
        prices.addFirst(new PriceSeen(NOW.plusSeconds(19), 2, "003490", 95, 96, 95));
        assertThat(findings()).isEmpty();
    }

    @Test
    void the_first_price_after_a_start_counts_however_new_the_parent_order_is() {
        history.set(3, fact(3, 2, "Triggered", 1, "", 0));
        prices.set(0, new PriceSeen(NOW.plusSeconds(3), 2, "003490", 89, 91, 90));
        prices.addFirst(new PriceSeen(NOW.plusSeconds(1), 2, "003490", 95, 96, 95));
        assertThat(findings()).noneMatch(sentence -> sentence.contains("after an absence"));
        history.set(3, fact(1, 2, "Triggered", 1, "", 0));
        prices.set(0, new PriceSeen(NOW.plusSeconds(1), 2, "003490", 89, 91, 90));
        assertFound("after an absence without a decision");
    }

    @Test
    void an_exit_beside_another_order_of_the_bracket_is_found() {
        sentExits.add(new ParentTrace.SentExit("o2", NOW.plusSeconds(21), Set.of(1L), 10, 10, 0));
        assertFound("two exits at the exchange");
    }

    @Test
    void a_stop_for_more_shares_than_may_be_sold_is_found_unless_they_were_sold_elsewhere_a_moment_before() {
        sentExits.add(new ParentTrace.SentExit("o2", NOW.plusSeconds(21), Set.of(), 10, 4, 0));
        assertFound("exceeds the position");
        salesElsewhere.add(NOW.plusSeconds(15));
        assertThat(findings()).isEmpty();
    }

    @Test
    void a_stop_for_shares_that_the_gateway_has_just_sold_is_found_unless_the_balance_lags() {
        sentExits.add(new ParentTrace.SentExit("o2", NOW.plusSeconds(21), Set.of(), 10, 4, 6));
        assertFound("exceeds the position");
        balanceLags.add(new DayTrace.Span(NOW, NOW.plusSeconds(28)));
        assertThat(findings()).isEmpty();
        balanceLags.set(0, new DayTrace.Span(NOW.minusSeconds(20), NOW.plusSeconds(20)));
        assertFound("exceeds the position");
        balanceLags.set(0, new DayTrace.Span(NOW, NOW.plusSeconds(28)));
        sentExits.set(0, new ParentTrace.SentExit("o2", NOW.plusSeconds(21), Set.of(), 10, 4, 5));
        assertFound("exceeds the position");
    }

    @Test
    void a_stop_that_is_given_up_before_its_time_is_found_where_the_broker_holds_its_shares() {
        history.removeLast();
        history.removeLast();
        history.set(4, givenUp(21, "INSUFFICIENT_POSITION_QTY only 0 shares", Map.of("A1 003490", 10L)));
        assertFound("an exit was given up");
        history.set(4, givenUp(21, "KILL_SWITCH it is on", Map.of("A1 003490", 10L)));
        assertThat(findings()).noneMatch(sentence -> sentence.contains("an exit was given up"));
        history.set(4, givenUp(21, "INSUFFICIENT_POSITION_QTY only 0 shares", Map.of()));
        assertThat(findings()).noneMatch(sentence -> sentence.contains("an exit was given up"));
    }

    private static ParentFact givenUp(int second, String reason, Map<String, Long> sellable) {
        return new ParentFact(
                NOW.plusSeconds(second),
                1,
                "Unplaced",
                OptionalInt.of(1),
                Optional.empty(),
                0,
                90,
                false,
                false,
                Optional.of(new ParentTrace.GivenUp("REFUSED", reason, sellable)));
    }

    @Test
    void a_part_of_a_refused_stop_is_no_second_order() {
        history.add(4, fact(21, "ChildStarted", 1, "o0", 10));
        assertThat(findings()).isEmpty();
    }

    @Test
    void a_parent_order_that_counts_other_fills_is_found() {
        history.set(5, fact(30, "ChildEnded", 1, "o2", 9));
        assertFound("the parent order counts other fills");
    }

    @Test
    void an_order_under_the_key_of_another_parent_order_is_found() {
        key = "parent:q:o2";
        assertFound("an order of another parent order");
    }

    private static ParentCall call(String key, List<Leg> legs, Optional<String> parent, boolean refused) {
        return new ParentCall(key, "BRACKET", legs, parent, refused);
    }

    private void assertFound(String finding) {
        assertThat(findings()).anyMatch(sentence -> sentence.contains(finding));
    }

    @Test
    void a_parent_order_without_a_request_is_found() {
        calls.clear();
        assertFound("parent order without a request");
    }

    @Test
    void a_parent_order_that_was_refused_and_exists_is_found() {
        calls.set(0, call("k", LEGS, Optional.empty(), true));
        assertFound("refused parent order exists");
    }

    @Test
    void a_parent_order_with_other_legs_than_requested_is_found() {
        calls.set(0, call("k", LEGS.subList(0, 1), Optional.of("p"), false));
        assertFound("acknowledged as a different parent order");
    }

    @Test
    void a_parent_order_that_was_acknowledged_and_is_not_there_is_found() {
        calls.add(call("k2", LEGS, Optional.of("q"), false));
        assertFound("acknowledged parent order missing");
    }

    @Test
    void a_second_parent_order_under_one_key_is_found() {
        others.add(new ReportedParent(
                "q",
                "k",
                "COMPLETED",
                false,
                List.of(LEGS),
                List.of(fact(0, "Accepted", -1, "", 0), fact(30, "Ended", -1, "", 0))));
        assertFound("one key, two parent orders");
    }

    @Test
    void a_parent_order_that_changed_by_itself_is_found() {
        versions.add(List.of(LEGS.getFirst(), new Leg(Role.STOP, SELL, new Trigger.Price("003490", false, 91), UNTIL)));
        assertFound("parent order changed without a request");
    }

    private List<String> findings() {
        var parents = new ArrayList<>(List.of(new ReportedParent("p", "k", "COMPLETED", false, versions, history)));
        parents.addAll(others);
        var trace = new ParentTrace(
                calls,
                List.of(),
                cancels,
                parents,
                prices,
                Map.of("o1", NOW, "o2", NOW.plusSeconds(21)),
                sentExits,
                List.of(),
                Map.of("KRX", List.of(new DayTrace.Span(NOW.minusSeconds(60), UNTIL.plusSeconds(60)))),
                salesElsewhere,
                balanceLags);
        OrderFingerprint exit = SELL.with(sold, 0);
        List<ReportedOrder> reported = List.of(
                new ReportedOrder("o1", "parent:p:o1", BUY, "FILLED", 10, Optional.of(1L)),
                new ReportedOrder("o2", key, exit, "FILLED", sold, Optional.of(2L)));
        var totals = new DayTrace.AccountTotals(1_000, 0, Map.of());
        return HistoryChecker.check(new DayTrace(
                ParentChecks.with(List.of(), trace, reported),
                List.of(),
                List.of(),
                reported,
                List.of(new BookedOrder(1, BUY, NOW, 10, 0), new BookedOrder(2, exit, NOW, sold, 0)),
                List.of(new DayTrace.Chain(1, 100, 10, 0), new DayTrace.Chain(2, 0, sold, 0)),
                Set.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                totals,
                totals,
                Optional.empty(),
                new DayTrace.Bounds(18, 10, 1_000, 1_000),
                List.of(),
                DayTrace.BulkActions.none(),
                List.of(),
                true,
                trace));
    }

    private static ParentFact fact(int second, String type, int leg, String child, long qty) {
        return fact(second, 1, type, leg, child, qty);
    }

    private static ParentFact fact(int second, int life, String type, int leg, String child, long qty) {
        return new ParentFact(
                NOW.plusSeconds(second),
                life,
                type,
                leg < 0 ? OptionalInt.empty() : OptionalInt.of(leg),
                child.isEmpty() ? Optional.empty() : Optional.of(child),
                qty,
                90,
                false,
                false,
                Optional.empty());
    }
}
