package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.alert;
import static kr.kisgateway.gateway.order.TradingDayFixture.code;
import static kr.kisgateway.gateway.order.TradingDayFixture.listedRow;
import static kr.kisgateway.gateway.order.TradingDayFixture.notSentInTime;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which request gets a slot and is sent, until when, and what follows when it is not taken. */
class OrderCoreDispatchTest {
    private final TradingDayFixture day = TradingDayFixture.open();

    /** The slot that is requested now; there is one only. */
    private OrderEffect.RequestSlot requestedSlot() {
        List<OrderEffect.RequestSlot> requested = day.effectsOf(OrderEffect.RequestSlot.class);
        assertThat(requested).hasSize(1);
        return requested.getFirst();
    }

    private void assertSlotRequested(Broker.Lane lane, Instant deadline) {
        assertThat(requestedSlot())
                .returns("A1", OrderEffect.RequestSlot::account)
                .returns(lane, OrderEffect.RequestSlot::lane)
                .returns("local", OrderEffect.RequestSlot::tenant)
                .returns(deadline, OrderEffect.RequestSlot::deadline);
    }

    @Test
    void a_placing_is_sent_until_its_dispatch_by_and_a_cancel_for_half_a_minute_in_its_own_lane() {
        OrderId id = day.buy("k1");
        assertSlotRequested(Broker.Lane.LIMIT, day.now.plusSeconds(5));
        long slot = requestedSlot().slot();
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendPlace.class))
                .contains(new OrderEffect.SendPlace(slot, id, 1, day.order(id).terms()));
        assertThat(day.eventsOf(id)).last().isEqualTo(new OrderEvent.SendStarted(id, 1, 1, List.of(), 0));
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        day.receiveFill(101, 3, 70_000, 100_001);

        day.cancel(id);
        assertSlotRequested(Broker.Lane.CANCEL, day.now.plusSeconds(30));
        slot = requestedSlot().slot();
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class))
                .contains(new OrderEffect.SendCancel(slot, id, 2, day.order(id).terms(), "06010", 101, 7, true));
        assertThat(day.eventsOf(id)).last().isEqualTo(new OrderEvent.SendStarted(id, 2, 1, List.of(), 101));
    }

    @Test
    void a_price_change_is_sent_for_the_rest_until_the_deadline_of_modifications() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 3, 70_000, 100_001);
        day.modify(id, 0, 70_500);
        Instant deadline = day.now.plusSeconds(5);
        assertSlotRequested(Broker.Lane.LIMIT, deadline);
        long slot = requestedSlot().slot();
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendModify.class))
                .contains(new OrderEffect.SendModify(
                        slot, id, 2, day.order(id).terms(), "06010", 101, 7, 70_500, deadline));
        assertThat(day.eventsOf(id)).last().isEqualTo(new OrderEvent.SendStarted(id, 2, 1, List.of(), 101));
    }

    @ParameterizedTest
    @CsvSource({"5, 4, false", "6, 4, true", "7, 3, true"})
    void a_reduction_cancels_the_rest_when_no_more_is_left_than_it_removes(long filled, long qty, boolean all) {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 0);
        assertSlotRequested(Broker.Lane.CANCEL, day.now.plusSeconds(5));
        long slot = requestedSlot().slot();
        for (int i = 0; i < filled; i++) {
            day.receiveFill(101, 1, 70_000, 100_001 + i);
        }
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class))
                .contains(new OrderEffect.SendCancel(slot, id, 2, day.order(id).terms(), "06010", 101, qty, all));
    }

    private OrderId buyAtMarket(String key) {
        var terms = new Terms(
                "A1",
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                OrderKind.MARKET,
                OptionalLong.empty(),
                Venue.KRX,
                Optional.empty(),
                day.now.plusSeconds(5));
        var context = new OrderInput.OrderContext(
                MarketFacts.none(), new Observation.Unknown<>("not requested"), OptionalLong.of(70_000), List.of());
        return ((Answer.Accepted) day.placeOrder(terms, key, context)).order();
    }

    @Test
    void a_market_order_is_queued_in_its_own_lane_until_it_is_sent() {
        OrderId market = buyAtMarket("m");
        assertSlotRequested(Broker.Lane.MARKET, day.now.plusSeconds(5));
        day.buy("k1");
        assertThat(day.core.queueDepth()).isEqualTo(2);
        day.grantSlot();
        assertThat(day.status(market)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(day.core.queueDepth()).isEqualTo(1);
        day.deliverOutcome(market, 1, new Outcome.Taken("06010", 101, "100000"));
        day.next(OrderEffect.RequestSlot.class);
        day.cancel(market);
        assertSlotRequested(Broker.Lane.CANCEL, day.now.plusSeconds(30));
    }

    @Test
    void equal_orders_recorded_at_the_broker_before_the_send_are_excluded_as_matches() {
        day.receiveNotice(Notice.Kind.RECEIVED, 555, 0, 10, 70_000);
        day.receiveNotice(Notice.Kind.FILLED, 555, 0, 10, 70_000);
        day.receiveNotice(Notice.Kind.MODIFY_CONFIRMED, 556, 77, 10, 70_000);
        receiveNoticeOf("B1", TradingDayFixture.SAMSUNG, Side.BUY, 557);
        receiveNoticeOf("A1", new Symbol("000660"), Side.BUY, 558);
        receiveNoticeOf("A1", TradingDayFixture.SAMSUNG, Side.SELL, 559);
        OrderId id = day.placeSent("k1", 101);
        assertThat(day.eventsOf(id)).contains(new OrderEvent.SendStarted(id, 1, 1, List.of(555L), 0));
        day.cancel(id);
        day.grantSlot();
        assertThat(day.eventsOf(id))
                .as("a cancel has the number of its order")
                .last()
                .isEqualTo(new OrderEvent.SendStarted(id, 2, 1, List.of(), 101));
    }

    private void receiveNoticeOf(String account, Symbol symbol, Side side, long odno) {
        day.on(new OrderInput.Noticed(new Notice(
                account,
                Notice.Kind.RECEIVED,
                odno,
                0,
                symbol,
                side,
                10,
                70_000,
                100_000,
                "06010",
                Optional.empty(),
                Optional.empty())));
    }

    @Test
    void orders_behind_an_equal_one_in_flight_count_as_ahead_of_another() {
        day.buy("k0");
        day.grantSlot();
        for (int i = 1; i <= 44; i++) { // 10 a second for 5 seconds, less a tenth and the one in flight
            day.buy("k" + i);
        }
        Answer refused = day.placeOrder(day.limit(Side.BUY, 1, 60_000), "another");
        assertThat(code(refused)).isEqualTo(ErrorCode.QUEUE_TIMEOUT);
        assertThat(((Answer.Refused) refused).refusal().details()).containsEntry("waiting", 44);
    }

    @Test
    void one_slot_at_a_time_is_requested_for_equal_orders() {
        OrderId first = day.buy("k1");
        day.grantSlot();
        OrderId second = day.buy("k2");
        OrderId third = day.buy("k3");
        assertThat(day.effectsOf(OrderEffect.RequestSlot.class)).isEmpty();
        day.deliverOutcome(first, 1, new Outcome.Taken("06010", 101, "100000"));
        day.receiveFill(101, 10, 70_000, 100_001);
        assertThat(day.effectsOf(OrderEffect.RequestSlot.class))
                .as("the end of an order that was sent frees nothing more")
                .hasSize(1);
        day.grantSlot();
        assertThat(day.status(second)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(day.effectsOf(OrderEffect.RequestSlot.class)).isEmpty();
        day.deliverOutcome(second, 1, new Outcome.Taken("06010", 102, "100000"));
        day.grantSlot();
        assertThat(day.status(third)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void a_share_without_usable_answers_alerts_once_and_settles_the_alert_with_the_next_slot() {
        day.buy("k1");
        day.on(new OrderInput.SlotSuspended(requestedSlot().slot()));
        day.effects.removeIf(OrderEffect.RequestSlot.class::isInstance);
        assertThat(day.raisedAlerts())
                .containsExactly(new OrderEffect.Alert(
                        Level.P2,
                        AlertEvent.ORDERS_SUSPENDED,
                        "gateway",
                        "KIS gave no usable answer to too many recent orders; orders wait until their dispatch_by,"
                                + " cancels pass",
                        Optional.empty(),
                        Optional.empty()));
        assertThat(day.core.nextTimer()).contains(day.now.plusMillis(500));
        day.advance(Duration.ofMillis(500));
        day.on(new OrderInput.SlotSuspended(requestedSlot().slot()));
        day.effects.removeIf(OrderEffect.RequestSlot.class::isInstance);
        assertThat(day.raisedAlerts()).as("it is known already").hasSize(1);
        assertThat(day.alerts.open(AlertEvent.ORDERS_SUSPENDED)).isEqualTo(1);
        day.advance(Duration.ofMillis(500));
        day.grantSlot();
        assertThat(day.alerts.open(AlertEvent.ORDERS_SUSPENDED)).isZero();
    }

    @Test
    void a_slot_that_arrives_at_the_deadline_of_a_modification_sends_nothing() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        long slot = requestedSlot().slot();
        day.now = day.now.plusSeconds(5);
        day.on(new OrderInput.SlotGranted(slot));
        assertThat(day.next(OrderEffect.SendModify.class)).isEmpty();
        assertThat(day.next(OrderEffect.ReleaseSlot.class)).contains(new OrderEffect.ReleaseSlot(slot));
        assertThat(day.eventsOf(id)).last().isEqualTo(notSentInTime(id, 2));
    }

    @Test
    void a_modification_waits_until_its_own_deadline_and_not_that_of_the_placing() {
        OrderId id = day.placeSent("k1", 101);
        Instant dispatchBy = day.order(id).terms().dispatchBy();
        day.now = day.now.plusSeconds(3);
        day.modify(id, 0, 70_500);
        day.reach(dispatchBy);
        assertThat(day.order(id).request(2).state()).isEqualTo(BrokerRequest.State.PLANNED);
        day.reach(dispatchBy.plusSeconds(3));
        assertThat(day.eventsOf(id)).last().isEqualTo(notSentInTime(id, 2));
    }

    @Test
    void the_deadline_of_the_placing_requests_no_list_of_a_resting_order() {
        OrderId id = day.buy("k1");
        Instant dispatchBy = day.order(id).terms().dispatchBy();
        day.now = day.now.plusSeconds(1);
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        day.reach(dispatchBy);
        assertThat(day.requestedLists()).isEmpty();
        day.reach(dispatchBy.plusSeconds(1));
        assertThat(day.requestedLists()).as("the next comparison").containsExactly(TradingDayFixture.ON_FRIDAY);
    }

    // ---- stopped sends ----

    @Test
    void a_placing_stopped_by_its_deadline_expires() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.on(new OrderInput.SendStopped(id, 1, OrderInput.StopReason.DEADLINE));
        assertThat(day.eventsOf(id))
                .endsWith(
                        new OrderEvent.SendAbandoned(id, 1, "its deadline passed before the send"),
                        new OrderEvent.Expired(id, "NOT_SENT"));
    }

    @Test
    void a_placing_stopped_by_the_kill_switch_is_rejected() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.on(new OrderInput.SendStopped(id, 1, OrderInput.StopReason.KILL_SWITCH));
        assertThat(day.eventsOf(id))
                .endsWith(
                        new OrderEvent.SendAbandoned(id, 1, "the kill switch was set before the send"),
                        new OrderEvent.Rejected(id, "KILL_SWITCH", "the kill switch was set before it was sent"));
    }

    @Test
    void a_stopped_placing_with_a_cancel_ends_cancelled() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.cancel(id);
        day.on(new OrderInput.SendStopped(id, 1, OrderInput.StopReason.DEADLINE));
        assertThat(day.eventsOf(id))
                .endsWith(
                        new OrderEvent.SendAbandoned(id, 1, "its deadline passed before the send"),
                        new OrderEvent.Canceled(id, 10, "canceled before it was sent"));
    }

    @Test
    void a_stopped_modification_leaves_the_order_unchanged() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.on(new OrderInput.SendStopped(id, 2, OrderInput.StopReason.KILL_SWITCH));
        assertThat(day.eventsOf(id))
                .endsWith(
                        new OrderEvent.SendAbandoned(id, 2, "the kill switch was set before the send"),
                        notSentInTime(id, 2));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    // ---- retries ----

    @Test
    void a_placing_that_was_not_taken_is_sent_again_after_a_fifth_of_a_second() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(day.eventsOf(id)).last().isEqualTo(new OrderEvent.SendNotTaken(id, 1, "EGW00201", "too many calls"));
        Instant retry = day.now.plusMillis(200);
        assertThat(day.core.nextTimer()).contains(retry);
        day.advance(Duration.ofMillis(100));
        day.modify(id, 0, 71_000);
        day.reach(retry.minusMillis(1));
        assertThat(day.effectsOf(OrderEffect.RequestSlot.class)).isEmpty();
        day.reach(retry);
        day.grantSlot();
        assertThat(day.eventsOf(id)).last().isEqualTo(new OrderEvent.SendStarted(id, 1, 2, List.of(), 0));
    }

    /** Sends a request of an order for the third time after two attempts that were not taken. */
    private void sendThreeTimes(OrderId id, int request) {
        for (int attempt = 1; attempt <= 3; attempt++) {
            day.grantSlot();
            if (attempt < 3) {
                day.deliverOutcome(id, request, new Outcome.NotTaken("EGW00201", "too many calls"));
                day.advance(Duration.ofMillis(200));
            }
        }
    }

    private OrderEvent notTaken(OrderId id, int request) {
        return new OrderEvent.SendNotTaken(id, request, "EGW00201", "too many calls");
    }

    @Test
    void a_placing_that_is_not_taken_three_times_is_rejected() {
        OrderId placing = day.buy("k0");
        sendThreeTimes(placing, 1);
        day.deliverOutcome(placing, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(day.eventsOf(placing))
                .endsWith(
                        notTaken(placing, 1),
                        new OrderEvent.Rejected(placing, "RETRY_EXHAUSTED", "EGW00201 too many calls"));
    }

    private Duration untilSlotIsRequested() {
        Instant from = day.now;
        while (day.effectsOf(OrderEffect.RequestSlot.class).isEmpty()) {
            assertThat(Duration.between(from, day.now))
                    .as("without another attempt")
                    .isLessThan(Duration.ofMinutes(1));
            day.advance(Duration.ofMillis(100));
        }
        return Duration.between(from, day.now);
    }

    /** Attempts of a cancel until one is not followed by another, each after the pause that the core asks for. */
    private List<Duration> pausesOfCancel(OrderId id, Outcome outcome) {
        List<Duration> pauses = new ArrayList<>();
        while (true) {
            day.grantSlot();
            day.deliverOutcome(id, 2, outcome);
            if (day.order(id).openCancel().isEmpty()) {
                return pauses;
            }
            pauses.add(untilSlotIsRequested());
        }
    }

    @Test
    void a_cancel_that_is_not_taken_is_sent_again_for_two_minutes_also_with_the_kill_switch_on() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.submit(ticket -> new OrderInput.KillSwitch(ticket, true, Optional.of("stop"), false, "ops"));
        List<Duration> pauses =
                pausesOfCancel(id, new Outcome.NotTaken("TOKEN_UNAVAILABLE", "there is no valid access token"));
        assertThat(pauses).hasSize(29);
        assertThat(pauses.subList(0, 8).stream().map(Duration::toMillis))
                .containsExactly(200L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L);
        assertThat(pauses.stream().mapToLong(Duration::toMillis).sum()).isBetween(120_000L, 125_000L);
        assertThat(day.eventsOf(id))
                .endsWith(
                        new OrderEvent.SendNotTaken(id, 2, "TOKEN_UNAVAILABLE", "there is no valid access token"),
                        new OrderEvent.BrokerRefused(
                                id, 2, "RETRY_EXHAUSTED", "TOKEN_UNAVAILABLE there is no valid access token"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        String cause = "KIS did not take its cancel: TOKEN_UNAVAILABLE there is no valid access token";
        assertThat(day.raisedAlerts())
                .filteredOn(it -> it.kind() == AlertEvent.CANCEL_FAILED)
                .containsExactly(
                        alert(
                                OrderEffect.Level.P1,
                                AlertEvent.CANCEL_FAILED,
                                id,
                                cause + "; it is sent again, 30 times in all"),
                        cancelFailed(id, cause));
    }

    @Test
    void a_cancel_is_taken_when_kis_issues_a_token_after_a_minute() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        Instant token = day.now.plusSeconds(60);
        while (day.now.isBefore(token)) {
            day.grantSlot();
            day.deliverOutcome(id, 2, new Outcome.NotTaken("TOKEN_UNAVAILABLE", "there is no valid access token"));
            untilSlotIsRequested();
        }
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "090101"));
        assertThat(day.order(id).openCancel().orElseThrow().state()).isEqualTo(BrokerRequest.State.ACKED);
    }

    @Test
    void an_order_that_was_never_taken_does_not_count_for_the_day_also_after_a_restart() {
        day.limits = day.limits.with(RiskLimit.DAILY_ORDERS, 1);
        day.crash();
        day.receiveList();
        for (int i = 0; i < 3; i++) {
            OrderId id = day.buy("never-" + i);
            assertThat(code(day.placeOrder(day.limit(Side.BUY, 1, 70_000), "while-it-is-open")))
                    .isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
            sendThreeTimes(id, 1);
            day.deliverOutcome(id, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
            if (i == 1) {
                day.crash();
                day.receiveList();
            }
        }
        OrderId taken = day.buy("taken");
        sendThreeTimes(taken, 1);
        day.deliverOutcome(taken, 1, new Outcome.Taken("06010", 101, "100000"));
        assertThat(code(day.placeOrder(day.limit(Side.BUY, 1, 70_000), "another")))
                .isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
    }

    @Test
    void a_cancel_that_makes_room_for_another_order_is_sent_three_times() {
        OrderId id = day.placeSent("k1", 101);
        day.replaceAs("local", id, 15, 0, Optional.empty());
        assertThat(pausesOfCancel(id, new Outcome.NotTaken("EGW00201", "too many calls")))
                .hasSize(2);
    }

    @Test
    void a_cancel_whose_send_its_deadline_stopped_alerts_and_the_order_rests_on() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendCancel.class);
        assertThat(day.raisedAlerts()).isEmpty();
        day.on(new OrderInput.SendStopped(id, 2, OrderInput.StopReason.DEADLINE));
        assertThat(day.eventsOf(id)).last().isEqualTo(notSentInTime(id, 2));
        assertThat(day.raisedAlerts()).containsExactly(cancelFailed(id, "its cancel could not be sent in time"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void a_cancel_that_is_not_taken_or_sent_raises_no_alert_when_the_order_has_ended() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        sendThreeTimes(id, 2);
        day.receiveFill(101, 10, 70_000, 100_001);
        day.deliverOutcome(id, 2, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(day.raisedAlerts()).isEmpty();
    }

    private static OrderEffect.Alert cancelFailed(OrderId id, String cause) {
        return alert(
                OrderEffect.Level.P1,
                AlertEvent.CANCEL_FAILED,
                id,
                cause + "; the cancel is not retried, and the order still rests");
    }

    @Test
    void a_third_attempt_that_is_not_taken_ends_a_cancelled_order_as_cancelled_only() {
        OrderId id = day.buy("k1");
        sendThreeTimes(id, 1);
        day.cancel(id);
        day.deliverOutcome(id, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(day.eventsOf(id))
                .endsWith(notTaken(id, 1), new OrderEvent.Canceled(id, 10, "canceled before it was sent"));
    }

    @Test
    void a_third_attempt_that_is_not_taken_while_the_kill_switch_is_on_is_rejected_for_that_only() {
        OrderId id = day.buy("k1");
        sendThreeTimes(id, 1);
        day.submit(ticket -> new OrderInput.KillSwitch(ticket, true, Optional.of("stop"), false, "ops"));
        day.deliverOutcome(id, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(day.eventsOf(id))
                .endsWith(
                        notTaken(id, 1),
                        new OrderEvent.Rejected(
                                id, "KILL_SWITCH", "the kill switch was set by ops before it was sent"));
    }

    @Test
    void a_modification_that_was_not_taken_is_not_sent_again_before_the_cancel_that_followed_it() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendModify.class);
        day.cancel(id);
        day.deliverOutcome(id, 2, new Outcome.NotTaken("EGW00201", "too many calls"));
        day.advance(Duration.ofMillis(200));
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendModify.class)).isEmpty();
        assertThat(day.next(OrderEffect.SendCancel.class)).isPresent();
        assertThat(day.eventsOf(id))
                .endsWith(
                        notTaken(id, 2),
                        new OrderEvent.BrokerRefused(id, 2, "SUPERSEDED", "a cancel arrived before it was sent"),
                        new OrderEvent.SendStarted(id, 3, 1, List.of(), 101));
    }

    @Test
    void a_third_attempt_of_a_modification_that_is_not_taken_after_a_cancel_is_refused_once() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        sendThreeTimes(id, 2);
        day.cancel(id);
        day.deliverOutcome(id, 2, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(day.eventsOf(id))
                .endsWith(
                        notTaken(id, 2),
                        new OrderEvent.BrokerRefused(id, 2, "SUPERSEDED", "a cancel arrived before it was sent"));
    }

    @Test
    void the_pause_after_a_request_that_was_not_taken_also_delays_a_cancel_that_is_queued() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.advance(Duration.ofSeconds(2));
        day.readAllLists(listedRow(101, 100_000, 0, 0, 0));
        day.advance(Duration.ofSeconds(2));
        day.readAllLists(listedRow(101, 100_000, 0, 0, 0));
        day.cancel(id);
        long slot = requestedSlot().slot();
        day.deliverOutcome(id, 2, new Outcome.NotTaken("EGW00201", "too many calls"));
        day.effects.clear();
        day.on(new OrderInput.SlotGranted(slot));
        assertThat(day.effects).containsExactly(new OrderEffect.ReleaseSlot(slot));
        day.advance(Duration.ofMillis(200));
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class)).isPresent();
    }
}
