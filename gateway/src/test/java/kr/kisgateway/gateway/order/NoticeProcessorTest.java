package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.listedRow;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** Execution notices that are late, repeated, of another order, or faster than the answer with their number. */
class NoticeProcessorTest {
    private static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
    private static final long NUMBER = BrokerNumbers.dated(TODAY, 201);
    private static final long NUMBER_OF_DAY_BEFORE = BrokerNumbers.dated(TODAY.minusDays(1), 201);

    private final TradingDayFixture day = TradingDayFixture.open();

    // ---- what a notice results in ----

    private boolean isListRequested() {
        return day.next(OrderEffect.RequestDailyOrders.class).isPresent();
    }

    private void assertListRequestedAtOnce() {
        assertThat(isListRequested()).as("the list is requested at once").isTrue();
    }

    /** A second is the time that a late notice has to arrive. */
    private void assertListRequestedAfterOneSecond() {
        assertThat(isListRequested()).as("requested at once").isFalse();
        day.advance(Duration.ofMillis(999));
        assertThat(isListRequested()).as("requested before a second has passed").isFalse();
        day.advance(Duration.ofMillis(1));
        assertThat(isListRequested()).as("requested after a second").isTrue();
    }

    private void assertNoListRequested() {
        assertThat(isListRequested()).as("requested at once").isFalse();
        day.advance(Duration.ofSeconds(1));
        assertThat(isListRequested()).as("requested after a second").isFalse();
    }

    private List<OrderEvent> recordedBy(Runnable notice) {
        int entries = day.journal.size();
        notice.run();
        return day.recordedSince(entries);
    }

    /** The events of a notice of this kind under {@code odno}, which changes or cancels {@code original}. */
    private List<OrderEvent> recordedBy(Notice.Kind kind, long odno, long original, long qty, long price) {
        return recordedBy(() -> day.receiveNotice(kind, odno, original, qty, price));
    }

    private List<OrderEvent> recordedByFill(long odno, long qty, long price, int time) {
        return recordedBy(() -> day.receiveFill(odno, qty, price, time));
    }

    private static OrderEvent.Filled filled(OrderId id, int number, long odno, long qty, long value, int time) {
        return new OrderEvent.Filled(
                id, qty, value, new Fill(id + "." + number, odno, qty, value, time, Fill.Source.NOTICE));
    }

