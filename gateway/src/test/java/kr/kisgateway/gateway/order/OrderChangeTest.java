package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.order.Broker.Listed;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** Modifications, partial cancels and the chains of numbers they make; changes that somebody makes elsewhere. */
class OrderChangeTest {
    private final OrderDay day = OrderDay.open();

    private static ErrorCode code(Answer answer) {
        return ((Answer.Refused) answer).refusal().code();
    }

    private void alerted(Level level, String event) {
        assertThat(day.effects)
                .filteredOn(OrderEffect.Alert.class::isInstance)
                .map(OrderEffect.Alert.class::cast)
                .anyMatch(a -> a.level() == level && a.event().equals(event), level + " " + event);
    }

    /** Sends what waits and has it taken as {@code odno}. */
    private void taken(OrderId id, int request, long odno) {
        day.grant();
        day.answer(id, request, new Outcome.Taken("06010", odno, "100001"));
    }

    @Test
    @Requirement("G-14")
    void another_price_makes_a_new_number_and_takes_over_when_kis_has_it() {
        OrderId id = day.sent("k1", 101);
        assertThat(day.modify(id, 0, 70_500))
                .isEqualTo(new Answer.Accepted(id, "MODIFY_PENDING", "modify:" + id, false));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        day.grant();
        assertThat(day.next(OrderEffect.SendModify.class).orElseThrow())
                .returns(101L, OrderEffect.SendModify::odno)
                .returns(70_500L, OrderEffect.SendModify::price);
        day.answer(id, 2, new Outcome.Taken("06010", 105, "100001"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).terms().price()).hasValue(70_500);
        assertThat(day.order(id).liveLeg().orElseThrow().odno()).isEqualTo(105);
    }

