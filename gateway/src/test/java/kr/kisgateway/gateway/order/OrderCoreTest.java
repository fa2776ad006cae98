package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.code;
import static kr.kisgateway.gateway.order.TradingDayFixture.listedRow;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of an order, from its placing to its end. */
class OrderCoreTest {
    private final TradingDayFixture day = TradingDayFixture.open();

    @Test
    void nothing_is_sent_before_the_send_start_is_recorded() {
        OrderId id = day.buy("k1");
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
        day.grantSlot();
        assertThat(day.journal).last().satisfies(e -> assertThat(e.type()).isEqualTo("SendStarted"));
        assertThat(day.next(OrderEffect.SendPlace.class)).isPresent();
        assertThat(day.status(id)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void an_order_fills_in_parts_and_its_average_price_is_exact() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 3, 70_000, 100001);
        assertThat(day.status(id)).isEqualTo(OrderStatus.PARTIAL_FILLED);
        day.receiveFill(101, 7, 69_900, 100002);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(day.order(id).averagePrice().orElseThrow()).isEqualByComparingTo("69930");
        assertThat(day.next(OrderEffect.FillExecuted.class).orElseThrow().fill().execId())
                .isEqualTo(id + ".1");
        assertThat(day.next(OrderEffect.FillExecuted.class).orElseThrow().fill().execId())
                .isEqualTo(id + ".2");
    }