    /** Requests the price 70,500 for an order; the request is being sent. */
    private OrderId sendModification(String key, long odno) {
        OrderId id = day.placeSent(key, odno);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendModify.class);
        return id;
    }

    private OrderId placeModified(String key, long odno, long modifiedOdno) {
        OrderId id = sendModification(key, odno);
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", modifiedOdno, "100001"));
        return id;
    }

    private OrderId sendCancel(String key, long odno) {
        OrderId id = day.placeSent(key, odno);
        day.cancel(id);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendCancel.class);
        return id;
    }

    /** Has an order whose partial cancel by 4 shares the broker took as {@code cancelOdno}. */
    private OrderId placeReduced(String key, long odno, long cancelOdno) {
        OrderId id = day.placeSent(key, odno);
        day.modify(id, 6, 0);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendCancel.class);
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", cancelOdno, "100001"));
        assertListRequestedAfterOneSecond();
        day.on(new OrderInput.ListArrived(
                day.order(id).accountDay(),
                new Broker.DailyOrders.Complete(day.now, List.of(listedRow(odno, 100_000, 0, 0, 0)))));
        return id;
    }

    // ---- fills ----

    @Test
    void a_fill_is_recorded_with_all_that_its_notice_reports_and_requires_no_list() {
        OrderId id = day.placeSent("k1", 101);
        assertThat(recordedByFill(101, 3, 70_000, 100_001)).containsExactly(filled(id, 1, 101, 3, 210_000, 100_001));
        assertThat(day.next(OrderEffect.FillExecuted.class))
                .contains(new OrderEffect.FillExecuted(
                        day.order(id), new Fill(id + ".1", 101, 3, 210_000, 100_001, Fill.Source.NOTICE)));
        assertThat(day.raisedAlerts()).isEmpty();
        assertNoListRequested();
    }

    @Test
    void notices_of_more_shares_than_ordered_are_not_counted_and_the_list_decides_at_once() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 7, 70_000, 100_001);
        assertThat(recordedByFill(101, 4, 70_000, 100_002)).isEmpty();
        assertThat(day.order(id).filled()).isEqualTo(7);
        assertThat(day.raisedAlerts())
                .containsExactly(new OrderEffect.Alert(
                        OrderEffect.Level.P1,
                        AlertEvent.OVERFILL,
                        id.text(),
                        "order " + id + ": notices under 101 add up to 11 shares and the order is for 10;"
                                + " the surplus is not counted",
                        Optional.of(id),
                        Optional.of("local")));
        assertListRequestedAtOnce();
        assertThat(recordedByFill(101, 3, 70_000, 100_003))
                .as("exactly the quantity of the order")
                .containsExactly(filled(id, 2, 101, 3, 210_000, 100_003));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    void fills_under_all_numbers_of_an_order_count_against_its_quantity() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 4, 70_000, 100_001);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 105, "100001"));
        assertThat(recordedByFill(105, 7, 70_500, 100_002)).isEmpty();
        assertThat(day.raisedAlerts()).singleElement().satisfies(alert -> {
            assertThat(alert.kind()).isEqualTo(AlertEvent.OVERFILL);
            assertThat(alert.message())
                    .isEqualTo("order " + id + ": notices under 105 add up to 7 shares and the order is for 10;"
                            + " the surplus is not counted");
        });
        assertListRequestedAtOnce();
        assertThat(recordedByFill(105, 6, 70_500, 100_003)).hasSize(1);
        assertThat(day.order(id)).returns(OrderStatus.FILLED, Order::status).returns(703_000L, Order::value);
    }

    @Test
    void a_notice_of_shares_that_the_list_counted_adds_neither_shares_nor_value_and_the_list_decides() {
        OrderId id = day.placeSent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(listedRow(101, 100_000, 6, 420_000, 0));
        day.requireEffect(OrderEffect.FillExecuted.class);
        for (int seconds = 1; seconds <= 2; seconds++) { // the pauses until the notices are complete grow
            day.advance(Duration.ofSeconds(seconds));
            day.receiveList(listedRow(101, 100_000, 6, 420_000, 0));
        }
        assertThat(recordedByFill(101, 4, 70_000, 100_001))
                .containsExactly(new OrderEvent.Filled(
                        id, 4, 280_000, new Fill(id + ".2", 101, 0, 0, 100_001, Fill.Source.NOTICE)));
        assertThat(day.order(id)).returns(6L, Order::filled).returns(420_000L, Order::value);
        assertThat(day.next(OrderEffect.FillExecuted.class))
                .as("nothing was executed that is not published")
                .isEmpty();
        assertListRequestedAfterOneSecond();
    }

    @Test
    void a_fill_under_the_number_of_a_modification_waits_for_its_answer_and_the_list_is_requested_soon() {
        OrderId id = sendModification("k1", 101);
        assertThat(recordedBy(Notice.Kind.FILLED, 105, 101, 3, 70_500)).isEmpty();
        assertThat(day.core.unmatchedNotices()).isEqualTo(1);
        assertListRequestedAfterOneSecond();
        assertThat(recordedBy(() -> day.deliverOutcome(id, 2, new Outcome.Taken("06010", 105, "100001"))))
                .containsExactly(
                        new OrderEvent.BrokerAccepted(id, 2, "06010", 105, "100001", MatchedBy.ANSWER),
                        filled(id, 1, 105, 3, 211_500, 100_002));
        assertThat(day.core.unmatchedNotices()).isZero();
    }

    // ---- numbers of two dates ----

    private OrderId placeUs(String key, Side side, long odno) {
        var terms = new Terms(
                "A1",
                APPLE,
                side,
                10,
                OrderKind.DAY_MARKET,
                OptionalLong.of(1_800_000),
                Venue.NASD,
                Optional.empty(),
                day.now.plusSeconds(5));
        OrderId id = ((Answer.Accepted) day.placeOrder(terms, key, TradingDayFixture.sellable(10, day.now))).order();
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", odno, "100000"));
        return id;
    }

    private void receiveUsFill(MarketSymbol symbol, Side side, long odno, int time) {
        day.on(new OrderInput.Noticed(new Notice(
                "A1",
                Notice.Kind.FILLED,
                odno,
                0,
                symbol,
                side,
                3,
                1_800_000,
                time,
                "06010",
                Optional.empty(),
                Optional.empty())));
    }

    @Test
    void a_us_fill_counts_under_the_number_of_the_day_before_when_only_that_is_an_order_of_it() {
        OrderId id = placeUs("k1", Side.BUY, NUMBER_OF_DAY_BEFORE);
        assertThat(recordedBy(() -> receiveUsFill(APPLE, Side.BUY, NUMBER, 100_001)))
                .containsExactly(filled(id, 1, NUMBER_OF_DAY_BEFORE, 3, 5_400_000, 100_001));
        assertThat(day.core.unmatchedNotices()).isZero();
    }

    @Test
    void a_us_fill_counts_under_the_number_of_its_own_date_when_both_dates_have_an_order_of_it() {
        placeUs("k1", Side.BUY, NUMBER_OF_DAY_BEFORE);
        OrderId id = placeUs("k2", Side.BUY, NUMBER);
        assertThat(recordedBy(() -> receiveUsFill(APPLE, Side.BUY, NUMBER, 100_001)))
                .containsExactly(filled(id, 1, NUMBER, 3, 5_400_000, 100_001));
    }

    @Test
    void a_us_fill_of_another_symbol_or_side_than_the_order_of_the_day_before_waits_for_its_own_order() {
        placeUs("k1", Side.BUY, NUMBER_OF_DAY_BEFORE);
        assertThat(recordedBy(() -> receiveUsFill(APPLE, Side.SELL, NUMBER, 100_001)))
                .isEmpty();
        assertThat(recordedBy(() -> receiveUsFill(new UsSymbol(UsExchange.NASD, "MSFT"), Side.BUY, NUMBER, 100_001)))
                .isEmpty();
        assertThat(day.raisedAlerts()).isEmpty();
        assertThat(day.core.unmatchedNotices()).isEqualTo(2);
        OrderId id = placeUs("k2", Side.SELL, NUMBER);
        assertThat(day.order(id).filled()).isEqualTo(3);
    }

    // ---- buffered notices ----

    @Test
    void a_buffered_notice_outlives_a_list_while_the_answer_with_its_number_is_outstanding() {
        OrderId id = sendModification("k1", 101);
        day.receiveNotice(Notice.Kind.FILLED, 105, 101, 3, 70_500);
        day.advance(Duration.ofSeconds(1));
        day.receiveList(listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.core.unmatchedNotices()).isEqualTo(1);
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 105, "100001"));
        assertThat(day.order(id).filled()).isEqualTo(3);
    }

    @Test
    void a_buffered_notice_of_a_recorded_order_without_an_outstanding_answer_ends_with_the_list() {
        OrderId id = sendModification("k1", 101);
        day.receiveNotice(Notice.Kind.FILLED, 105, 101, 3, 70_500);
        day.receiveNotice(Notice.Kind.FILLED, 900, 0, 3, 70_500);
        day.advance(Duration.ofSeconds(1));
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(day.core.unmatchedNotices()).isEqualTo(2);
        day.receiveList(listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.core.unmatchedNotices())
                .as("the notice under a number that no order has stays")
                .isEqualTo(1);
    }

    @Test
    void the_list_of_another_account_drops_no_buffered_notice() {
        day.settings = new OrderSettings(
                Map.of("A1", "K1", "B1", "K1"), 10, true, Duration.ofSeconds(5), Duration.ofSeconds(5), false);
        day.crash();
        day.receiveList();
        day.receiveList();
        OrderId id = sendModification("k1", 101);
        day.receiveNotice(Notice.Kind.FILLED, 105, 101, 3, 70_500);
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        var other = new AccountDay("B1", day.order(id).day());
        day.on(new OrderInput.ListArrived(other, new Broker.DailyOrders.Complete(day.now, List.of())));
        assertThat(day.core.unmatchedNotices()).isEqualTo(1);
    }

    @Test
    void a_notice_without_an_order_requests_no_list_while_none_is_in_doubt_and_the_buffer_has_room() {
        day.receiveFill(900, 3, 70_000, 100_001);
        assertThat(isListRequested()).as("with no order in flight").isFalse();
        day.buy("k1");
        day.grantSlot();
        day.receiveFill(901, 3, 70_000, 100_002);
        assertThat(isListRequested()).as("with an order in flight").isFalse();
        assertThat(day.core.unmatchedNotices()).isEqualTo(2);
    }

    @Test
    void a_notice_without_an_order_requests_the_list_at_once_while_an_order_is_in_doubt() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList();
        assertThat(isListRequested()).isFalse();
        day.receiveFill(900, 3, 70_000, 100_001);
        assertListRequestedAtOnce();
    }

    @Test
    void a_notice_that_the_full_buffer_drops_requests_the_list_only_while_an_order_is_in_flight() {
        for (int i = 0; i < UnmatchedNotices.CAPACITY; i++) {
            day.receiveFill(10_000 + i, 3, 70_000, 100_001);
        }
        assertThat(isListRequested()).as("the buffer was never full").isFalse();
        day.receiveFill(900, 3, 70_000, 100_001);
        assertThat(isListRequested())
                .as("none of the dropped is of an own order")
                .isFalse();
        day.buy("k1");
        day.grantSlot();
        day.receiveFill(901, 3, 70_000, 100_001);
        assertListRequestedAtOnce();
        assertThat(day.core.unmatchedNotices()).isEqualTo(UnmatchedNotices.CAPACITY);
    }

    // ---- cancels ----

    @Test
    void a_rest_that_the_exchange_cancels_ends_the_order_with_the_cancelled_quantity() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 4, 70_000, 100_001);
        assertThat(recordedBy(Notice.Kind.REST_CANCELED, 101, 0, 6, 0))
                .containsExactly(new OrderEvent.Canceled(id, 6, "canceled"));
        assertThat(day.order(id))
                .returns(OrderStatus.CANCELED, Order::status)
                .returns(4L, Order::filled)
                .returns(6L, Order::canceled);
        assertNoListRequested();
        assertThat(recordedBy(Notice.Kind.REST_CANCELED, 101, 0, 6, 0))
                .as("an ended order")
                .isEmpty();
    }

    @Test
    void a_cancelled_rest_that_leaves_shares_unreported_requests_the_list_soon() {
        OrderId id = day.placeSent("k1", 101);
        assertThat(recordedBy(Notice.Kind.REST_CANCELED, 101, 0, 6, 0))
                .containsExactly(new OrderEvent.Canceled(id, 6, "canceled"));
        assertListRequestedAfterOneSecond();
    }

    @Test
    void the_confirmation_of_a_cancel_waits_for_the_answer_with_its_number() {
        OrderId id = sendCancel("k1", 101);
        assertThat(recordedBy(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 10, 0)).isEmpty();
        assertThat(day.core.unmatchedNotices()).isEqualTo(1);
        assertNoListRequested();
        assertThat(recordedBy(() -> day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"))))
                .containsExactly(
                        new OrderEvent.BrokerAccepted(id, 2, "06010", 102, "100001", MatchedBy.ANSWER),
                        new OrderEvent.Canceled(id, 10, "canceled"));
        assertThat(day.core.unmatchedNotices()).isZero();
    }

    @Test
    void a_cancel_made_elsewhere_is_left_to_the_list_at_once_and_does_not_confirm_an_own_one() {
        OrderId id = day.placeSent("k1", 101);
        assertThat(recordedBy(Notice.Kind.CANCEL_CONFIRMED, 104, 101, 4, 0)).isEmpty();
        assertThat(day.core.unmatchedNotices()).isZero();
        day.receiveList(listedRow(101, 100_000, 0, 0, 0));
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        assertThat(recordedBy(Notice.Kind.CANCEL_CONFIRMED, 105, 101, 4, 0)).isEmpty();
        assertListRequestedAtOnce();
        assertThat(day.core.unmatchedNotices()).isZero();
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
    }

    @Test
    void a_repeated_confirmation_of_a_partial_cancel_has_no_effect_and_that_of_another_requests_the_list() {
        OrderId id = placeReduced("k1", 101, 102);
        assertThat(recordedBy(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 4, 0))
                .containsExactly(new OrderEvent.Reduced(id, 2, 101, 4));
        day.effects.removeIf(OrderEffect.RequestDailyOrders.class::isInstance);
        assertThat(recordedBy(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 4, 0)).isEmpty();
        assertThat(isListRequested()).isFalse();
        assertThat(recordedBy(Notice.Kind.CANCEL_CONFIRMED, 104, 101, 2, 0)).isEmpty();
        assertListRequestedAtOnce();
        assertThat(day.order(id).terms().qty()).isEqualTo(6);
    }

    // ---- modifications ----

    @Test
    void the_confirmation_of_a_modification_settles_only_one_whose_answer_is_lost() {
        OrderId id = sendModification("k1", 101);
        assertThat(recordedBy(Notice.Kind.MODIFY_CONFIRMED, 105, 101, 10, 70_500))
                .as("the answer is outstanding")
                .isEmpty();
        assertListRequestedAfterOneSecond();
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(recordedBy(Notice.Kind.MODIFY_CONFIRMED, 106, 101, 10, 69_000))
                .as("another price: it was modified elsewhere")
                .isEmpty();
        assertThat(recordedBy(Notice.Kind.MODIFY_CONFIRMED, 105, 101, 10, 70_500))
                .containsExactly(new OrderEvent.BrokerAccepted(id, 2, "06010", 105, "100002", MatchedBy.INFERENCE));
        assertThat(day.order(id).terms().price()).hasValue(70_500);
    }

    // ---- refusals of the exchange ----

    @Test
    void a_modification_that_the_exchange_refuses_is_reverted_once_and_its_repeated_notice_is_left_to_the_list() {
        OrderId id = placeModified("k1", 101, 105);
        assertThat(recordedBy(Notice.Kind.REJECTED, 105, 101, 10, 0))
                .containsExactly(new OrderEvent.BrokerRefused(id, 2, "EXCHANGE", "the exchange refused it"));
        assertThat(isListRequested()).isFalse();
        assertThat(recordedBy(Notice.Kind.REJECTED, 105, 101, 10, 0)).isEmpty();
        assertListRequestedAtOnce();
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void the_refusal_of_a_modification_made_elsewhere_reverts_no_own_one_and_requests_the_list() {
        OrderId id = placeModified("k1", 101, 105);
        assertThat(recordedBy(Notice.Kind.REJECTED, 107, 105, 10, 0)).isEmpty();
        assertListRequestedAtOnce();
        assertThat(day.order(id).terms().price()).hasValue(70_500);
    }

    @Test
    void the_refusal_of_a_change_under_the_first_number_of_an_order_does_not_refuse_the_order() {
        OrderId id = day.placeSent("k1", 101);
        assertThat(recordedBy(Notice.Kind.REJECTED, 101, 101, 10, 0)).isEmpty();
        assertListRequestedAtOnce();
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void the_refusal_of_an_unknown_change_refuses_a_change_in_flight_and_not_one_that_waits() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        assertThat(recordedBy(Notice.Kind.REJECTED, 105, 101, 10, 0))
                .as("it was not sent yet")
                .isEmpty();
        assertListRequestedAtOnce();
        day.grantSlot();
        assertThat(recordedBy(Notice.Kind.REJECTED, 105, 101, 10, 0))
                .containsExactly(new OrderEvent.BrokerRefused(id, 2, "EXCHANGE", "the exchange refused it"));
    }

    @Test
    void an_order_whose_rest_the_exchange_refuses_ends_cancelled_with_its_fills() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 4, 70_000, 100_001);
        assertThat(recordedBy(Notice.Kind.REJECTED, 101, 0, 6, 0))
                .containsExactly(new OrderEvent.Canceled(id, 6, "the exchange refused the rest"));
        assertThat(day.order(id))
                .returns(OrderStatus.CANCELED, Order::status)
                .returns(4L, Order::filled)
                .returns(6L, Order::canceled);
        assertThat(recordedBy(Notice.Kind.REJECTED, 101, 0, 6, 0))
                .as("an ended order")
                .isEmpty();
    }
}
