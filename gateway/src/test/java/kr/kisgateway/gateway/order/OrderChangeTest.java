package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.code;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** Modifications, partial cancels and the chains of numbers they make; external changes. */
class OrderChangeTest {
    private final TradingDayFixture day = TradingDayFixture.open();

    private void assertAlerted(Level level, String event) {
        assertThat(day.effects)
                .filteredOn(OrderEffect.Alert.class::isInstance)
                .map(OrderEffect.Alert.class::cast)
                .anyMatch(a -> a.level() == level && a.event().equals(event), level + " " + event);
    }

    /** Sends the waiting request and has the broker take it as {@code odno}. */
    private void acceptRequest(OrderId id, int request, long odno) {
        day.grantSlot();
        day.deliverOutcome(id, request, new Outcome.Taken("06010", odno, "100001"));
    }

    @Test
    @Requirement("G-14")
    void a_new_price_gives_a_new_number_that_takes_over_once_kis_confirms_it() {
        OrderId id = day.placeSent("k1", 101);
        assertThat(day.modify(id, 0, 70_500))
                .isEqualTo(new Answer.Accepted(id, KeyUse.Kind.MODIFY, "modify:" + id, false));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendModify.class).orElseThrow())
                .returns(101L, OrderEffect.SendModify::odno)
                .returns(70_500L, OrderEffect.SendModify::price);
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 105, "100001"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).terms().price()).hasValue(70_500);
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(105);
    }

    @Test
    void late_fills_count_under_the_number_they_happened_under() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.receiveNotice(Notice.Kind.FILLED, 105, 101, 2, 70_400); // before the answer that brings the number
        assertThat(day.order(id).filled()).isZero();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 105, "100001"));
        day.receiveNotice(Notice.Kind.FILLED, 101, 0, 3, 70_000); // under the old number, and late
        Order order = day.order(id);
        assertThat(order.brokerRef(101).orElseThrow().filled()).isEqualTo(3);
        assertThat(order.brokerRef(105).orElseThrow().filled()).isEqualTo(2);
        assertThat(order.value()).isEqualTo(3 * 70_000 + 2 * 70_400);
    }

    @Test
    void a_quantity_reduction_is_a_cancel_of_the_difference_and_applies_once_confirmed() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 0);
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow())
                .returns(4L, OrderEffect.SendCancel::qty)
                .returns(false, OrderEffect.SendCancel::all);
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 103, "100001"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 103, 101, 4, 0);
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 103, 101, 4, 0); // notified twice
        assertThat(day.order(id).terms().qty()).isEqualTo(6);
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        day.receiveFill(101, 6, 70_000, 100_003);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    void a_reduction_with_a_new_price_is_two_requests_in_sequence() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 70_500);
        acceptRequest(id, 2, 103);
        day.requireEffect(OrderEffect.SendCancel.class);
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 103, 101, 4, 0);
        acceptRequest(id, 3, 105);
        day.requireEffect(OrderEffect.SendModify.class);
        assertThat(day.order(id).terms()).returns(6L, Terms::qty).returns(OptionalLong.of(70_500), Terms::price);
    }

    @Test
    void fills_that_overtake_a_reduction_end_the_order_with_the_filled_quantity() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 0);
        acceptRequest(id, 2, 103);
        day.receiveFill(101, 8, 70_000, 100_001);
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 103, 101, 2, 0);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(day.order(id).terms().qty()).isEqualTo(8);
    }

    @Test
    void an_unsent_order_is_modified_in_place_and_may_grow() {
        OrderId id = day.buy("k1");
        assertThat(day.modify(id, 12, 71_000)).isInstanceOf(Answer.Accepted.class);
        assertThat(day.status(id)).isEqualTo(OrderStatus.NEW);
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendPlace.class).orElseThrow().terms())
                .returns(12L, Terms::qty)
                .returns(OptionalLong.of(71_000), Terms::price);
    }

    @Test
    void a_modification_waits_for_the_answer_to_the_placing() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        assertThat(day.modify(id, 0, 70_500)).isInstanceOf(Answer.Accepted.class);
        assertThat(day.status(id)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        acceptRequest(id, 2, 105);
        assertThat(day.order(id).terms().price()).hasValue(70_500);
    }

    @Test
    @Requirement("G-14")
    void an_impossible_modification_is_refused_with_its_reason_and_changes_nothing() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 3, 70_000, 100_001);
        int events = day.journal.size();
        assertThat(code(day.modify(id, 3, 0))).isEqualTo(ErrorCode.INVALID_QTY);
        assertThat(code(day.modify(id, 11, 0))).isEqualTo(ErrorCode.INVALID_QTY);
        assertThat(code(day.modify(id, 10, 70_000))).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(day.journal).hasSize(events);
        day.modify(id, 0, 70_500);
        assertThat(code(day.submit(t -> new OrderInput.Modify(
                        t,
                        id,
                        OptionalLong.empty(),
                        OptionalLong.of(70_600),
                        Optional.empty(),
                        "local/A1",
                        Optional.of("another"),
                        TradingDayFixture.emptyContext(),
                        Optional.empty(),
                        Optional.empty()))))
                .isEqualTo(ErrorCode.INVALID_TRANSITION);
        day.cancel(id);
        day.grantSlot(); // the slot that was requested for the modification
        acceptRequest(id, 3, 107);
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 107, 101, 7, 0);
        assertThat(code(day.modify(id, 0, 71_000))).isEqualTo(ErrorCode.ORDER_ALREADY_TERMINAL);
    }

    @Test
    void a_modification_refused_by_kis_leaves_the_order_unchanged() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Refused("APBK0344", "no"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        assertThat(day.modify(id, 0, 70_600))
                .isEqualTo(new Answer.Accepted(id, KeyUse.Kind.MODIFY, "modify:" + id + ":2", false));
    }

    @Test
    void a_modification_the_exchange_refuses_after_kis_accepted_it_is_reverted() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        acceptRequest(id, 2, 105);
        day.receiveNotice(Notice.Kind.REJECTED, 105, 101, 10, 70_500);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(101);
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void a_modification_the_exchange_refused_without_a_notice_is_reverted_by_the_list() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        acceptRequest(id, 2, 105);
        day.advance(Duration.ofSeconds(5));
        day.receiveList(
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 0),
                TradingDayFixture.modifiedRow(105, 101, 10, 70_500, 0, 0, 10));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(101);
        day.advance(Duration.ofSeconds(5));
        day.receiveList(
                TradingDayFixture.listedRow(101, 100_000, 10, 700_000, 0),
                TradingDayFixture.modifiedRow(105, 101, 10, 70_500, 0, 0, 10));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    void a_modification_after_some_fills_rests_with_the_remaining_shares() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        acceptRequest(id, 2, 105);
        day.advance(Duration.ofSeconds(5));
        var replaced = new BrokerOrder(
                BrokerOrder.Kind.ORDER,
                101,
                0,
                "06010",
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                70_000,
                Optional.of(OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                100_000,
                4,
                280_000,
                0,
                0,
                0);
        day.receiveList(replaced, TradingDayFixture.modifiedRow(105, 101, 10, 70_500, 0, 6, 4));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(4L, Order::filled)
                .returns(6L, Order::remaining);
        assertThat(day.order(id).terms().price()).hasValue(70_500);
    }

    @Test
    void a_modification_with_a_lost_answer_is_never_resent_and_is_found_on_the_list() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendModify.class);
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        assertAlerted(Level.P2, "request_in_doubt");
        day.advance(Duration.ofSeconds(2));
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0)); // not listed (yet): proves nothing
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        day.advance(Duration.ofSeconds(5));
        day.receiveList(
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 10),
                TradingDayFixture.modifiedRow(105, 101, 10, 70_500, 0, 10, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).terms().price()).hasValue(70_500);
    }

    @Test
    void the_exchanges_confirmation_settles_a_modification_with_a_lost_answer() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveNotice(Notice.Kind.MODIFY_CONFIRMED, 105, 101, 10, 70_500);
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(105);
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void a_full_cancel_overtakes_a_modification_in_doubt_once_the_list_was_checked() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.cancel(id);
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.advance(Duration.ofSeconds(2));
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow())
                .returns(101L, OrderEffect.SendCancel::odno)
                .returns(true, OrderEffect.SendCancel::all);
    }

    @Test
    void a_cancelled_order_ends_cancelled_even_when_the_session_ends_with_its_modification_in_doubt() {
        var end = TradingDayFixture.CALENDAR.endOf(TradingDayFixture.CALENDAR.tradingDay(day.now));
        day.now = end.minusSeconds(10); // so late that no list of the session shows the outcome of the modification
        day.advance(Duration.ZERO);
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.cancel(id);
        day.advance(Duration.ofSeconds(2));
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        acceptRequest(id, 3, 103);
        day.next(OrderEffect.RequestDailyOrders.class);
        day.now = end;
        day.on(new OrderInput.ListArrived(
                day.order(id).accountDay(),
                new Broker.DailyOrders.Complete(
                        day.now, List.of(TradingDayFixture.listedRow(101, 100_000, 0, 0, 10)))));
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.shown.get(id).isMissingFills()).isFalse();
    }

    @Test
    void a_cancel_drops_an_unsent_modification() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.cancel(id);
        assertThat(day.order(id).request(2).state()).isEqualTo(BrokerRequest.State.REFUSED);
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
    }

    @Test
    void a_modification_that_cannot_be_sent_in_time_is_abandoned_and_the_old_terms_stay() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.advance(Duration.ofSeconds(6));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).reason().orElseThrow()).startsWith("NOT_SENT");
        day.next(OrderEffect.RequestSlot.class).ifPresent(w -> day.on(new OrderInput.SlotGranted(w.slot())));
        assertThat(day.next(OrderEffect.SendModify.class)).isEmpty();
    }

    @Test
    void a_modification_being_sent_at_a_crash_is_in_doubt_and_not_resent() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.crash();
        assertThat(day.order(id).request(2).state()).isEqualTo(BrokerRequest.State.IN_DOUBT);
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.next(OrderEffect.SendModify.class)).isEmpty();
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
    }

    // ---- external changes ----

    @Test
    @Requirement("G-17")
    void an_order_placed_elsewhere_is_adopted_followed_and_can_be_cancelled() {
        day.on(new OrderInput.NoticesMissed("reconnect"));
        var theirs = new Symbol("000660");
        day.receiveList(new BrokerOrder(
                BrokerOrder.Kind.ORDER,
                300,
                0,
                "06010",
                theirs,
                Side.BUY,
                5,
                150_000,
                Optional.of(OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                95_900,
                2,
                300_000,
                0,
                3,
                0));
        Order adopted = day.shown.values().iterator().next();
        assertThat(adopted)
                .returns(true, Order::external)
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(2L, Order::filled);
        day.cancel(adopted.id());
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow().odno()).isEqualTo(300);
        day.crash();
        assertThat(day.order(adopted.id()).external()).isTrue();
    }

    @Test
    void an_order_with_the_same_fingerprint_is_not_adopted_while_an_own_order_is_in_doubt() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList(
                TradingDayFixture.listedRow(201, 100_000, 0, 0, 0), TradingDayFixture.listedRow(202, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        assertThat(day.shown).hasSize(1);
        assertAlerted(Level.P1, "order_unresolved");
        assertThat(day.order(id).reason().orElse("")).endsWith("./kis orders resolve " + id);
    }

    @Test
    void a_price_changed_elsewhere_is_followed_to_its_new_number() {
        OrderId id = day.placeSent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 10),
                TradingDayFixture.modifiedRow(130, 101, 10, 69_000, 4, 6, 0));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(4L, Order::filled)
                .returns(OptionalLong.of(69_000), o -> o.terms().price());
    }

    @Test
    void an_apparently_cancelled_order_reopens_when_its_replacement_number_is_listed() {
        OrderId id = day.placeSent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 10));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        day.on(new OrderInput.NoticesMissed("again"));
        day.receiveList(
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 10),
                TradingDayFixture.modifiedRow(130, 101, 10, 69_000, 0, 10, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertAlerted(Level.P1, "modified_outside");
    }

    // ---- in doubt ----

    @Test
    void an_unclaimed_receipt_is_evidence_before_the_list_shows_the_order() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveNotice(Notice.Kind.RECEIVED, 222, 0, 10, 70_000);
        day.advance(Duration.ofSeconds(2));
        day.receiveList(); // the list lags
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(222);
    }

    @Test
    void after_the_sessions_end_an_order_missing_from_the_complete_list_is_closed_and_reported() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList();
        day.now = TradingDayFixture.CALENDAR.endOf(day.order(id).tradingDay()).plusSeconds(59);
        day.advance(Duration.ZERO);
        day.receiveList();
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        day.advance(Duration.ofSeconds(31));
        day.receiveList();
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.shown.get(id).reason().orElseThrow()).startsWith("NOT_FOUND_AT_BROKER");
        assertThat(day.shown.get(id).error()).contains("NOT_FOUND_AT_BROKER");
        assertAlerted(Level.P2, "order_not_found");
    }

    @Test
    void an_operator_names_a_US_order_by_the_number_of_KIS_without_its_date() {
        var apple = new UsSymbol(UsExchange.NASD, "AAPL");
        var terms = new Terms(
                "A1",
                apple,
                Side.BUY,
                10,
                OrderKind.DAY_MARKET,
                OptionalLong.of(1_800_000),
                Venue.NASD,
                Optional.empty(),
                day.now.plusSeconds(5));
        OrderId id = ((Answer.Accepted) day.placeOrder(terms, "k1")).order();
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        LocalDate date = LocalDate.of(2026, 11, 20);
        var rows = LongStream.of(201, 202)
                .mapToObj(odno -> new Broker.BrokerOrder(
                        Broker.BrokerOrder.Kind.ORDER,
                        BrokerNumbers.dated(date, odno),
                        0,
                        "06010",
                        apple,
                        Side.BUY,
                        10,
                        1_800_000,
                        Optional.of(OrderKind.DAY_MARKET),
                        Optional.of(Venue.NASD),
                        100_000,
                        0,
                        0,
                        0,
                        10,
                        0))
                .toArray(Broker.BrokerOrder[]::new);
        day.receiveList(rows);
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        var refused = (Answer.Refused) day.resolve(id, new OrderInput.Decision.IsOrder(999));
        assertThat(refused.refusal().details()).containsEntry("candidates", List.of(201L, 202L));
        assertThat(day.resolve(id, new OrderInput.Decision.IsOrder(202)))
                .isEqualTo(new Answer.Accepted(id, KeyUse.Kind.RESOLVE, "resolve:" + id, false));
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(BrokerNumbers.dated(date, 202));
    }

    @Test
    void an_operator_resolves_what_matching_cannot_and_only_with_a_possible_number() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList(
                TradingDayFixture.listedRow(201, 100_000, 0, 0, 0),
                TradingDayFixture.listedRow(202, 100_000, 3, 210_000, 0));
        assertThat(code(day.resolve(id, new OrderInput.Decision.IsOrder(999)))).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(day.resolve(id, new OrderInput.Decision.IsOrder(202)))
                .isEqualTo(new Answer.Accepted(id, KeyUse.Kind.RESOLVE, "resolve:" + id, false));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        day.receiveList(
                TradingDayFixture.listedRow(201, 100_000, 0, 0, 0),
                TradingDayFixture.listedRow(202, 100_000, 3, 210_000, 0));
        assertThat(day.order(id).filled()).isEqualTo(3);
        assertThat(day.shown.values()).filteredOn(Order::external).hasSize(1); // the other one is external
        assertThat(((Answer.Accepted) day.resolve(id, new OrderInput.Decision.IsOrder(202))).replay())
                .isTrue();
        assertThat(code(day.resolve(id, new OrderInput.Decision.NotAtBroker())))
                .isEqualTo(ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH);
    }

    @Test
    void an_order_abandoned_as_not_found_reopens_when_it_appears() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList();
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.advance(Duration.ofSeconds(2));
        day.receiveList(TradingDayFixture.listedRow(201, 100_000, 3, 210_000, 0));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(3L, Order::filled)
                .returns(false, Order::external);
        assertAlerted(Level.P1, "late_acceptance");
        day.crash();
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.PARTIAL_FILLED);
    }

    @Test
    void an_order_abandoned_as_not_found_does_not_claim_the_number_of_an_equal_one_being_sent() {
        OrderId first = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(first, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList();
        day.resolve(first, new OrderInput.Decision.NotAtBroker());
        OrderId second = day.buy("k2");
        day.grantSlot();
        assertThat(day.status(second)).isEqualTo(OrderStatus.DISPATCHING);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.advance(Duration.ofSeconds(2));
        day.receiveList(TradingDayFixture.listedRow(201, 100_000, 3, 210_000, 0)); // faster than the answer
        assertThat(day.status(first)).isEqualTo(OrderStatus.REJECTED);
        day.deliverOutcome(second, 1, new Outcome.Taken("06010", 201, "100001"));
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.advance(Duration.ofSeconds(2));
        day.receiveList(TradingDayFixture.listedRow(201, 100_000, 3, 210_000, 0));
        assertThat(day.order(second).filled()).isEqualTo(3);
        assertThat(day.status(first)).isEqualTo(OrderStatus.REJECTED);
    }

    @Test
    void a_number_resolves_a_placing_and_for_a_modification_the_refusal_names_the_right_decision() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 71_000);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        var refusal = ((Answer.Refused) day.resolve(id, new OrderInput.Decision.IsOrder(202))).refusal();
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.message()).contains("of a placing").contains("NOT_AT_BROKER");
    }

    // ---- many at once ----

    @Test
    @Requirement(value = "A-05", clause = "each")
    void a_batch_is_one_step_and_each_order_is_validated_after_those_before_it() {
        day.limits = day.limits.with(kr.kisgateway.gateway.risk.RiskLimit.DAILY_ORDERS, 2);
        day.crash();
        day.receiveList();
        var batch = (Answer.Batch) day.submit(t -> new OrderInput.PlaceBatch(
                t,
                List.of(
                        day.placeInput(
                                0,
                                day.limit(Side.BUY, 1, 70_000),
                                "b1",
                                TradingDayFixture.emptyContext(),
                                OrderInput.Mode.PLACE),
                        day.placeInput(
                                0,
                                day.limit(Side.BUY, 2, 70_000),
                                "b2",
                                TradingDayFixture.emptyContext(),
                                OrderInput.Mode.PLACE),
                        day.placeInput(
                                0,
                                day.limit(Side.BUY, 2, 70_000),
                                "b2",
                                TradingDayFixture.emptyContext(),
                                OrderInput.Mode.PLACE),
                        day.placeInput(
                                0,
                                day.limit(Side.BUY, 3, 70_000),
                                "b3",
                                TradingDayFixture.emptyContext(),
                                OrderInput.Mode.PLACE))));
        assertThat(batch.answers().get(0)).isInstanceOf(Answer.Accepted.class);
        assertThat(((Answer.Accepted) batch.answers().get(2)).replay()).isTrue();
        assertThat(code(batch.answers().get(3))).isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
        assertThat(day.journal).filteredOn(e -> e.type().equals("Accepted")).hasSize(2);
    }

    @Test
    void cancel_all_cancels_what_it_names_and_a_repeated_call_cancels_nothing_new() {
        OrderId sent = day.placeSent("k1", 101);
        OrderId waiting = day.buy("k2");
        var all = new OrderInput.OpenOrderFilter(Optional.of("A1"), Optional.empty(), Optional.empty());
        var key = new KeyUse("local/A1", "everything", "cancel-all:A1");
        var first = (Answer.CancelledAll) day.submit(t -> new OrderInput.CancelAll(t, all, key));
        assertThat(first.orders()).containsExactlyInAnyOrder(sent, waiting);
        assertThat(day.status(waiting)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.status(sent)).isEqualTo(OrderStatus.CANCEL_PENDING);
        OrderId later = day.buy("k3");
        var repeated = (Answer.CancelledAll) day.submit(t -> new OrderInput.CancelAll(t, all, key));
        assertThat(repeated.replay()).isTrue();
        assertThat(repeated.orders()).isEqualTo(first.orders());
        assertThat(day.status(later)).isEqualTo(OrderStatus.NEW);
        day.crash();
        assertThat(((Answer.CancelledAll) day.submit(t -> new OrderInput.CancelAll(t, all, key))).replay())
                .isTrue();
    }

    @Test
    @Requirement("G-18")
    void the_kill_switch_ends_queued_orders_cancels_resting_ones_and_survives_a_restart() {
        OrderId sent = day.placeSent("k1", 101);
        OrderId waiting = day.buy("k2");
        day.requireEffect(OrderEffect.KillSwitchChanged.class); // from the start: not killed
        var is = (Answer.KillSwitchStatus)
                day.submit(t -> new OrderInput.KillSwitch(t, true, Optional.of("test"), true, "ops"));
        assertThat(is.on()).isTrue();
        assertThat(day.status(waiting)).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.order(waiting).reason().orElseThrow()).startsWith("KILL_SWITCH");
        assertThat(day.order(waiting).error()).contains("KILL_SWITCH");
        assertAlerted(Level.P1, "kill_switch_on");
        assertThat(day.status(sent)).isEqualTo(OrderStatus.CANCEL_PENDING);
        assertThat(code(day.placeOrder(day.limit(Side.BUY, 1, 70_000), "k3"))).isEqualTo(ErrorCode.KILL_SWITCH);
        assertThat(code(day.modify(sent, 0, 71_000))).isIn(ErrorCode.KILL_SWITCH, ErrorCode.INVALID_TRANSITION);
        assertThat(day.next(OrderEffect.KillSwitchChanged.class).orElseThrow().reason())
                .contains("test");
        day.crash();
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        assertThat(code(day.placeOrder(day.limit(Side.BUY, 1, 70_000), "k4"))).isEqualTo(ErrorCode.KILL_SWITCH);
        day.submit(t -> new OrderInput.KillSwitch(t, false, Optional.of("over"), false, "ops"));
        assertAlerted(Level.P2, "kill_switch_off"); // trading is allowed again, nothing is at risk
        assertThat(day.placeOrder(day.limit(Side.BUY, 1, 70_000), "k4")).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void a_send_stopped_by_the_kill_switch_at_the_last_moment_ends_rejected_and_unsent() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.on(new OrderInput.SendStopped(id, 1, OrderInput.StopReason.KILL_SWITCH));
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.order(id).reason().orElseThrow()).startsWith("KILL_SWITCH");
    }

    @Test
    void a_dry_run_is_evaluated_and_recorded_once_and_places_nothing() {
        Terms terms = day.limit(Side.BUY, 1, 70_000);
        for (int i = 0; i < 2; i++) {
            assertThat(day.submit(t -> day.placeInput(
                            t, terms, "dry-run", TradingDayFixture.emptyContext(), OrderInput.Mode.DRY_RUN)))
                    .isEqualTo(new Answer.ChecksPassed());
        }
        assertThat(day.journal).hasSize(1).allMatch(e -> e.type().equals("DryRunPassed"));
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
    }

    // ---- reconcile ----

    @Test
    @Requirement(value = "G-17", clause = "runs")
    @Requirement(value = "A-24", clause = "every-5s")
    @Requirement(value = "G-17", clause = "corrections")
    void open_orders_are_reconciled_every_five_seconds_and_corrections_show_before_and_after() {
        OrderId id = day.placeSent("k1", 101);
        day.advance(Duration.ofSeconds(4));
        assertThat(day.next(OrderEffect.RequestDailyOrders.class)).isEmpty();
        day.advance(Duration.ofSeconds(1));
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 4, 280_000, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.PARTIAL_FILLED);
        assertThat(day.journal)
                .filteredOn(e -> e.type().equals("Corrected"))
                .singleElement()
                .satisfies(e -> assertThat(e.payload())
                        .contains(
                                "\"internal_status\":\"SENT\"",
                                "\"corrected_status\":\"PARTIAL_FILLED\"",
                                "\"filled_after\":4"));
    }

    @Test
    void a_reconcile_report_waits_for_a_list_requested_after_it() {
        OrderId id = day.placeSent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        var earlier = day.next(OrderEffect.RequestDailyOrders.class).orElseThrow();
        var requestedAt = day.now;
        day.now = day.now.plusMillis(500);
        day.on(new OrderInput.Reconcile(77));
        day.on(new OrderInput.ListArrived(
                earlier.day(),
                new Broker.DailyOrders.Complete(
                        requestedAt, List.of(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0)))));
        assertThat(day.answers).doesNotContainKey(77L);
        day.advance(Duration.ofSeconds(1));
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 10, 700_000, 0));
        var report = (Answer.Reconciled) day.answers.get(77L);
        assertThat(report.checked()).isEqualTo(1);
        assertThat(report.corrections()).singleElement().returns(id, OrderEffect.Correction::order);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    void orders_are_sent_in_acceptance_order_and_market_orders_in_their_own_lane() {
        List<OrderId> accepted = List.of(
                ((Answer.Accepted) day.placeOrder(day.limit(Side.BUY, 1, 70_000), "a")).order(),
                ((Answer.Accepted) day.placeOrder(day.limit(Side.BUY, 2, 70_000), "b")).order(),
                ((Answer.Accepted) day.placeOrder(day.limit(Side.BUY, 3, 70_000), "c")).order());
        List<OrderEffect.RequestSlot> slots = List.of(
                day.next(OrderEffect.RequestSlot.class).orElseThrow(),
                day.next(OrderEffect.RequestSlot.class).orElseThrow(),
                day.next(OrderEffect.RequestSlot.class).orElseThrow());
        for (OrderEffect.RequestSlot slot : slots.reversed()) { // the budget's answers overtake each other
            day.on(new OrderInput.SlotGranted(slot.slot()));
        }
        List<OrderId> sent = java.util.stream.Stream.generate(() -> day.next(OrderEffect.SendPlace.class))
                .takeWhile(Optional::isPresent)
                .map(s -> s.orElseThrow().order())
                .toList();
        assertThat(sent).isEqualTo(accepted);
    }
}