    @Test
    void a_fill_that_overtakes_the_answer_counts_once_the_number_arrives() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.receiveFill(101, 10, 70_000, 100001);
        assertThat(day.status(id)).isEqualTo(OrderStatus.DISPATCHING);
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    @Requirement(value = "A-24", clause = "equal-fills")
    void a_repeated_notice_counts_only_when_the_list_confirms_it() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 3, 70_000, 100001);
        day.receiveFill(101, 3, 70_000, 100001);
        assertThat(day.order(id).filled()).isEqualTo(3);
        day.receiveList(listedRow(101, 100000, 6, 420_000, 0));
        assertThat(day.order(id).filled()).isEqualTo(6);
        day.receiveFill(101, 4, 70_000, 100002);
        day.advance(Duration.ofSeconds(2));
        day.receiveList(listedRow(101, 100000, 10, 700_000, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    @Requirement(value = "A-24", clause = "quantities")
    void a_duplicate_notice_is_not_matched_to_another_listed_fill() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 3, 70_000, 100001);
        day.receiveFill(101, 3, 70_000, 100001); // the same notice again
        day.receiveList(listedRow(101, 100000, 6, 420_000, 0)); // three others, whose notice is late
        day.receiveFill(101, 3, 70_000, 100002);
        day.advance(Duration.ofSeconds(2));
        day.receiveList(listedRow(101, 100000, 6, 420_000, 0));
        assertThat(day.order(id).filled()).isEqualTo(6);
    }

    @Test
    void a_notice_after_the_list_counted_its_shares_adds_nothing() {
        OrderId id = day.placeSent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(listedRow(101, 100000, 4, 280_000, 0));
        day.receiveFill(101, 4, 70_000, 100001);
        assertThat(day.order(id).filled()).isEqualTo(4);
        assertThat(day.order(id).value()).isEqualTo(280_000);
        day.receiveFill(101, 6, 70_000, 100003);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    @Requirement(value = "A-24", clause = "quantities")
    @Requirement(value = "A-24", clause = "final")
    void a_fill_with_a_lost_notice_is_recovered_from_the_list() {
        OrderId id = day.placeSent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(listedRow(101, 100000, 10, 699_500, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(day.order(id).fills())
                .singleElement()
                .satisfies(f -> assertThat(f.source()).isEqualTo(Fill.Source.QUERY));
        assertThat(day.order(id).averagePrice().orElseThrow()).isEqualByComparingTo("69950");
    }

    @Test
    void a_lost_answer_leaves_the_order_unknown_and_it_is_never_resent() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer in 5 s"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        day.receiveList();
        for (int i = 0; i < 20; i++) {
            day.advance(Duration.ofSeconds(31));
            day.receiveList();
        }
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
    }

    @Test
    void an_unknown_order_is_matched_in_the_list_by_all_terms_sent() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer in 5 s"));
        day.receiveList(listedRow(777, 100002, 10, 700_000, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(day.journal).anySatisfy(e -> assertThat(e.payload()).contains("\"matched_by\":\"INFERENCE\""));
    }

    @Test
    void two_matching_orders_leave_it_unknown_with_the_reason() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer in 5 s"));
        day.receiveList(listedRow(777, 100002, 0, 0, 0), listedRow(778, 100003, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        assertThat(day.order(id).reason().orElseThrow()).startsWith("2 orders at the broker");
    }

    @Test
    void an_order_resting_before_the_send_is_not_matched() {
        day.on(new OrderInput.NoticesMissed("look"));
        day.receiveList(listedRow(555, 100000, 0, 0, 0)); // an external order on the phone, equal to ours
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer in 5 s"));
        day.receiveList(listedRow(555, 100000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        day.advance(Duration.ofSeconds(2));
        day.receiveList(listedRow(555, 100000, 0, 0, 0), listedRow(560, 100001, 0, 0, 0));
        assertThat(day.order(id).placing().odno()).hasValue(560);
    }

    @Test
    void an_equal_order_waits_for_one_in_flight_and_is_sent_when_that_is_settled() {
        OrderId first = day.buy("k1");
        OrderId second = day.buy("k2");
        day.grantSlot();
        day.grantSlot();
        day.requireEffect(OrderEffect.ReleaseSlot.class); // requested before the first was in flight
        assertThat(day.status(second)).isEqualTo(OrderStatus.NEW);
        day.deliverOutcome(first, 1, new Outcome.Taken("06010", 101, "100000"));
        day.grantSlot();
        assertThat(day.status(second)).isEqualTo(OrderStatus.DISPATCHING);
    }

    /** KIS's list of US orders does not say what type an order has. */
    @ParameterizedTest
    @CsvSource({"LIMIT, LOC, 1000000", "LOO, LIMIT, 1000000", "LOC, LOO, 1000000", "MOC, MOO, 0", "MOO, MOC, 0"})
    void a_us_order_of_another_type_waits_for_one_in_flight_that_its_report_could_be_about(
            OrderType inFlight, OrderType type, long price) {
        OrderId first = day.placeUs(inFlight, price, "k1");
        day.grantSlot();
        assertThat(day.status(first)).isEqualTo(OrderStatus.DISPATCHING);
        day.deliverOutcome(first, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        OrderId second = day.placeUs(type, price, "k2");
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        assertThat(day.status(second)).isEqualTo(OrderStatus.NEW);
    }

    @Test
    void an_equal_order_behind_an_unknown_one_ends_at_its_own_deadline() {
        OrderId first = day.buy("k1");
        OrderId second = day.buy("k2");
        day.grantSlot();
        day.deliverOutcome(first, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.advance(Duration.ofSeconds(6));
        assertThat(day.status(second)).isEqualTo(OrderStatus.EXPIRED);
        assertThat(day.order(second).reason()).contains("NOT_SENT");
    }

    @Test
    void an_order_the_broker_does_not_take_is_tried_three_times_at_most() {
        OrderId id = day.buy("k1");
        for (int attempt = 1; attempt <= 3; attempt++) {
            day.grantSlot();
            day.requireEffect(OrderEffect.SendPlace.class);
            day.deliverOutcome(id, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
            day.advance(Duration.ofMillis(300));
        }
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.order(id).reason().orElseThrow()).startsWith("RETRY_EXHAUSTED");
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
    }

    @Test
    void no_order_is_sent_after_its_dispatch_by() {
        OrderId id = day.buy("k1");
        var slotRequest = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.now = day.now.plusSeconds(6);
        day.on(new OrderInput.SlotGranted(slotRequest.slot()));
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
        assertThat(day.next(OrderEffect.ReleaseSlot.class)).isPresent();
        assertThat(day.status(id)).isEqualTo(OrderStatus.EXPIRED);
    }

    @Test
    void the_same_key_and_order_replays_the_answer_and_another_order_is_refused() {
        OrderId id = day.buy("k1");
        Answer replayed = day.placeOrder(day.limit(Side.BUY, 10, 70_000), "k1");
        assertThat(replayed).isEqualTo(new Answer.Accepted(id, KeyUse.Kind.PLACE, "k1", true));
        assertThat(code(day.placeOrder(day.limit(Side.BUY, 11, 70_000), "k1")))
                .isEqualTo(ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH);
    }

    @Test
    void a_refused_order_leaves_its_key_unused() {
        var sell = day.limit(Side.SELL, 10, 70_000);
        assertThat(code(day.placeOrder(sell, "k1", TradingDayFixture.sellable(9, day.now))))
                .isEqualTo(ErrorCode.INSUFFICIENT_POSITION_QTY);
        assertThat(day.placeOrder(sell, "k1", TradingDayFixture.sellable(10, day.now)))
                .isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void sells_the_broker_cannot_reflect_yet_reduce_the_sellable_quantity() {
        var accountContext = TradingDayFixture.sellable(10, day.now);
        assertThat(day.placeOrder(day.limit(Side.SELL, 6, 70_000), "k1", accountContext))
                .isInstanceOf(Answer.Accepted.class);
        assertThat(code(day.placeOrder(day.limit(Side.SELL, 5, 70_000), "k2", accountContext)))
                .isEqualTo(ErrorCode.INSUFFICIENT_POSITION_QTY);
        assertThat(day.placeOrder(day.limit(Side.SELL, 4, 70_000), "k3", accountContext))
                .isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void an_unknown_position_refuses_a_sell() {
        assertThat(code(day.placeOrder(day.limit(Side.SELL, 1, 70_000), "k1", TradingDayFixture.emptyContext())))
                .isEqualTo(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
    }

    @Test
    void intake_refuses_an_order_that_cannot_be_sent_in_time_and_its_key_stays_unused() {
        for (int i = 0; i < 45; i++) { // 10 a second for 5 seconds, less a tenth
            assertThat(day.placeOrder(day.limit(Side.BUY, 1 + i, 70_000), "k" + i))
                    .isInstanceOf(Answer.Accepted.class);
        }
        assertThat(code(day.placeOrder(day.limit(Side.BUY, 99, 70_000), "k99"))).isEqualTo(ErrorCode.QUEUE_TIMEOUT);
        day.grantSlot();
        assertThat(code(day.placeOrder(day.limit(Side.BUY, 99, 70_000), "k99")))
                .as("a sent request occupies its slot for a second")
                .isEqualTo(ErrorCode.QUEUE_TIMEOUT);
        day.advance(Duration.ofSeconds(1));
        assertThat(day.placeOrder(day.limit(Side.BUY, 99, 70_000), "k99")).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void a_cancel_of_an_unsent_order_ends_it_at_once() {
        OrderId id = day.buy("k1");
        assertThat(day.cancel(id)).isEqualTo(new Answer.Accepted(id, KeyUse.Kind.CANCEL, "cancel:" + id, false));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        var slotRequest = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.on(new OrderInput.SlotGranted(slotRequest.slot()));
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
        assertThat(day.next(OrderEffect.ReleaseSlot.class)).isPresent();
    }

    @Test
    void a_cancel_during_the_send_is_sent_after_the_answer() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.cancel(id);
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow().odno()).isEqualTo(101);
    }

    @Test
    void a_confirmed_cancel_ends_the_order_and_a_later_fill_still_counts() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        day.on(new OrderInput.Noticed(new Notice(
                "A1",
                Notice.Kind.CANCEL_CONFIRMED,
                102,
                101,
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                7,
                0,
                100001,
                "06010",
                Optional.empty(),
                Optional.empty())));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        day.receiveFill(101, 3, 70_000, 100000);
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.order(id).filled()).isEqualTo(3);
    }

    @Test
    void a_cancel_in_doubt_is_resent_only_after_the_list_shows_the_order_resting() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendCancel.class);
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.advance(Duration.ofSeconds(2));
        day.receiveList(listedRow(101, 100000, 0, 0, 0));
        day.advance(Duration.ofSeconds(3));
        day.next(OrderEffect.RequestDailyOrders.class)
                .ifPresent(request -> day.on(new OrderInput.ListArrived(
                        request.day(),
                        new Broker.DailyOrders.Complete(day.now, java.util.List.of(listedRow(101, 100000, 0, 0, 0))))));
        day.advance(Duration.ofSeconds(1));
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class)).isPresent();
    }

    @Test
    void a_refused_cancel_restores_the_order_and_a_new_cancel_may_be_requested() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Refused("APBK0344", "nothing to cancel"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.cancel(id)).isEqualTo(new Answer.Accepted(id, KeyUse.Kind.CANCEL, "cancel:" + id + ":2", false));
    }

    @Test
    void a_second_cancel_replays_under_a_used_key_and_is_refused_without_one_or_under_another() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id, Optional.of("first"));
        assertThat(((Answer.Accepted) day.cancel(id, Optional.of("first"))).replay())
                .isTrue();
        assertThat(code(day.cancel(id))).isEqualTo(ErrorCode.INVALID_TRANSITION);
        assertThat(code(day.cancel(id, Optional.of("mine")))).isEqualTo(ErrorCode.INVALID_TRANSITION);
    }

    @Test
    void an_ended_order_cannot_be_cancelled() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 10, 70_000, 100001);
        assertThat(code(day.cancel(id))).isEqualTo(ErrorCode.ORDER_ALREADY_TERMINAL);
    }

    @Test
    void a_crash_while_sending_leaves_the_order_unknown_and_the_list_settles_it() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.crash();
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        day.receiveList(listedRow(101, 100000, 4, 280_000, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.PARTIAL_FILLED);
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
    }

    @Test
    void after_a_crash_nothing_is_sent_before_the_list_is_read() {
        OrderId id = day.buy("k1");
        day.crash();
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.receiveList();
        day.grantSlot();
        assertThat(day.status(id)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void a_cancel_accepted_but_unsent_at_a_crash_is_sent_afterwards() {
        OrderId id = day.placeSent("k1", 7);
        assertThat(day.cancel(id)).isInstanceOf(Answer.Accepted.class);
        day.crash();
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.receiveList(listedRow(7, 100000, 0, 0, 0));
        day.grantSlot();
        day.requireEffect(OrderEffect.SendCancel.class);
    }

    @Test
    void after_a_crash_an_order_past_its_deadline_expires() {
        OrderId id = day.buy("k1");
        day.now = day.now.plusSeconds(10);
        day.crash();
        assertThat(day.status(id)).isEqualTo(OrderStatus.EXPIRED);
    }

    @Test
    void fills_survive_a_crash_and_are_not_counted_twice_after_it() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 3, 70_000, 100001);
        day.crash();
        day.receiveList(listedRow(101, 100000, 3, 210_000, 0));
        day.receiveFill(101, 3, 70_000, 100001);
        assertThat(day.order(id).filled()).isEqualTo(3);
        assertThat(day.rebuilt()).containsEntry(id, day.order(id));
    }

    @Test
    void resting_orders_expire_when_the_list_after_the_session_shows_the_remainder() {
        OrderId id = day.placeSent("k1", 101);
        day.now = Instant.parse("2026-11-20T15:00:01Z"); // 00:00:01 in Seoul, the next day
        day.on(new OrderInput.TimerDue());
        day.receiveList(listedRow(101, 100000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.EXPIRED);
        assertThat(day.order(id).reason()).contains("SESSION_END");
    }

    @Test
    void without_a_worker_orders_stay_queued_and_end_unsent() {
        day.settings = TradingDayFixture.settings(10, false);
        day.crash();
        day.receiveList();
        OrderId id = day.buy("k1");
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.advance(Duration.ofSeconds(5));
        assertThat(day.status(id)).isEqualTo(OrderStatus.EXPIRED);
    }

    @Test
    void the_daily_count_is_checked_with_each_acceptance() {
        day.limits = day.limits.with(RiskLimit.DAILY_ORDERS, 2);
        day.crash();
        day.receiveList();
        day.placeOrder(day.limit(Side.BUY, 1, 70_000), "k1");
        day.placeOrder(day.limit(Side.BUY, 2, 70_000), "k2");
        assertThat(code(day.placeOrder(day.limit(Side.BUY, 3, 70_000), "k3")))
                .isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
        day.crash();
        day.receiveList();
        assertThat(code(day.placeOrder(day.limit(Side.BUY, 4, 70_000), "k4")))
                .isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
    }

    @Test
    void an_order_the_exchange_refuses_after_kis_accepted_it_ends_rejected() {
        OrderId id = day.placeSent("k1", 101);
        day.on(new OrderInput.Noticed(new Notice(
                "A1",
                Notice.Kind.REJECTED,
                101,
                0,
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                70_000,
                100001,
                "06010",
                Optional.empty(),
                Optional.empty())));
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
    }

    @Test
    void a_slot_for_a_removed_order_is_released() {
        OrderId id = day.buy("k1");
        day.cancel(id);
        var slotRequest = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.now = Instant.parse("2026-11-21T01:00:00Z"); // the next day
        day.advance(Duration.ZERO);
        assertThat(day.core.order(id)).isPresent();
        day.receiveList(); // yesterday's, complete: its ended orders leave the memory
        day.on(new OrderInput.SlotGranted(slotRequest.slot()));
        assertThat(day.core.order(id)).isEmpty();
        assertThat(day.next(OrderEffect.ReleaseSlot.class)).isPresent();
    }

    // ---- inputs ----

    @Test
    void an_input_for_an_order_that_is_not_in_memory_alerts_and_changes_nothing() {
        OrderId id = OrderId.create(day.now, RandomGenerator.of("L64X128MixRandom"));
        day.on(new OrderInput.PlaceReplacement(5, id, TradingDayFixture.emptyContext()));
        day.on(new OrderInput.ReplacementRefused(id, Refusal.of(ErrorCode.KILL_SWITCH, "on")));
        day.on(new OrderInput.FoundResting(id, Duration.ofSeconds(3)));
        day.on(new OrderInput.SendStopped(id, 1, OrderInput.StopReason.DEADLINE));
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        assertThat(day.raisedAlerts())
                .containsExactlyElementsOf(
                        Stream.of("PlaceReplacement", "ReplacementRefused", "FoundResting", "SendStopped", "Answered")
                                .map(input -> new OrderEffect.Alert(
                                        Level.P2,
                                        AlertEvent.ORDER_NOT_IN_MEMORY,
                                        id.text(),
                                        "order " + id + ": " + input + " arrived for an order that is not in memory",
                                        Optional.of(id),
                                        Optional.empty()))
                                .toList());
        assertThat(day.answers.get(5L)).isEqualTo(new Answer.Done());
        assertThat(day.journal).isEmpty();
    }

    @Test
    void an_order_that_exists_raises_no_alert_about_memory() {
        day.placeSent("k1", 101);
        assertThat(day.raisedAlerts()).isEmpty();
    }

    @Test
    void a_refused_replacement_of_an_order_that_is_not_being_replaced_changes_nothing() {
        OrderId id = day.placeSent("k1", 101);
        int recorded = day.journal.size();
        day.on(new OrderInput.ReplacementRefused(id, Refusal.of(ErrorCode.KILL_SWITCH, "on")));
        assertThat(day.journal).hasSize(recorded);
        assertThat(day.raisedAlerts()).isEmpty();
    }

    @Test
    void a_market_order_found_resting_is_recorded_while_it_is_open() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 4, 70_000, 100_001);
        day.on(new OrderInput.FoundResting(id, Duration.ofSeconds(3)));
        assertThat(day.eventsOf(id)).last().isEqualTo(new OrderEvent.FoundResting(id, Duration.ofSeconds(3), 4));
        day.receiveFill(101, 6, 70_000, 100_002);
        int recorded = day.journal.size();
        day.on(new OrderInput.FoundResting(id, Duration.ofSeconds(6)));
        assertThat(day.journal).hasSize(recorded);
    }

    @Test
    void entries_of_another_capability_are_recorded_at_the_next_positions_of_their_stream() {
        var entry = new JournalAppend.Draft(
                "subject", "Noted", 1, TradingDayFixture.ON_FRIDAY.day().date(), "{}");
        var append = new JournalAppend("notes", List.of(entry, entry), _ -> {});
        OrderCore.Step first = day.core.decide(new OrderInput.Append(7, append), day.now);
        assertThat(first.appends()).containsExactly(new OrderCore.RecordedAppend(1, day.now, append));
        assertThat(first.effects()).containsExactly(new OrderEffect.Reply(7, new Answer.Appended(1, day.now)));
        OrderCore.Step second = day.core.decide(new OrderInput.Append(8, append), day.now);
        assertThat(second.effects()).containsExactly(new OrderEffect.Reply(8, new Answer.Appended(3, day.now)));
    }

    @Test
    void the_daily_amount_is_unbounded_without_a_limit() {
        assertThat(day.submit(ticket -> new OrderInput.QueryDailyAmount(
                        ticket, "A1", TradingDayFixture.SAMSUNG, "local", Optional.empty())))
                .isEqualTo(new Answer.DailyAmount(Optional.empty()));
    }

    @Test
    void an_attempt_is_one_of_its_order_and_request_only() {
        OrderId id = day.buy("k1");
        OrderId other = day.buy("k2");
        var attempt = new OrderCore.SendAttempt(id, 1, 1);
        Terms terms = day.order(id).terms();
        assertThat(attempt.isOf(new OrderEffect.SendPlace(9, id, 1, terms))).isTrue();
        assertThat(attempt.isOf(new OrderEffect.SendPlace(9, id, 2, terms))).isFalse();
        assertThat(attempt.isOf(new OrderEffect.SendPlace(9, other, 1, terms))).isFalse();
    }
}
