package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.alert;
import static kr.kisgateway.gateway.order.TradingDayFixture.listedRow;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** Answers of the broker, and changes of an order at the broker. */
class OrderCoreAnswersTest {
    private final TradingDayFixture day = TradingDayFixture.open();

    @Test
    void a_change_without_an_answer_alerts_and_requests_the_list_at_once() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(day.eventsOf(id)).last().isEqualTo(new OrderEvent.SendInDoubt(id, 2, "TIMEOUT", "no answer"));
        assertThat(day.raisedAlerts())
                .containsExactly(alert(
                        Level.P2,
                        AlertEvent.REQUEST_IN_DOUBT,
                        id,
                        "CANCEL was sent and its result is unknown (TIMEOUT); KIS is being queried"));
        assertThat(day.requestedLists()).containsExactly(TradingDayFixture.ON_FRIDAY);
    }

    @Test
    void a_refused_change_requests_the_list_and_a_refused_placing_does_not() {
        OrderId refused = day.buy("k0");
        day.grantSlot();
        day.deliverOutcome(refused, 1, new Outcome.Refused("APBK0000", "no"));
        assertThat(day.eventsOf(refused)).last().isEqualTo(new OrderEvent.BrokerRefused(refused, 1, "APBK0000", "no"));
        assertThat(day.requestedLists()).isEmpty();

        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Refused("APBK0344", "nothing to cancel"));
        assertThat(day.eventsOf(id))
                .last()
                .isEqualTo(new OrderEvent.BrokerRefused(id, 2, "APBK0344", "nothing to cancel"));
        assertThat(day.requestedLists()).as("it may have been filled").containsExactly(TradingDayFixture.ON_FRIDAY);
    }

    @Test
    void a_late_answer_with_another_number_than_the_one_matched_alerts_and_requests_the_list() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList(listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.order(id).placing().odno()).hasValue(101);
        day.effects.clear();
        int recorded = day.journal.size();

        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        day.deliverOutcome(id, 1, new Outcome.Refused("APBK0000", "no"));
        assertThat(day.effects)
                .as("a confirmation, and one that is too late to matter")
                .isEmpty();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 102, "100000"));
        assertThat(day.raisedAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.ORDER_NUMBER_CONFLICT,
                        id,
                        "it was matched with 101 and KIS now reports 102"));
        assertThat(day.requestedLists()).containsExactly(TradingDayFixture.ON_FRIDAY);
        assertThat(day.journal).hasSize(recorded);
    }

    @Test
    void a_late_answer_to_a_request_without_a_number_changes_nothing() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Refused("APBK0000", "no"));
        int recorded = day.journal.size();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        assertThat(day.journal).hasSize(recorded);
        assertThat(day.raisedAlerts()).isEmpty();
    }

    @Test
    void an_accepted_cancel_requests_the_list_a_second_later_and_an_accepted_price_change_does_not() {
        OrderId changed = day.placeSent("k0", 100);
        day.modify(changed, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(changed, 2, new Outcome.Taken("06010", 105, "100000"));
        assertThat(day.core.nextTimer())
                .as("dispatch_by and the next comparison")
                .contains(day.now.plusSeconds(5));

        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        assertThat(day.requestedLists()).isEmpty();
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(1));
        day.advance(Duration.ofSeconds(1));
        assertThat(day.requestedLists()).containsExactly(TradingDayFixture.ON_FRIDAY);
    }

    @Test
    void an_accepted_cancel_of_an_order_that_was_filled_meanwhile_requests_no_list() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.receiveFill(101, 10, 70_000, 100_001);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        day.advance(Duration.ofSeconds(1));
        assertThat(day.requestedLists()).isEmpty();
    }

    @Test
    void the_confirmation_of_a_cancel_before_its_answer_counts_once_the_answer_brings_its_number() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 10, 0);
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        assertThat(day.eventsOf(id)).last().isEqualTo(new OrderEvent.Canceled(id, 10, "canceled"));
    }

    @Test
    void the_brokers_clock_is_learned_from_an_answer_to_a_first_attempt() {
        OrderId first = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(first, 1, new Outcome.Taken("06010", 101, "100030")); // 30 seconds ahead
        OrderId id = inDoubt("k2");
        day.receiveList(listedRow(102, 100_024, 0, 0, 0)); // the first is not listed yet
        assertThat(day.status(id)).as("accepted before it was sent").isEqualTo(OrderStatus.UNKNOWN);
        day.advance(Duration.ofSeconds(1));
        day.receiveList(listedRow(102, 100_025, 0, 0, 0));
        assertThat(day.order(id).placing().odno()).hasValue(102);
    }

    @Test
    void the_brokers_clock_is_not_learned_from_an_answer_to_a_retry() {
        OrderId first = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(first, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        day.advance(Duration.ofMillis(200));
        day.grantSlot();
        assertThat(day.eventsOf(first)).last().isEqualTo(new OrderEvent.SendStarted(first, 1, 2, List.of(), 0));
        day.deliverOutcome(first, 1, new Outcome.Taken("06010", 101, "100030"));
        OrderId id = inDoubt("k2");
        day.receiveList(listedRow(101, 100_030, 0, 0, 0), listedRow(102, 100_020, 0, 0, 0));
        assertThat(day.order(id).placing().odno()).hasValue(102);
    }

    @Test
    void an_answer_without_a_time_is_accepted() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, ""));
        assertThat(day.eventsOf(id))
                .last()
                .isEqualTo(new OrderEvent.BrokerAccepted(id, 1, "06010", 101, "", OrderEvent.MatchedBy.ANSWER));
    }

    /** Buys 10 at 70,000; the answer is lost. */
    private OrderId inDoubt(String key) {
        OrderId id = day.buy(key);
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        return id;
    }

    // ---- changes ----

    @Test
    void a_price_change_after_a_refused_reduction_is_sent() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 71_000);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Refused("APBK0000", "no"));
        assertThat(day.eventsOf(id))
                .endsWith(
                        new OrderEvent.BrokerRefused(id, 2, "APBK0000", "no"),
                        new OrderEvent.BrokerRefused(
                                id, 3, "NOT_SENT", "the quantity reduction was refused; the order is unchanged"));
        day.modify(id, 0, 71_000);
        day.advance(Duration.ofSeconds(1));
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendModify.class).orElseThrow())
                .returns(4, OrderEffect.SendModify::request)
                .returns(71_000L, OrderEffect.SendModify::price);
    }

    @Test
    void a_price_change_planned_after_a_refused_reduction_is_not_refused_when_the_same_list_ends_the_order() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 71_000);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 103, "100001"));
        day.advance(Duration.ofSeconds(1));
        day.receiveList(listedRow(101, 100_000, 0, 0, 10), refusedCancelRow(103, 101, 4));
        assertThat(day.eventsOf(id))
                .endsWith(
                        new OrderEvent.BrokerRefused(id, 2, "EXCHANGE", "the broker lists it as refused"),
                        new OrderEvent.Canceled(id, 10, "canceled"),
                        new OrderEvent.Corrected(
                                id,
                                OrderStatus.MODIFY_PENDING,
                                "filled 0, open 0, canceled 10",
                                OrderStatus.CANCELED,
                                0,
                                0));
    }

    private static BrokerOrder refusedCancelRow(long odno, long original, long qty) {
        return new BrokerOrder(
                BrokerOrder.Kind.CANCEL,
                odno,
                original,
                "06010",
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                qty,
                0,
                Optional.of(OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                100_001,
                0,
                0,
                0,
                0,
                qty);
    }

    @Test
    void a_fill_under_the_number_of_a_modification_elsewhere_counts_once_the_list_shows_the_number() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.receiveNotice(Notice.Kind.FILLED, 105, 101, 2, 69_000);
        assertThat(day.order(id).filled()).isZero();
        day.advance(Duration.ofSeconds(1));
        day.receiveList(
                listedRow(101, 100_000, 0, 0, 10), TradingDayFixture.modifiedRow(105, 101, 10, 69_000, 0, 10, 0));
        assertThat(day.order(id).brokerRef(105).orElseThrow().filled()).isEqualTo(2);
    }

    @Test
    void a_buffered_fill_is_not_considered_again_with_each_change_of_its_order() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.receiveNotice(Notice.Kind.FILLED, 105, 101, 2, 70_400);
        day.advance(Duration.ofSeconds(1));
        day.readListsUntilPausesAreLong(listedRow(101, 100_000, 0, 0, 0));
        day.receiveFill(101, 1, 70_000, 100_040);
        assertThat(day.order(id).filled()).isEqualTo(1);
        assertThat(day.core.nextTimer()).as("the next comparison").contains(day.now.plusSeconds(5));
    }

    @Test
    void a_buffered_fill_requests_the_list_of_its_account_once_while_another_account_has_an_order_in_doubt() {
        day.settings = new OrderSettings(
                Map.of("A1", "K1", "B1", "K1"), 10, true, Duration.ofSeconds(5), Duration.ofSeconds(5), false);
        day.crash();
        day.readAllLists();
        day.placeSent("k1", 101);
        Terms terms = day.limit(Side.BUY, 10, 70_000);
        OrderId inDoubt = ((Answer.Accepted) day.placeOrder(
                        new Terms(
                                "B1",
                                terms.symbol(),
                                terms.side(),
                                terms.qty(),
                                terms.kind(),
                                terms.price(),
                                terms.venue(),
                                Optional.empty(),
                                terms.dispatchBy()),
                        "k2"))
                .order();
        day.grantSlot();
        day.deliverOutcome(inDoubt, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.effects.clear(); // the list of B1 remains in flight

        day.receiveNotice(Notice.Kind.FILLED, 105, 101, 2, 70_400);
        assertThat(day.requestedLists()).containsExactly(TradingDayFixture.ON_FRIDAY);
        day.now = day.now.plusSeconds(2);
        day.receiveFill(101, 1, 70_000, 100_002);
        day.receiveList(listedRow(101, 100_000, 1, 70_000, 0));
        day.advance(Duration.ofSeconds(1));
        assertThat(day.requestedLists()).isEmpty();
    }
}
