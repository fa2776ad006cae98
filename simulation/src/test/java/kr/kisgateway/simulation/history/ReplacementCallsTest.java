package kr.kisgateway.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.simulation.history.DayTrace.AccountTotals;
import kr.kisgateway.simulation.history.DayTrace.Bounds;
import kr.kisgateway.simulation.history.DayTrace.ModifyCall;
import kr.kisgateway.simulation.history.DayTrace.ReplacedBy;
import kr.kisgateway.simulation.history.DayTrace.SentCall;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;
import org.junit.jupiter.api.Test;

/** Orders that replace others, and orders that must not rest: a correct day passes, each defect is found. */
class ReplacementCallsTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final OrderFingerprint FIRST = new OrderFingerprint("005930", "BUY", 10, 70_000);
    private static final AccountTotals NOTHING = new AccountTotals(0, 0, Map.of());

    private final List<ModifyCall> changes = new ArrayList<>(List.of(new ModifyCall(
            "o", OptionalLong.of(15), OptionalLong.empty(), Optional.of(new ReplacedBy(NOW.plusSeconds(5))))));
    private String replacedStatus = "CANCELED";
    private final List<SentCall> sent = new ArrayList<>();
    private OrderFingerprint booked = new OrderFingerprint("005930", "BUY", 11, 70_000);
    private OrderFingerprint second = new OrderFingerprint("005930", "BUY", 11, 70_000);
    private OrderKind kind = OrderKind.LIMIT;
    private String secondStatus = "EXPIRED";
    private long secondFilled;
    private boolean doubled;

    private List<String> findings() {
        var reported = new ArrayList<>(List.of(
                new ReportedOrder("o", "k", FIRST, replacedStatus, 4, Optional.of(7L)),
                new ReportedOrder("p", "replace:o", second, secondStatus, secondFilled, Optional.of(8L))));
        var book = new ArrayList<>(
                List.of(new BookedOrder(7, FIRST, NOW, 4, 6), new BookedOrder(8, booked, NOW, secondFilled, 0)));
        if (doubled) {
            book.add(new BookedOrder(9, booked, NOW, 0, 0));
        }
        var calls = List.of(new ClientCall("k", FIRST, NOW.plusSeconds(1), Optional.of("o"), false, kind));
        return HistoryChecker.check(new DayTrace(
                ReplacementCalls.with(calls, changes, reported, sent),
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
                NOTHING,
                NOTHING,
                Optional.of(NOTHING),
                new Bounds(18, 10, 10, 100),
                List.of(),
                new DayTrace.BulkActions(List.of(), List.of(), true),
                List.of(),
                true));
    }

    private void assertFound(String what) {
        assertThat(findings()).anyMatch(sentence -> sentence.contains(what));
    }

    @Test
    void a_replacement_that_was_asked_for_passes() {
        assertThat(findings()).isEmpty();
    }

    @Test
    void a_replacement_that_was_not_asked_for_is_found() {
        changes.clear();
        changes.add(new ModifyCall("o", OptionalLong.of(15), OptionalLong.empty()));
        assertFound("order without a request");
    }

    @Test
    void a_replacement_of_more_than_the_fills_left_is_found() {
        second = new OrderFingerprint("005930", "BUY", 15, 70_000);
        booked = second;
        assertFound("acknowledged as a different order");
    }

    @Test
    void a_replacement_takes_the_price_in_force_and_may_get_another_later() {
        changes.add(new ModifyCall("o", OptionalLong.empty(), OptionalLong.of(70_100)));
        changes.add(new ModifyCall("p", OptionalLong.empty(), OptionalLong.of(70_500)));
        second = new OrderFingerprint("005930", "BUY", 11, 70_500);
        booked = new OrderFingerprint("005930", "BUY", 11, 70_100);
        sent.add(new SentCall(
                NOW.plusSeconds(4), NOW.plusSeconds(4), 1, true, Optional.of("p"), Optional.of(booked), true, true));
        assertThat(findings()).isEmpty();

        booked = new OrderFingerprint("005930", "BUY", 11, 70_200);
        sent.set(0, new SentCall(NOW, NOW, 1, true, Optional.of("p"), Optional.of(booked), true, true));
        assertFound("matched with a different order");
    }

    @Test
    void a_second_order_for_one_replacement_is_found() {
        doubled = true;
        assertFound("at the broker 2 times");
    }

    @Test
    void a_replacement_of_an_order_that_rests_is_found() {
        replacedStatus = "SENT";
        assertFound("replaces an order that has not ended");
    }

    @Test
    void an_immediate_order_that_rests_or_fills_in_part_is_found() {
        kind = limit(TimeInForce.FOK);
        assertFound("rested until the close although it is FOK");
        secondStatus = "CANCELED";
        secondFilled = 3;
        assertFound("filled in part although it is FOK");
        kind = limit(TimeInForce.IOC);
        assertThat(findings()).noneMatch(sentence -> sentence.contains("although"));
    }

    private static OrderKind limit(TimeInForce timeInForce) {
        return new OrderKind(OrderType.LIMIT, OrderSession.REGULAR, timeInForce);
    }
}