    @Test
    void fills_count_under_the_number_they_happened_under_however_late_they_are_told() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grant();
        day.noticed(Notice.Kind.FILLED, 105, 101, 2, 70_400); // before the answer that brings the number
        assertThat(day.order(id).filled()).isZero();
        day.answer(id, 2, new Outcome.Taken("06010", 105, "100001"));
        day.noticed(Notice.Kind.FILLED, 101, 0, 3, 70_000); // under the old number, and late
        Order order = day.order(id);
        assertThat(order.leg(101).orElseThrow().filled()).isEqualTo(3);
        assertThat(order.leg(105).orElseThrow().filled()).isEqualTo(2);
        assertThat(order.value()).isEqualTo(3 * 70_000 + 2 * 70_400);
    }

    @Test
    void fewer_shares_are_a_cancel_of_the_difference_and_the_order_is_smaller_when_it_is_confirmed() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 6, 0);
        day.grant();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow())
                .returns(4L, OrderEffect.SendCancel::qty)
                .returns(false, OrderEffect.SendCancel::all);
        day.answer(id, 2, new Outcome.Taken("06010", 103, "100001"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        day.noticed(Notice.Kind.CANCEL_CONFIRMED, 103, 101, 4, 0);
        day.noticed(Notice.Kind.CANCEL_CONFIRMED, 103, 101, 4, 0); // told twice
        assertThat(day.order(id).terms().qty()).isEqualTo(6);
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        day.filled(101, 6, 70_000, 100_003);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    void fewer_shares_and_another_price_are_two_requests_one_after_the_other() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 6, 70_500);
        taken(id, 2, 103);
        day.must(OrderEffect.SendCancel.class);
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.noticed(Notice.Kind.CANCEL_CONFIRMED, 103, 101, 4, 0);
        taken(id, 3, 105);
        day.must(OrderEffect.SendModify.class);
        assertThat(day.order(id).terms()).returns(6L, Terms::qty).returns(OptionalLong.of(70_500), Terms::price);
    }

    @Test
    void fills_that_overtake_a_reduction_end_the_order_with_what_was_filled() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 6, 0);
        taken(id, 2, 103);
        day.filled(101, 8, 70_000, 100_001);
        day.noticed(Notice.Kind.CANCEL_CONFIRMED, 103, 101, 2, 0);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(day.order(id).terms().qty()).isEqualTo(8);
    }

    @Test
    void an_order_that_was_not_sent_changes_in_place_and_may_grow() {
        OrderId id = day.buy("k1");
        assertThat(day.modify(id, 12, 71_000)).isInstanceOf(Answer.Accepted.class);
        assertThat(day.status(id)).isEqualTo(OrderStatus.NEW);
        day.grant();
        assertThat(day.next(OrderEffect.SendPlace.class).orElseThrow().terms())
                .returns(12L, Terms::qty)
                .returns(OptionalLong.of(71_000), Terms::price);
    }

    @Test
    void a_modification_waits_behind_the_answer_to_the_placing() {
        OrderId id = day.buy("k1");
        day.grant();
        assertThat(day.modify(id, 0, 70_500)).isInstanceOf(Answer.Accepted.class);
        assertThat(day.status(id)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.answer(id, 1, new Outcome.Taken("06010", 101, "100000"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        taken(id, 2, 105);
        assertThat(day.order(id).terms().price()).hasValue(70_500);
    }

    @Test
    @Requirement("G-14")
    void what_cannot_be_modified_is_refused_with_the_reason_and_changes_nothing() {
        OrderId id = day.sent("k1", 101);
        day.filled(101, 3, 70_000, 100_001);
        int events = day.journal.size();
        assertThat(code(day.modify(id, 3, 0))).isEqualTo(ErrorCode.INVALID_QTY);
        assertThat(code(day.modify(id, 11, 0))).isEqualTo(ErrorCode.INVALID_QTY);
        assertThat(code(day.modify(id, 10, 70_000))).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(day.journal).hasSize(events);
        day.modify(id, 0, 70_500);
        assertThat(code(day.say(t -> new OrderInput.Modify(
                        t,
                        id,
                        OptionalLong.empty(),
                        OptionalLong.of(70_600),
                        "local/A1",
                        Optional.of("another"),
                        OrderDay.nothingKnown(),
                        Optional.empty(),
                        Optional.empty()))))
                .isEqualTo(ErrorCode.INVALID_TRANSITION);
        day.cancel(id);
        day.grant(); // what was asked for the modification
        taken(id, 3, 107);
        day.noticed(Notice.Kind.CANCEL_CONFIRMED, 107, 101, 7, 0);
        assertThat(code(day.modify(id, 0, 71_000))).isEqualTo(ErrorCode.ORDER_ALREADY_TERMINAL);
    }

    @Test
    void a_modification_that_kis_refuses_leaves_the_order_as_it_was() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grant();
        day.answer(id, 2, new Outcome.Refused("APBK0344", "no"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        assertThat(day.modify(id, 0, 70_600))
                .isEqualTo(new Answer.Accepted(id, "MODIFY_PENDING", "modify:" + id + ":2", false));
    }

    @Test
    void a_modification_that_the_exchange_refuses_after_kis_took_it_is_taken_back() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        taken(id, 2, 105);
        day.noticed(Notice.Kind.REJECTED, 105, 101, 10, 70_500);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        assertThat(day.order(id).liveLeg().orElseThrow().odno()).isEqualTo(101);
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    /** The row of a modification that the exchange refused for {@code rejected} of {@code qty} shares. */
    @Test
    void a_modification_that_the_exchange_refused_without_a_notice_is_taken_back_by_the_list() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        taken(id, 2, 105);
        day.pass(Duration.ofSeconds(5));
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 0), OrderDay.modified(105, 101, 10, 70_500, 0, 0, 10));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        assertThat(day.order(id).liveLeg().orElseThrow().odno()).isEqualTo(101);
        day.pass(Duration.ofSeconds(5));
        day.listArrives(OrderDay.row(101, 100_000, 10, 700_000, 0), OrderDay.modified(105, 101, 10, 70_500, 0, 0, 10));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    void a_modification_that_came_after_some_fills_rests_with_the_others() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        taken(id, 2, 105);
        day.pass(Duration.ofSeconds(5));
        var replaced = new Listed(
                Listed.Kind.ORDER,
                101,
                0,
                "06010",
                OrderDay.SAMSUNG,
                Side.BUY,
                10,
                70_000,
                false,
                100_000,
                4,
                280_000,
                0,
                0,
                0);
        day.listArrives(replaced, OrderDay.modified(105, 101, 10, 70_500, 0, 6, 4));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(4L, Order::filled)
                .returns(6L, Order::remaining);
        assertThat(day.order(id).terms().price()).hasValue(70_500);
    }

    @Test
    void a_modification_whose_answer_was_lost_is_never_sent_again_and_is_found_on_the_list() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grant();
        day.must(OrderEffect.SendModify.class);
        day.answer(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        alerted(Level.P2, "request_in_doubt");
        day.pass(Duration.ofSeconds(2));
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 0)); // not (yet) there: proves nothing
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        day.pass(Duration.ofSeconds(5));
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 10), OrderDay.modified(105, 101, 10, 70_500, 0, 10, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).terms().price()).hasValue(70_500);
    }

    @Test
    void the_exchanges_confirmation_settles_a_modification_whose_answer_was_lost() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grant();
        day.answer(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.noticed(Notice.Kind.MODIFY_CONFIRMED, 105, 101, 10, 70_500);
        assertThat(day.order(id).liveLeg().orElseThrow().odno()).isEqualTo(105);
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void a_full_cancel_overtakes_a_modification_in_doubt_once_the_list_was_looked_at() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grant();
        day.answer(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.cancel(id);
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.pass(Duration.ofSeconds(2));
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 0));
        day.grant();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow())
                .returns(101L, OrderEffect.SendCancel::odno)
                .returns(true, OrderEffect.SendCancel::all);
    }

    @Test
    void an_order_that_a_cancel_took_back_ends_cancelled_although_the_session_ended_with_its_modification_in_doubt() {
        var end = OrderDay.CALENDAR.endOf(OrderDay.CALENDAR.tradingDay(day.now));
        day.now = end.minusSeconds(10); // so late that no list of the session shows what became of the modification
        day.pass(Duration.ZERO);
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grant();
        day.answer(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.cancel(id);
        day.pass(Duration.ofSeconds(2));
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 0));
        taken(id, 3, 103);
        day.next(OrderEffect.AskBroker.class);
        day.now = end;
        day.on(new OrderInput.ListArrived(
                day.order(id).tradingDay(),
                new Broker.Listing.Complete(day.now, List.of(OrderDay.row(101, 100_000, 0, 0, 10)))));
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.shown.get(id).shortOfFills()).isFalse();
    }

    @Test
    void a_cancel_drops_a_modification_that_was_not_sent_yet() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.cancel(id);
        assertThat(day.order(id).request(2).state()).isEqualTo(BrokerRequest.State.REFUSED);
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
    }

    @Test
    void a_modification_that_cannot_leave_in_time_is_given_up_and_the_old_terms_stay() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.pass(Duration.ofSeconds(6));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).reason().orElseThrow()).startsWith("NOT_SENT");
        day.next(OrderEffect.RequestSlot.class).ifPresent(w -> day.on(new OrderInput.SlotGranted(w.slot())));
        assertThat(day.next(OrderEffect.SendModify.class)).isEmpty();
    }

    @Test
    void a_modification_that_was_being_sent_at_a_crash_is_in_doubt_and_not_sent_again() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grant();
        day.crash();
        assertThat(day.order(id).request(2).state()).isEqualTo(BrokerRequest.State.IN_DOUBT);
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 0));
        assertThat(day.next(OrderEffect.SendModify.class)).isEmpty();
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
    }

    // ---- what happens elsewhere ----

    @Test
    @Requirement("G-17")
    void an_order_placed_elsewhere_is_adopted_followed_and_can_be_cancelled() {
        day.on(new OrderInput.NoticesMissed("reconnect"));
        var theirs = new Symbol("000660");
        day.listArrives(new Listed(
                Listed.Kind.ORDER, 300, 0, "06010", theirs, Side.BUY, 5, 150_000, false, 95_900, 2, 300_000, 0, 3, 0));
        Order adopted = day.shown.values().iterator().next();
        assertThat(adopted)
                .returns(true, Order::external)
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(2L, Order::filled);
        day.cancel(adopted.id());
        day.grant();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow().odno()).isEqualTo(300);
        day.crash();
        assertThat(day.order(adopted.id()).external()).isTrue();
    }

    @Test
    void an_order_of_the_same_fingerprint_is_not_adopted_while_one_of_ours_is_in_doubt() {
        OrderId id = day.buy("k1");
        day.grant();
        day.answer(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.listArrives(OrderDay.row(201, 100_000, 0, 0, 0), OrderDay.row(202, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        assertThat(day.shown).hasSize(1);
        alerted(Level.P1, "order_unresolved");
        assertThat(day.order(id).reason().orElse("")).endsWith("./kis orders resolve " + id);
    }

    @Test
    void a_price_changed_elsewhere_is_followed_to_its_new_number() {
        OrderId id = day.sent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 10), OrderDay.modified(130, 101, 10, 69_000, 4, 6, 0));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(4L, Order::filled)
                .returns(OptionalLong.of(69_000), o -> o.terms().price());
    }

    @Test
    void what_looked_cancelled_opens_again_when_the_number_that_replaced_it_is_listed() {
        OrderId id = day.sent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 10));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        day.on(new OrderInput.NoticesMissed("again"));
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 10), OrderDay.modified(130, 101, 10, 69_000, 0, 10, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        alerted(Level.P1, "modified_outside");
    }

    // ---- in doubt ----

    @Test
    void a_receipt_that_nobody_claimed_is_evidence_before_the_list_shows_the_order() {
        OrderId id = day.buy("k1");
        day.grant();
        day.answer(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.noticed(Notice.Kind.RECEIVED, 222, 0, 10, 70_000);
        day.pass(Duration.ofSeconds(2));
        day.listArrives(); // the list lags
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).liveLeg().orElseThrow().odno()).isEqualTo(222);
    }

    @Test
    void after_the_sessions_end_an_order_that_the_whole_list_lacks_is_closed_and_told() {
        OrderId id = day.buy("k1");
        day.grant();
        day.answer(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.listArrives();
        day.now = OrderDay.CALENDAR.endOf(day.order(id).tradingDay()).plusSeconds(59);
        day.pass(Duration.ZERO);
        day.listArrives();
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        day.pass(Duration.ofSeconds(31));
        day.listArrives();
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.shown.get(id).reason().orElseThrow()).startsWith("NOT_FOUND_AT_BROKER");
        assertThat(day.shown.get(id).error()).contains("NOT_FOUND_AT_BROKER");
        alerted(Level.P2, "order_not_found");
    }

    @Test
    void an_operator_settles_what_matching_cannot_and_only_with_a_number_that_could_be_it() {
        OrderId id = day.buy("k1");
        day.grant();
        day.answer(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.listArrives(OrderDay.row(201, 100_000, 0, 0, 0), OrderDay.row(202, 100_000, 3, 210_000, 0));
        assertThat(code(day.resolve(id, new OrderInput.Decision.IsNumber(999)))).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(day.resolve(id, new OrderInput.Decision.IsNumber(202)))
                .isEqualTo(new Answer.Accepted(id, "RESOLVED", "resolve:" + id, false));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        day.listArrives(OrderDay.row(201, 100_000, 0, 0, 0), OrderDay.row(202, 100_000, 3, 210_000, 0));
        assertThat(day.order(id).filled()).isEqualTo(3);
        assertThat(day.shown.values()).filteredOn(Order::external).hasSize(1); // the other one is somebody else's
        assertThat(((Answer.Accepted) day.resolve(id, new OrderInput.Decision.IsNumber(202))).replay())
                .isTrue();
        assertThat(code(day.resolve(id, new OrderInput.Decision.NotAtBroker())))
                .isEqualTo(ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH);
    }

    @Test
    void an_order_given_up_as_not_found_opens_again_when_it_turns_up() {
        OrderId id = day.buy("k1");
        day.grant();
        day.answer(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.listArrives();
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.pass(Duration.ofSeconds(2));
        day.listArrives(OrderDay.row(201, 100_000, 3, 210_000, 0));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(3L, Order::filled)
                .returns(false, Order::external);
        alerted(Level.P1, "late_acceptance");
        day.crash();
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.PARTIAL_FILLED);
    }

    @Test
    void an_order_given_up_as_not_found_does_not_take_the_number_of_an_equal_one_that_is_being_sent() {
        OrderId first = day.buy("k1");
        day.grant();
        day.answer(first, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.listArrives();
        day.resolve(first, new OrderInput.Decision.NotAtBroker());
        OrderId second = day.buy("k2");
        day.grant();
        assertThat(day.status(second)).isEqualTo(OrderStatus.DISPATCHING);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.pass(Duration.ofSeconds(2));
        day.listArrives(OrderDay.row(201, 100_000, 3, 210_000, 0)); // faster than the answer
        assertThat(day.status(first)).isEqualTo(OrderStatus.REJECTED);
        day.answer(second, 1, new Outcome.Taken("06010", 201, "100001"));
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.pass(Duration.ofSeconds(2));
        day.listArrives(OrderDay.row(201, 100_000, 3, 210_000, 0));
        assertThat(day.order(second).filled()).isEqualTo(3);
        assertThat(day.status(first)).isEqualTo(OrderStatus.REJECTED);
    }

    @Test
    void a_number_settles_a_placing_and_for_a_change_the_refusal_says_what_does() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 71_000);
        day.grant();
        day.answer(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        var refusal = ((Answer.Refused) day.resolve(id, new OrderInput.Decision.IsNumber(202))).refusal();
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.message()).contains("of a placing").contains("NOT_AT_BROKER");
    }

    // ---- many at once ----

    @Test
    @Requirement(value = "A-05", clause = "each")
    void a_batch_is_one_step_and_each_order_is_judged_after_those_before_it() {
        day.limits = day.limits.with(kr.kisgateway.gateway.risk.RiskLimit.DAILY_ORDERS, 2);
        day.crash();
        day.listArrives();
        var batch = (Answer.Batch) day.say(t -> new OrderInput.PlaceBatch(
                t,
                List.of(
                        day.place(
                                0,
                                day.limit(Side.BUY, 1, 70_000),
                                "b1",
                                OrderDay.nothingKnown(),
                                OrderInput.Mode.PLACE),
                        day.place(
                                0,
                                day.limit(Side.BUY, 2, 70_000),
                                "b2",
                                OrderDay.nothingKnown(),
                                OrderInput.Mode.PLACE),
                        day.place(
                                0,
                                day.limit(Side.BUY, 2, 70_000),
                                "b2",
                                OrderDay.nothingKnown(),
                                OrderInput.Mode.PLACE),
                        day.place(
                                0,
                                day.limit(Side.BUY, 3, 70_000),
                                "b3",
                                OrderDay.nothingKnown(),
                                OrderInput.Mode.PLACE))));
        assertThat(batch.answers().get(0)).isInstanceOf(Answer.Accepted.class);
        assertThat(((Answer.Accepted) batch.answers().get(2)).replay()).isTrue();
        assertThat(code(batch.answers().get(3))).isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
        assertThat(day.journal).filteredOn(e -> e.type().equals("Accepted")).hasSize(2);
    }

    @Test
    void cancel_all_takes_back_what_it_names_and_a_repeated_call_takes_back_nothing_new() {
        OrderId sent = day.sent("k1", 101);
        OrderId waiting = day.buy("k2");
        var all = new OrderInput.Which(Optional.of("A1"), Optional.empty(), Optional.empty());
        var key = new KeyUse("local/A1", "everything", "cancel-all:A1");
        var first = (Answer.CancelledAll) day.say(t -> new OrderInput.CancelAll(t, all, key));
        assertThat(first.orders()).containsExactlyInAnyOrder(sent, waiting);
        assertThat(day.status(waiting)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.status(sent)).isEqualTo(OrderStatus.CANCEL_PENDING);
        OrderId later = day.buy("k3");
        var again = (Answer.CancelledAll) day.say(t -> new OrderInput.CancelAll(t, all, key));
        assertThat(again.replay()).isTrue();
        assertThat(again.orders()).isEqualTo(first.orders());
        assertThat(day.status(later)).isEqualTo(OrderStatus.NEW);
        day.crash();
        assertThat(((Answer.CancelledAll) day.say(t -> new OrderInput.CancelAll(t, all, key))).replay())
                .isTrue();
    }

    @Test
    @Requirement("G-18")
    void the_kill_switch_ends_what_waits_takes_back_what_rests_and_outlives_a_restart() {
        OrderId sent = day.sent("k1", 101);
        OrderId waiting = day.buy("k2");
        day.must(OrderEffect.Killed.class); // of the start: not killed
        var is = (Answer.KillSwitchIs)
                day.say(t -> new OrderInput.KillSwitch(t, true, Optional.of("test"), true, "ops"));
        assertThat(is.on()).isTrue();
        assertThat(day.status(waiting)).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.order(waiting).reason().orElseThrow()).startsWith("KILL_SWITCH");
        assertThat(day.order(waiting).error()).contains("KILL_SWITCH");
        alerted(Level.P1, "kill_switch_on");
        assertThat(day.status(sent)).isEqualTo(OrderStatus.CANCEL_PENDING);
        assertThat(code(day.ask(day.limit(Side.BUY, 1, 70_000), "k3"))).isEqualTo(ErrorCode.KILL_SWITCH);
        assertThat(code(day.modify(sent, 0, 71_000))).isIn(ErrorCode.KILL_SWITCH, ErrorCode.INVALID_TRANSITION);
        assertThat(day.next(OrderEffect.Killed.class).orElseThrow().reason()).contains("test");
        day.crash();
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 0));
        assertThat(code(day.ask(day.limit(Side.BUY, 1, 70_000), "k4"))).isEqualTo(ErrorCode.KILL_SWITCH);
        day.say(t -> new OrderInput.KillSwitch(t, false, Optional.of("over"), false, "ops"));
        alerted(Level.P2, "kill_switch_off"); // nothing is at risk by being allowed
        assertThat(day.ask(day.limit(Side.BUY, 1, 70_000), "k4")).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void a_send_that_the_kill_switch_stopped_in_the_last_moment_ends_rejected_and_was_never_sent() {
        OrderId id = day.buy("k1");
        day.grant();
        day.on(new OrderInput.SendStopped(id, 1, OrderInput.Why.KILL_SWITCH));
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.order(id).reason().orElseThrow()).startsWith("KILL_SWITCH");
    }

    @Test
    void a_dry_run_is_judged_recorded_once_and_places_nothing() {
        Terms terms = day.limit(Side.BUY, 1, 70_000);
        for (int i = 0; i < 2; i++) {
            assertThat(day.say(t -> day.place(t, terms, "dry-run", OrderDay.nothingKnown(), OrderInput.Mode.DRY_RUN)))
                    .isEqualTo(new Answer.WouldPass());
        }
        assertThat(day.journal).hasSize(1).allMatch(e -> e.type().equals("DryRunPassed"));
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
    }

    // ---- comparing ----

    @Test
    @Requirement(value = "G-17", clause = "runs")
    @Requirement(value = "A-24", clause = "every-5s")
    @Requirement(value = "G-17", clause = "corrections")
    void open_orders_are_compared_every_five_seconds_and_corrections_say_before_and_after() {
        OrderId id = day.sent("k1", 101);
        day.pass(Duration.ofSeconds(4));
        assertThat(day.next(OrderEffect.AskBroker.class)).isEmpty();
        day.pass(Duration.ofSeconds(1));
        day.listArrives(OrderDay.row(101, 100_000, 4, 280_000, 0));
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
    void a_report_waits_for_a_list_that_was_asked_for_after_it() {
        OrderId id = day.sent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        var earlier = day.next(OrderEffect.AskBroker.class).orElseThrow();
        var askedAt = day.now;
        day.now = day.now.plusMillis(500);
        day.on(new OrderInput.Reconcile(77));
        day.on(new OrderInput.ListArrived(
                earlier.day(), new Broker.Listing.Complete(askedAt, List.of(OrderDay.row(101, 100_000, 0, 0, 0)))));
        assertThat(day.answers).doesNotContainKey(77L);
        day.pass(Duration.ofSeconds(1));
        day.listArrives(OrderDay.row(101, 100_000, 10, 700_000, 0));
        var report = (Answer.Reconciled) day.answers.get(77L);
        assertThat(report.checked()).isEqualTo(1);
        assertThat(report.corrections()).singleElement().returns(id, OrderEffect.Correction::order);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    void orders_leave_in_the_order_of_their_acceptance_market_orders_in_their_own_lane() {
        List<OrderId> accepted = List.of(
                ((Answer.Accepted) day.ask(day.limit(Side.BUY, 1, 70_000), "a")).order(),
                ((Answer.Accepted) day.ask(day.limit(Side.BUY, 2, 70_000), "b")).order(),
                ((Answer.Accepted) day.ask(day.limit(Side.BUY, 3, 70_000), "c")).order());
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
