package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.market.Side;
import org.junit.jupiter.api.Test;

/** An order that shall grow is cancelled, and another is placed for the rest once that is proven: at most one, and not late. */
class ReplacementTest {
    /** A resting order of ten shares whose replacement by fifteen was accepted and whose cancel was sent. */
    private static OrderId replacing(TradingDayFixture day) {
        OrderId id = day.placeSent("k1", 101);
        assertThat(day.replace(id, 15, 0, Optional.of("m1"))).isInstanceOf(Answer.Accepted.class);
        sendCancel(day, id);
        return id;
    }

    private static void sendCancel(TradingDayFixture day, OrderId id) {
        day.grantSlot();
        var cancel = day.next(OrderEffect.SendCancel.class).orElseThrow();
        assertThat(cancel.all()).isTrue();
        day.on(new OrderInput.Answered(id, cancel.request(), new Broker.Outcome.Taken("06010", 102, "100001")));
    }

    private static void confirmCancel(TradingDayFixture day, long qty) {
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 102, 101, qty, 0);
    }

    private static void placeReplacement(TradingDayFixture day, OrderId id) {
        assertThat(day.next(OrderEffect.LoadReplacement.class)
                        .orElseThrow()
                        .original()
                        .id())
                .isEqualTo(id);
        day.on(new OrderInput.PlaceReplacement(0, id, TradingDayFixture.emptyContext()));
    }

    private static Replacement replacement(TradingDayFixture day, OrderId id) {
        return day.order(id).replacement().orElseThrow();
    }

    private static List<OrderEffect> loads(TradingDayFixture day) {
        return day.effects.stream()
                .filter(OrderEffect.LoadReplacement.class::isInstance)
                .toList();
    }

    private static List<String> alerts(TradingDayFixture day) {
        return day.effects.stream()
                .filter(OrderEffect.Alert.class::isInstance)
                .map(OrderEffect.Alert.class::cast)
                .filter(alert -> alert.kind() == AlertEvent.REPLACEMENT_NOT_PLACED)
                .map(OrderEffect.Alert::message)
                .toList();
    }

    @Test
    void an_order_at_the_broker_grows_only_when_the_caller_permits_another() {
        var day = TradingDayFixture.open();
        OrderId id = day.placeSent("k1", 101);
        var refused = (Answer.Refused) day.modify(id, 15, 0);
        assertThat(refused.refusal().code()).isEqualTo(ErrorCode.INVALID_QTY);
        assertThat(refused.refusal().details()).containsEntry("replace", true);
        assertThat(day.replace(id, 15, 0, Optional.empty())).isInstanceOf(Answer.Accepted.class);
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.CANCEL_PENDING);
        assertThat(day.core.order(replacement(day, id).successor()))
                .as("before the cancel is proven")
                .isEmpty();
    }

    @Test
    void once_the_cancel_is_proven_the_rest_is_placed_as_another_order() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        day.receiveFill(101, 4, 70_000, 100_001);
        assertThat(loads(day)).isEmpty();
        confirmCancel(day, 6);
        placeReplacement(day, id);

        Order original = day.order(id);
        assertThat(original.status()).isEqualTo(OrderStatus.CANCELED);
        assertThat(original.filled()).isEqualTo(4);
        Order successor = day.order(replacement(day, id).successor());
        assertThat(successor.status()).isEqualTo(OrderStatus.NEW);
        assertThat(successor.terms().qty()).isEqualTo(11);
        assertThat(successor.terms().price()).isEqualTo(original.terms().price());
        assertThat(successor.replaces()).contains(id);
        assertThat(successor.terms().dispatchBy())
                .isEqualTo(replacement(day, id).placeBy());
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.PLACED);
        day.on(new OrderInput.PlaceReplacement(0, id, TradingDayFixture.emptyContext()));
        assertThat(day.rebuilt()).as("placed once").hasSize(2);
        assertThat(alerts(day)).isEmpty();
    }

    @Test
    void a_fill_of_everything_before_the_cancel_leaves_the_difference() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        day.receiveFill(101, 10, 70_000, 100_001);
        placeReplacement(day, id);
        assertThat(day.order(replacement(day, id).successor()).terms().qty()).isEqualTo(5);
    }

    @Test
    void a_cancel_with_missing_fills_proves_nothing_until_the_list_has_them() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        confirmCancel(day, 6);
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.CANCELED);
        assertThat(loads(day)).as("four shares may be filled").isEmpty();
        day.receiveFill(101, 4, 70_000, 100_001);
        placeReplacement(day, id);
        assertThat(day.order(replacement(day, id).successor()).terms().qty()).isEqualTo(11);
    }

    @Test
    void an_order_that_is_taken_out_elsewhere_before_its_cancel_is_sent_is_not_replaced() {
        var day = TradingDayFixture.open();
        OrderId id = day.placeSent("k1", 101);
        assertThat(day.replace(id, 15, 0, Optional.of("m1"))).isInstanceOf(Answer.Accepted.class);
        day.crash();
        // As of a modification elsewhere whose own row is not listed yet: it goes on under another number.
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 10));
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.CANCELED);
        assertThat(loads(day)).isEmpty();
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.ABANDONED);
        assertThat(alerts(day)).singleElement().asString().contains("the order ended CANCELED");
        assertThat(day.rebuilt()).hasSize(1);
    }

    @Test
    void a_crash_at_any_point_neither_loses_nor_doubles_the_replacement() {
        var day = TradingDayFixture.open();
        OrderId id = day.placeSent("k1", 101);
        day.replace(id, 15, 0, Optional.of("m1"));
        OrderId successor = replacement(day, id).successor();
        var again = (Answer.Accepted) day.replace(id, 15, 0, Optional.of("m1"));
        assertThat(again.replay()).isTrue();
        assertThat(replacement(day, id).successor()).isEqualTo(successor);
        day.crash();
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        sendCancel(day, id);
        confirmCancel(day, 10);
        day.crash();
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 10));
        placeReplacement(day, id);
        assertThat(day.order(successor).terms().qty()).isEqualTo(15);
        day.crash();
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 10));
        assertThat(loads(day)).isEmpty();
        assertThat(day.rebuilt()).hasSize(2);
    }

    @Test
    void past_its_deadline_only_the_cancel_remains() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        day.advance(Duration.ofSeconds(5));
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.ABANDONED);
        assertThat(alerts(day)).singleElement().asString().contains("not proven in time");
        confirmCancel(day, 10);
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.CANCELED);
        assertThat(loads(day)).isEmpty();
    }

    @Test
    void a_further_cancel_ends_the_replacement_and_the_order_stays_cancelled() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        assertThat(day.cancel(id)).isInstanceOf(Answer.Accepted.class);
        confirmCancel(day, 10);
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.ABANDONED);
        assertThat(loads(day)).isEmpty();
        assertThat(alerts(day)).as("asked for").isEmpty();
    }

    @Test
    void a_refused_cancel_leaves_the_order_and_places_nothing() {
        var day = TradingDayFixture.open();
        OrderId id = day.placeSent("k1", 101);
        day.replace(id, 15, 0, Optional.empty());
        day.grantSlot();
        var cancel = day.next(OrderEffect.SendCancel.class).orElseThrow();
        day.on(new OrderInput.Answered(id, cancel.request(), new Broker.Outcome.Refused("APBK0344", "no")));
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.SENT);
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.ABANDONED);
        assertThat(alerts(day)).hasSize(1);
    }

    @Test
    void the_kill_switch_ends_a_replacement_that_is_not_placed_yet() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        confirmCancel(day, 10);
        day.submit(ticket -> new OrderInput.KillSwitch(ticket, true, Optional.of("enough"), false, "ops"));
        Refusal refusal = refusal(day, id);
        assertThat(refusal.code()).isEqualTo(ErrorCode.KILL_SWITCH);
        day.on(new OrderInput.ReplacementRefused(id, refusal));
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.REFUSED);
        assertThat(alerts(day)).singleElement().asString().contains("KILL_SWITCH");
        assertThat(day.rebuilt()).hasSize(1);
    }

    private static Refusal refusal(TradingDayFixture day, OrderId id) {
        var answer =
                day.submit(ticket -> new OrderInput.PlaceReplacement(ticket, id, TradingDayFixture.emptyContext()));
        return ((Answer.Refused) answer).refusal();
    }

    @Test
    void a_cancel_of_everything_ends_a_replacement_whose_order_has_ended_already() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        confirmCancel(day, 10);
        var everything = new OrderInput.OpenOrderFilter(Optional.empty(), Optional.empty(), Optional.empty());
        var answer = (Answer.CancelledAll) day.submit(
                ticket -> new OrderInput.CancelAll(ticket, everything, new KeyUse("local/A1", "sweep", "cancel-all:")));
        assertThat(answer.orders()).containsExactly(id);
        day.on(new OrderInput.PlaceReplacement(0, id, TradingDayFixture.emptyContext()));
        assertThat(day.rebuilt()).hasSize(1);
    }

    @Test
    void a_refusal_that_may_pass_is_tried_again_until_the_deadline() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        confirmCancel(day, 10);
        day.requireEffect(OrderEffect.LoadReplacement.class);
        var busy = Refusal.of(ErrorCode.ORDER_RATE_LIMIT, "too many in a second");
        day.on(new OrderInput.ReplacementRefused(id, busy));
        assertThat(replacement(day, id).isPending()).isTrue();
        assertThat(loads(day)).isEmpty();
        day.advance(Duration.ofMillis(500));
        placeReplacement(day, id);
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.PLACED);
    }

    @Test
    void a_limit_that_refuses_another_order_refuses_the_replacement_before_anything_is_cancelled() {
        var day = new TradingDayFixture();
        day.limits = day.limits.with(RiskLimit.DAILY_ORDERS, 1);
        day.crash();
        day.receiveList();
        OrderId id = day.placeSent("k1", 101);
        var refused = (Answer.Refused) day.replace(id, 15, 0, Optional.empty());
        assertThat(refused.refusal().code()).isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void the_limits_of_the_key_that_modifies_hold_as_those_of_the_key_that_placed() {
        var day = new TradingDayFixture();
        day.keys = Map.of("small", RiskLimits.none().with(RiskLimit.MAX_QTY, 5));
        day.crash();
        day.receiveList();
        OrderId id = day.placeSent("k1", 101);
        var refused = (Answer.Refused) day.replaceAs("small", id, 15, 0, Optional.empty());
        assertThat(refused.refusal().code()).isEqualTo(ErrorCode.MAX_QTY_EXCEEDED);
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.replaceAs("other", id, 15, 0, Optional.empty())).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void a_cancel_that_is_not_taken_after_the_deadline_of_the_other_order_is_not_sent_again() {
        var day = TradingDayFixture.open();
        OrderId id = day.placeSent("k1", 101);
        assertThat(day.replace(id, 15, 0, Optional.empty())).isInstanceOf(Answer.Accepted.class);
        day.grantSlot();
        day.reach(replacement(day, id).placeBy());
        assertThat(alerts(day)).as("its answer is awaited").isEmpty();
        day.deliverOutcome(id, 2, new Broker.Outcome.NotTaken("CONNECTION", "nothing was sent"));
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.ABANDONED);
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.SENT);
        assertThat(alerts(day)).hasSize(1);
        day.advance(java.time.Duration.ofMinutes(1));
        assertThat(day.effectsOf(OrderEffect.RequestSlot.class)).isEmpty();
    }

    @Test
    void an_order_of_a_parent_order_never_gets_larger_be_it_smaller_by_now_than_when_it_was_requested() {
        var day = new TradingDayFixture();
        day.crash();
        day.receiveList();
        Terms terms = day.limit(Side.BUY, 10, 70_000);
        OrderInput.Place usual =
                day.placeInput(0, terms, "leg", TradingDayFixture.emptyContext(), OrderInput.Mode.PLACE);
        OrderId id = usual.order();
        day.submit(ticket -> new OrderInput.Place(
                ticket,
                id,
                terms,
                new KeyUse(KeyUse.scopeOfParents("local", "A1"), "leg", "hash"),
                usual.orderContext(),
                Optional.empty(),
                OrderInput.Mode.PLACE));
        day.grantSlot();
        day.deliverOutcome(id, 1, new Broker.Outcome.Taken("06010", 101, "100000"));
        var larger = (Answer.Refused) day.replaceAs("local", id, 15, 0, Optional.empty());
        assertThat(larger.refusal().code()).isEqualTo(ErrorCode.INVALID_TRANSITION);
        assertThat(day.order(id).replacement()).isEmpty();
        assertThat(day.modify(id, 5, 0)).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void what_a_pending_replacement_costs_is_reserved_until_it_is_placed() {
        var day = new TradingDayFixture();
        day.limits = day.limits.with(RiskLimit.DAILY_NOTIONAL, 20 * 70_000);
        day.crash();
        day.receiveList();
        OrderId id = replacing(day); // 10 shares of 70,000 become 15
        var second = (Answer.Refused) day.placeOrder(day.limit(Side.BUY, 6, 70_000), "k2");
        assertThat(second.refusal().code()).isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
        confirmCancel(day, 10);
        second = (Answer.Refused) day.placeOrder(day.limit(Side.BUY, 6, 70_000), "k3");
        assertThat(second.refusal().code()).as("after the cancel as well").isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
        placeReplacement(day, id);
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.PLACED);
        assertThat(day.placeOrder(day.limit(Side.BUY, 5, 70_000), "k4")).isInstanceOf(Answer.Accepted.class);
        assertThat(day.placeOrder(day.limit(Side.BUY, 1, 70_000), "k5")).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void a_cancel_that_was_not_sent_in_time_is_dropped_with_its_replacement() {
        var day = TradingDayFixture.open();
        OrderId id = day.placeSent("k1", 101);
        day.replace(id, 15, 0, Optional.empty());
        day.advance(Duration.ofSeconds(5));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.next(OrderEffect.SendCancel.class)).isEmpty();
    }

    @Test
    void why_nothing_took_its_place_stays_readable_after_the_cancel() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        day.advance(Duration.ofSeconds(5));
        confirmCancel(day, 10);
        assertThat(day.order(id).reason().orElseThrow()).contains("not proven in time");
        assertThat(OrderAnswers.order(day.order(id), List.of()).replacedBy()).isEmpty();
    }

    @Test
    void an_order_in_anothers_place_that_is_never_placed_is_alerted() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        confirmCancel(day, 10);
        placeReplacement(day, id);
        day.advance(Duration.ofSeconds(6));
        assertThat(day.status(replacement(day, id).successor())).isEqualTo(OrderStatus.EXPIRED);
        assertThat(alerts(day)).singleElement().asString().contains("it was to replace " + id);
    }

    @Test
    void the_key_of_the_cancel_that_ends_a_replacement_answers_again() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        assertThat(day.cancel(id, Optional.of("c1"))).isInstanceOf(Answer.Accepted.class);
        assertThat(((Answer.Accepted) day.cancel(id, Optional.of("c1"))).replay())
                .isTrue();
        assertThat(day.placeOrder(day.limit(Side.BUY, 1, 70_000), "c1")).isInstanceOf(Answer.Refused.class);
    }

    private static List<OrderEffect.Alert> takeAlerts(TradingDayFixture day) {
        return day.takeAlerts().stream()
                .filter(alert -> alert.kind() == AlertEvent.REPLACEMENT_NOT_PLACED)
                .toList();
    }

    private static OrderEffect.Alert notPlaced(OrderId id, String message) {
        return new OrderEffect.Alert(
                OrderEffect.Level.P2,
                AlertEvent.REPLACEMENT_NOT_PLACED,
                id.text(),
                "order " + id + ": " + message,
                Optional.of(id),
                Optional.of("local"));
    }

    /** Sends the order that replaces {@code id}, which was accepted. */
    private static OrderId sendSuccessor(TradingDayFixture day, OrderId id) {
        placeReplacement(day, id);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        return replacement(day, id).successor();
    }

    @Test
    void an_order_in_anothers_place_that_kis_accepts_is_no_alert_even_when_it_expires_unfilled() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        confirmCancel(day, 10);
        OrderId successor = sendSuccessor(day, id);
        day.deliverOutcome(successor, 1, new Broker.Outcome.Taken("06010", 103, "100002"));
        assertThat(day.status(successor)).isEqualTo(OrderStatus.SENT);
        day.effects.removeIf(OrderEffect.RequestDailyOrders.class::isInstance);
        AccountDay accountDay = day.order(successor).accountDay();
        day.now = TradingDayFixture.CALENDAR
                .endOf(day.order(successor).tradingDay())
                .plusSeconds(61);
        day.on(new OrderInput.ListArrived(accountDay, new Broker.DailyOrders.Complete(day.now, List.of())));
        assertThat(day.shown.get(successor).status()).isEqualTo(OrderStatus.EXPIRED);
        assertThat(takeAlerts(day)).isEmpty();
    }

    @Test
    void an_order_in_anothers_place_that_kis_refuses_is_alerted_once() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        confirmCancel(day, 10);
        OrderId successor = sendSuccessor(day, id);
        day.deliverOutcome(successor, 1, new Broker.Outcome.Refused("APBK0952", "too little cash"));
        assertThat(takeAlerts(day))
                .containsExactly(notPlaced(
                        successor,
                        "it was to replace " + id
                                + ", which is cancelled, and ended REJECTED: APBK0952 too little cash"));
    }

    @Test
    void an_order_in_anothers_place_that_an_operator_did_not_find_is_not_alerted_again_by_its_late_answer() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        confirmCancel(day, 10);
        OrderId successor = sendSuccessor(day, id);
        day.deliverOutcome(successor, 1, new Broker.Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(takeAlerts(day)).isEmpty();
        day.resolve(successor, new OrderInput.Decision.NotAtBroker());
        assertThat(takeAlerts(day))
                .containsExactly(notPlaced(
                        successor,
                        "it was to replace " + id + ", which is cancelled, and ended REJECTED: NOT_FOUND_AT_BROKER an"
                                + " operator found that the broker does not have it"));
        day.deliverOutcome(successor, 1, new Broker.Outcome.Refused("APBK0952", "too little cash"));
        assertThat(day.status(successor)).isEqualTo(OrderStatus.REJECTED);
        assertThat(takeAlerts(day)).isEmpty();
    }

    @Test
    void the_deadline_of_a_replacement_is_a_timer() {
        var day = new TradingDayFixture();
        day.settings =
                new OrderSettings(Map.of("A1", "K1"), 10, true, Duration.ofSeconds(2), Duration.ofSeconds(5), false);
        day.crash();
        day.receiveList();
        OrderId id = day.placeSent("k1", 101);
        day.replace(id, 15, 0, Optional.of("m1"));
        assertThat(replacement(day, id).placeBy()).isEqualTo(day.now.plusSeconds(2));
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(2));
        day.advance(Duration.ofSeconds(2).minusNanos(1_000));
        assertThat(replacement(day, id).isPending()).isTrue();
        day.advance(Duration.ofNanos(1_000));
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.ABANDONED);
    }

    @Test
    void the_next_try_after_a_refusal_that_may_pass_is_a_timer() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        confirmCancel(day, 10);
        day.requireEffect(OrderEffect.LoadReplacement.class);
        day.on(new OrderInput.ReplacementRefused(id, Refusal.of(ErrorCode.ORDER_RATE_LIMIT, "too many in a second")));
        assertThat(day.core.nextTimer()).contains(day.now.plusMillis(500));
        day.advance(Duration.ofMillis(500).minusNanos(1_000));
        assertThat(loads(day)).isEmpty();
        day.advance(Duration.ofNanos(1_000));
        assertThat(loads(day)).hasSize(1);
    }

    @Test
    void a_replacement_for_a_single_share_is_placed() {
        var day = TradingDayFixture.open();
        OrderId id = day.placeSent("k1", 101);
        day.replace(id, 11, 0, Optional.of("m1"));
        sendCancel(day, id);
        day.receiveFill(101, 10, 70_000, 100_001);
        placeReplacement(day, id);
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.PLACED);
        assertThat(day.order(replacement(day, id).successor()).terms().qty()).isEqualTo(1);
    }

    @Test
    void an_order_that_was_enlarged_elsewhere_and_filled_to_the_new_quantity_is_not_replaced() {
        var day = TradingDayFixture.open();
        OrderId id = day.placeSent("k1", 101);
        day.replace(id, 12, 0, Optional.of("m1"));
        day.on(new OrderInput.NoticesMissed("reconnect"));
        int recorded = day.journal.size();
        day.receiveList(
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 10),
                TradingDayFixture.modifiedRow(130, 101, 12, 70_000, 12, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(day.order(id).filled()).isEqualTo(12);
        assertThat(day.recordedSince(recorded))
                .contains(new OrderEvent.ReplaceEnded(
                        id,
                        Replacement.Outcome.ABANDONED,
                        "all shares of the new quantity were filled before the cancel",
                        Optional.empty()));
        assertThat(loads(day)).isEmpty();
        assertThat(takeAlerts(day)).isEmpty();
    }

    @Test
    void an_order_that_opens_again_after_its_replacement_was_refused_can_be_replaced() {
        var day = TradingDayFixture.open();
        OrderId id = replacing(day);
        confirmCancel(day, 10);
        day.requireEffect(OrderEffect.LoadReplacement.class);
        day.on(new OrderInput.ReplacementRefused(id, Refusal.of(ErrorCode.KILL_SWITCH, "it was on")));
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.REFUSED);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 10),
                TradingDayFixture.modifiedRow(130, 101, 10, 69_000, 0, 10, 0));
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(130);
        day.advance(Duration.ofSeconds(61));
        day.receiveList(
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 10),
                TradingDayFixture.modifiedRow(130, 101, 10, 69_000, 0, 10, 0));
        assertThat(day.status(id)).as("the first cancel had no effect").isEqualTo(OrderStatus.SENT);
        assertThat(day.replace(id, 15, 0, Optional.of("m2"))).isInstanceOf(Answer.Accepted.class);
        day.grantSlot();
        var cancel = day.next(OrderEffect.SendCancel.class).orElseThrow();
        assertThat(cancel.odno()).isEqualTo(130);
        day.on(new OrderInput.Answered(id, cancel.request(), new Broker.Outcome.Taken("06010", 104, "100101")));
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 104, 130, 10, 0);
        placeReplacement(day, id);
        assertThat(replacement(day, id).outcome()).contains(Replacement.Outcome.PLACED);
        assertThat(day.order(replacement(day, id).successor()).terms().qty()).isEqualTo(15);
    }
}
