package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.listedRow;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderCoreTest {
    /** The end of the trading day on which the tests begin. */
    private static final Instant MIDNIGHT = Instant.parse("2026-11-20T15:00:00Z");

    private static final AccountDay ON_FRIDAY =
            new AccountDay("A1", new TradingDay(Market.KOREA, LocalDate.of(2026, 11, 20)));

    private final TradingDayFixture day = TradingDayFixture.open();

    private static ErrorCode code(Answer answer) {
        return ((Answer.Refused) answer).refusal().code();
    }

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
        OrderId first = placeUs(inFlight, price, "k1");
        day.grantSlot();
        assertThat(day.status(first)).isEqualTo(OrderStatus.DISPATCHING);
        day.deliverOutcome(first, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        OrderId second = placeUs(type, price, "k2");
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        assertThat(day.status(second)).isEqualTo(OrderStatus.NEW);
    }

    private OrderId placeUs(OrderType type, long price, String key) {
        UsSymbol apple = UsSymbol.parse("AAPL.NASD").orElseThrow();
        var terms = new Terms(
                "A1",
                apple,
                Side.SELL,
                3,
                OrderKind.regular(type),
                price == 0 ? OptionalLong.empty() : OptionalLong.of(price),
                Venue.usual(apple),
                Optional.empty(),
                day.now.plusSeconds(5));
        assertThat(day.placeOrder(terms, key, TradingDayFixture.sellable(10, day.now)))
                .isInstanceOf(Answer.Accepted.class);
        return day.shown.keySet().stream()
                .filter(id -> day.order(id).key().key().equals(key))
                .findFirst()
                .orElseThrow();
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

    // ---- restarts ----

    @Test
    void a_restart_records_a_request_in_flight_as_in_doubt_and_each_further_restart_alerts_again() {
        day.placeSent("k0", 100);
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.crash();
        assertThat(events(id))
                .last()
                .isEqualTo(new OrderEvent.SendInDoubt(
                        id, 1, "CRASH", "the gateway stopped while the request was in flight"));
        assertThat(alerts())
                .containsExactly(alert(
                        Level.P2,
                        AlertEvent.REQUEST_IN_DOUBT,
                        id,
                        "PLACE was sent and its result is unknown (CRASH); KIS is being queried"));
        assertThat(day.core.unknown()).isEqualTo(1);
        int recorded = day.journal.size();

        day.crash();
        assertThat(day.journal).hasSize(recorded);
        assertThat(alerts())
                .containsExactly(alert(
                        Level.P2,
                        AlertEvent.REQUEST_IN_DOUBT,
                        id,
                        "PLACE was sent and its result is unknown (since before this start); KIS is being queried"));
    }

    @Test
    void a_modification_that_waits_at_a_restart_is_abandoned_at_its_deadline() {
        OrderId id = day.placeSent("k1", 101);
        day.now = day.now.plusSeconds(1);
        day.modify(id, 0, 70_500);
        Instant deadline = day.now.plusSeconds(5);
        day.now = day.now.plusSeconds(2);
        day.crash();
        readAllLists(listedRow(101, 100_000, 0, 0, 0));
        reach(deadline.minusMillis(1));
        assertThat(day.order(id).request(2).state()).isEqualTo(BrokerRequest.State.PLANNED);
        reach(deadline);
        assertThat(events(id)).last().isEqualTo(notSentInTime(id, 2));
    }

    @Test
    void orders_accepted_in_the_same_microsecond_are_sent_in_the_order_of_their_ids_after_a_restart() {
        List<Order> newestFirst = Stream.of(
                        ((Answer.Accepted) day.placeOrder(day.limit(Side.BUY, 1, 70_000), "k1")).order(),
                        ((Answer.Accepted) day.placeOrder(day.limit(Side.BUY, 2, 70_000), "k2")).order(),
                        ((Answer.Accepted) day.placeOrder(day.limit(Side.BUY, 3, 70_000), "k3")).order())
                .sorted(Comparator.comparing(OrderId::text).reversed())
                .map(day::order)
                .toList();
        day.effects.clear();
        day.core = day.newCore(newestFirst);
        day.begin();
        day.receiveList();
        List<OrderId> sent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            day.grantSlot();
            sent.add(day.next(OrderEffect.SendPlace.class).orElseThrow().order());
        }
        assertThat(sent)
                .isEqualTo(newestFirst.reversed().stream().map(Order::id).toList());
    }

    @Test
    void a_sell_acknowledged_before_a_restart_is_still_missing_from_an_account_request_of_before() {
        Instant requestedAt = day.now.minusSeconds(1);
        sellSent(101);
        day.now = day.now.plusSeconds(2);
        day.crash();
        readAllLists();
        assertThat(code(day.placeOrder(
                        day.limit(Side.SELL, 10, 70_000), "k2", TradingDayFixture.sellable(19, requestedAt))))
                .isEqualTo(ErrorCode.INSUFFICIENT_POSITION_QTY);
    }

    @Test
    void an_order_that_ended_on_an_earlier_day_leaves_the_memory_at_the_start() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 10, 70_000, 100_001);
        List<Order> loaded = List.of(day.order(id));
        day.now = day.now.plus(Duration.ofDays(1));
        day.core = day.newCore(loaded);
        day.begin();
        assertThat(day.core.order(id)).isEmpty();
    }

    @Test
    void limits_set_by_a_call_survive_a_restart() {
        var layers = new RiskLayers(day.limits.with(RiskLimit.MAX_QTY, 5), Map.of(), Map.of(), Map.of());
        assertThat(day.submit(ticket -> new OrderInput.SetLimits(ticket, layers, "{\"a\":1}", "{\"b\":2}", "ops")))
                .isEqualTo(new Answer.Done());
        assertThat(day.core.policy().layers()).isEqualTo(layers);
        var set = new ControlEvent.LimitsSet("{\"a\":1}", "{\"b\":2}", Optional.of("ops"), day.now);
        assertThat(day.core.limitsSet()).contains(set);
        day.crash();
        assertThat(day.core.limitsSet()).contains(set);
    }

    // ---- days ----

    @Test
    void the_complete_list_of_a_day_is_read_a_minute_after_its_end_and_of_the_US_only_after_a_day_with_orders() {
        Instant close = MIDNIGHT.plusSeconds(60);
        assertThat(day.core.nextTimer()).contains(close);
        reach(close.minusMillis(1));
        assertThat(requestedLists()).isEmpty();
        reach(close);
        assertThat(readAllLists()).containsExactly(ON_FRIDAY);
        assertThat(day.core.nextTimer()).contains(close.plus(Duration.ofDays(1)));

        OrderId id = placeUs(OrderType.LIMIT, 1_000_000, "us");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Refused("APBK0000", "no"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        reach(close.plus(Duration.ofDays(1)));
        LocalDate saturday = ON_FRIDAY.day().date().plusDays(1);
        assertThat(readAllLists())
                .containsExactly(
                        new AccountDay("A1", new TradingDay(Market.KOREA, saturday)),
                        new AccountDay("A1", new TradingDay(Market.US, saturday)));
        assertThat(day.core.nextTimer()).contains(close.plus(Duration.ofDays(2)));
    }

    @Test
    void a_start_just_after_midnight_still_reads_the_complete_list_of_the_day_before() {
        expireAtMidnight();
        day.now = MIDNIGHT.plusSeconds(30);
        day.crash();
        assertThat(readAllLists(listedRow(101, 100_000, 0, 0, 0)))
                .contains(ON_FRIDAY)
                .hasSize(2);
        assertThat(day.core.nextTimer()).contains(MIDNIGHT.plusSeconds(60));
        reach(MIDNIGHT.plusSeconds(60));
        assertThat(requestedLists()).containsExactly(ON_FRIDAY);
    }

    @Test
    void a_start_on_the_next_morning_reads_the_list_of_the_day_before_only_of_an_account_with_an_order() {
        expireAtMidnight();
        day.now = MIDNIGHT.plus(Duration.ofHours(9));
        day.settings = new OrderSettings(
                Map.of("A1", "K1", "B1", "K1"), 10, true, Duration.ofSeconds(5), Duration.ofSeconds(5), false);
        day.crash();
        var today = new TradingDay(Market.KOREA, ON_FRIDAY.day().date().plusDays(1));
        assertThat(readAllLists(listedRow(101, 100_000, 0, 0, 0)))
                .containsExactlyInAnyOrder(new AccountDay("A1", today), new AccountDay("B1", today), ON_FRIDAY);
        assertThat(day.core.nextTimer())
                .contains(MIDNIGHT.plus(Duration.ofDays(1)).plusSeconds(60));
    }

    @Test
    void the_list_is_requested_when_the_session_of_a_resting_order_ends_and_until_it_shows_how_it_ended() {
        day.now = MIDNIGHT.minusSeconds(2);
        OrderId id = day.placeSent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(listedRow(101, 235_958, 0, 0, 0));
        assertThat(day.core.nextTimer())
                .as("before the end, only the next comparison is due")
                .contains(MIDNIGHT);
        reach(MIDNIGHT.minusMillis(1));
        assertThat(requestedLists()).isEmpty();
        reach(MIDNIGHT);
        day.receiveList();
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.core.nextTimer()).contains(MIDNIGHT.plusSeconds(1));
        reach(MIDNIGHT.plusSeconds(1));
        assertThat(requestedLists()).containsExactly(ON_FRIDAY);
    }

    @Test
    void the_end_of_the_session_requests_no_list_for_an_order_that_ended_before_or_waits_for_its_answer() {
        day.placeSent("k0", 101);
        day.receiveFill(101, 10, 70_000, 100_001);
        reach(MIDNIGHT.minusSeconds(2));
        readAllLists(listedRow(101, 100_000, 10, 700_000, 0));
        OrderId id = day.buy("k1");
        day.grantSlot();
        reach(MIDNIGHT);
        assertThat(requestedLists()).isEmpty();

        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 102, "235959"));
        assertThat(requestedLists()).as("it may have ended with the session").containsExactly(ON_FRIDAY);
    }

    @Test
    void missed_notices_request_the_list_of_an_order_of_the_day_before_and_of_today() {
        day.now = MIDNIGHT.minusSeconds(2);
        day.buy("k1");
        day.grantSlot();
        reach(MIDNIGHT.plusSeconds(1));
        day.on(new OrderInput.NoticesMissed("reconnect"));
        assertThat(readAllLists())
                .containsExactly(
                        ON_FRIDAY,
                        new AccountDay(
                                "A1",
                                new TradingDay(
                                        Market.KOREA, ON_FRIDAY.day().date().plusDays(1))));
        assertThat(day.core.nextTimer())
                .as("a request that waits for its answer needs no other list; its dispatch_by is due next")
                .contains(MIDNIGHT.plusSeconds(3));
    }

    @Test
    void missed_notices_request_the_list_of_the_US_on_a_day_with_orders() {
        OrderId id = placeUs(OrderType.LIMIT, 1_000_000, "us");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Refused("APBK0000", "no"));
        day.on(new OrderInput.NoticesMissed("reconnect"));
        assertThat(readAllLists())
                .containsExactly(
                        ON_FRIDAY,
                        new AccountDay(
                                "A1", new TradingDay(Market.US, ON_FRIDAY.day().date())));
    }

    @Test
    void missed_notices_shorten_the_pauses_between_lists_again() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        readListsUntilPausesAreLong();
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(5));
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList();
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(1));
    }

    @Test
    void notices_without_an_order_are_dropped_at_the_end_of_the_day() {
        day.receiveNotice(Notice.Kind.RECEIVED, 555, 0, 10, 70_000);
        assertThat(day.core.unmatchedNotices()).isEqualTo(1);
        reach(MIDNIGHT);
        assertThat(day.core.unmatchedNotices()).isZero();
    }

    @Test
    void the_orders_of_a_day_count_against_its_limit_until_the_day_ends() {
        day.buy("k1");
        assertThat(day.core.policy().dailyOrders(day.core.exposure())).hasSize(1);
        reach(MIDNIGHT);
        assertThat(day.core.policy().dailyOrders(day.core.exposure())).isEmpty();
    }

    @Test
    void a_sell_acknowledged_before_midnight_is_in_an_account_request_of_after_it() {
        day.now = MIDNIGHT.minusSeconds(10);
        OrderId id = sellSent(101);
        reach(MIDNIGHT.plusSeconds(70));
        day.cancel(id);
        day.now = MIDNIGHT.plusSeconds(75);
        assertThat(day.placeOrder(
                        day.limit(Side.SELL, 10, 70_000),
                        "k2",
                        TradingDayFixture.sellable(10, day.now.minusSeconds(10))))
                .isInstanceOf(Answer.Accepted.class);
    }

    // ---- comparisons ----

    @Test
    void a_notice_without_an_order_is_compared_with_the_list_even_with_nothing_open() {
        day.receiveNotice(Notice.Kind.RECEIVED, 555, 0, 10, 70_000);
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(5));
        day.advance(Duration.ofSeconds(5));
        assertThat(requestedLists()).containsExactly(ON_FRIDAY);
        day.receiveList(listedRow(555, 100_000, 0, 0, 0));
        assertThat(day.core.unmatchedNotices()).isZero();
    }

    @Test
    void an_order_closed_as_not_found_is_compared_with_the_list_even_with_nothing_open() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList();
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        readAllLists();
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(5));
        day.advance(Duration.ofSeconds(5));
        assertThat(requestedLists()).containsExactly(ON_FRIDAY);
    }

    @Test
    void a_list_that_cannot_be_read_alerts_is_requested_again_and_settles_the_alert_when_it_arrives() {
        day.on(new OrderInput.Reconcile(77));
        AccountDay listed =
                day.next(OrderEffect.RequestDailyOrders.class).orElseThrow().day();
        day.on(new OrderInput.ListArrived(listed, new Broker.DailyOrders.Failed("timeout")));
        assertThat(alerts())
                .containsExactly(new OrderEffect.Alert(
                        Level.P2,
                        AlertEvent.LIST_FAILED,
                        listed.toString(),
                        "the broker's list of " + listed + " could not be read: timeout",
                        Optional.empty(),
                        Optional.empty()));
        assertThat(code(day.answers.get(77L))).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT);
        assertThat(day.alerts.open(AlertEvent.LIST_FAILED)).isEqualTo(1);
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(1));
        day.advance(Duration.ofSeconds(1));
        day.receiveList();
        assertThat(day.alerts.open(AlertEvent.LIST_FAILED)).isZero();
    }

    @Test
    void the_candidates_of_an_order_are_dropped_once_it_is_resolved() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList(listedRow(778, 100_003, 0, 0, 0), listedRow(777, 100_002, 0, 0, 0));
        assertThat(day.core.candidates()).containsExactly(Map.entry(id, List.of(777L, 778L)));
        day.resolve(id, new OrderInput.Decision.IsOrder(777));
        day.advance(Duration.ofSeconds(1));
        day.receiveList(listedRow(778, 100_003, 0, 0, 0), listedRow(777, 100_002, 0, 0, 0));
        assertThat(day.core.candidates()).isEmpty();
    }

    @Test
    void a_list_replaces_the_notices_of_recorded_orders() {
        day.placeSent("k1", 101);
        day.receiveNotice(
                Notice.Kind.FILLED, 105, 101, 2, 70_400); // modified elsewhere, or repeated under another number
        assertThat(day.core.unmatchedNotices()).isEqualTo(1);
        day.advance(Duration.ofSeconds(1));
        day.receiveList(listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.core.unmatchedNotices()).isZero();
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
        assertThat(alerts())
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
        assertThat(alerts()).isEmpty();
    }

    @Test
    void a_refused_replacement_of_an_order_that_is_not_being_replaced_changes_nothing() {
        OrderId id = day.placeSent("k1", 101);
        int recorded = day.journal.size();
        day.on(new OrderInput.ReplacementRefused(id, Refusal.of(ErrorCode.KILL_SWITCH, "on")));
        assertThat(day.journal).hasSize(recorded);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void a_market_order_found_resting_is_recorded_while_it_is_open() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 4, 70_000, 100_001);
        day.on(new OrderInput.FoundResting(id, Duration.ofSeconds(3)));
        assertThat(events(id)).last().isEqualTo(new OrderEvent.FoundResting(id, Duration.ofSeconds(3), 4));
        day.receiveFill(101, 6, 70_000, 100_002);
        int recorded = day.journal.size();
        day.on(new OrderInput.FoundResting(id, Duration.ofSeconds(6)));
        assertThat(day.journal).hasSize(recorded);
    }

    @Test
    void entries_of_another_capability_are_recorded_at_the_next_positions_of_their_stream() {
        var entry =
                new JournalAppend.Draft("subject", "Noted", 1, ON_FRIDAY.day().date(), "{}");
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

    // ---- dispatch ----

    /** The slot that is requested now; there is one only. */
    private OrderEffect.RequestSlot requestedSlot() {
        List<OrderEffect.RequestSlot> requested = effects(OrderEffect.RequestSlot.class);
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
        assertThat(events(id)).last().isEqualTo(new OrderEvent.SendStarted(id, 1, 1, List.of(), 0));
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        day.receiveFill(101, 3, 70_000, 100_001);

        day.cancel(id);
        assertSlotRequested(Broker.Lane.CANCEL, day.now.plusSeconds(30));
        slot = requestedSlot().slot();
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class))
                .contains(new OrderEffect.SendCancel(slot, id, 2, day.order(id).terms(), "06010", 101, 7, true));
        assertThat(events(id)).last().isEqualTo(new OrderEvent.SendStarted(id, 2, 1, List.of(), 101));
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
        assertThat(events(id)).last().isEqualTo(new OrderEvent.SendStarted(id, 2, 1, List.of(), 101));
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
        assertThat(events(id)).contains(new OrderEvent.SendStarted(id, 1, 1, List.of(555L), 0));
        day.cancel(id);
        day.grantSlot();
        assertThat(events(id))
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
        assertThat(effects(OrderEffect.RequestSlot.class)).isEmpty();
        day.deliverOutcome(first, 1, new Outcome.Taken("06010", 101, "100000"));
        day.receiveFill(101, 10, 70_000, 100_001);
        assertThat(effects(OrderEffect.RequestSlot.class))
                .as("the end of an order that was sent frees nothing more")
                .hasSize(1);
        day.grantSlot();
        assertThat(day.status(second)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(effects(OrderEffect.RequestSlot.class)).isEmpty();
        day.deliverOutcome(second, 1, new Outcome.Taken("06010", 102, "100000"));
        day.grantSlot();
        assertThat(day.status(third)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void a_share_without_usable_answers_alerts_once_and_settles_the_alert_with_the_next_slot() {
        day.buy("k1");
        day.on(new OrderInput.SlotSuspended(requestedSlot().slot()));
        day.effects.removeIf(OrderEffect.RequestSlot.class::isInstance);
        assertThat(alerts())
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
        assertThat(alerts()).as("it is known already").hasSize(1);
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
        assertThat(events(id)).last().isEqualTo(notSentInTime(id, 2));
    }

    @Test
    void a_modification_waits_until_its_own_deadline_and_not_that_of_the_placing() {
        OrderId id = day.placeSent("k1", 101);
        Instant dispatchBy = day.order(id).terms().dispatchBy();
        day.now = day.now.plusSeconds(3);
        day.modify(id, 0, 70_500);
        reach(dispatchBy);
        assertThat(day.order(id).request(2).state()).isEqualTo(BrokerRequest.State.PLANNED);
        reach(dispatchBy.plusSeconds(3));
        assertThat(events(id)).last().isEqualTo(notSentInTime(id, 2));
    }

    @Test
    void the_deadline_of_the_placing_requests_no_list_of_a_resting_order() {
        OrderId id = day.buy("k1");
        Instant dispatchBy = day.order(id).terms().dispatchBy();
        day.now = day.now.plusSeconds(1);
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        reach(dispatchBy);
        assertThat(requestedLists()).isEmpty();
        reach(dispatchBy.plusSeconds(1));
        assertThat(requestedLists()).as("the next comparison").containsExactly(ON_FRIDAY);
    }

    // ---- stopped sends ----

    @Test
    void a_placing_stopped_by_its_deadline_expires() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.on(new OrderInput.SendStopped(id, 1, OrderInput.StopReason.DEADLINE));
        assertThat(events(id))
                .endsWith(
                        new OrderEvent.SendAbandoned(id, 1, "its deadline passed before the send"),
                        new OrderEvent.Expired(id, "NOT_SENT"));
    }

    @Test
    void a_placing_stopped_by_the_kill_switch_is_rejected() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.on(new OrderInput.SendStopped(id, 1, OrderInput.StopReason.KILL_SWITCH));
        assertThat(events(id))
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
        assertThat(events(id))
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
        assertThat(events(id))
                .endsWith(
                        new OrderEvent.SendAbandoned(id, 2, "the kill switch was set before the send"),
                        notSentInTime(id, 2));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    // ---- answers ----

    @Test
    void a_change_without_an_answer_alerts_and_requests_the_list_at_once() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(events(id)).last().isEqualTo(new OrderEvent.SendInDoubt(id, 2, "TIMEOUT", "no answer"));
        assertThat(alerts())
                .containsExactly(alert(
                        Level.P2,
                        AlertEvent.REQUEST_IN_DOUBT,
                        id,
                        "CANCEL was sent and its result is unknown (TIMEOUT); KIS is being queried"));
        assertThat(requestedLists()).containsExactly(ON_FRIDAY);
    }

    @Test
    void a_refused_change_requests_the_list_and_a_refused_placing_does_not() {
        OrderId refused = day.buy("k0");
        day.grantSlot();
        day.deliverOutcome(refused, 1, new Outcome.Refused("APBK0000", "no"));
        assertThat(events(refused)).last().isEqualTo(new OrderEvent.BrokerRefused(refused, 1, "APBK0000", "no"));
        assertThat(requestedLists()).isEmpty();

        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Refused("APBK0344", "nothing to cancel"));
        assertThat(events(id)).last().isEqualTo(new OrderEvent.BrokerRefused(id, 2, "APBK0344", "nothing to cancel"));
        assertThat(requestedLists()).as("it may have been filled").containsExactly(ON_FRIDAY);
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
        assertThat(alerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.ORDER_NUMBER_CONFLICT,
                        id,
                        "it was matched with 101 and KIS now reports 102"));
        assertThat(requestedLists()).containsExactly(ON_FRIDAY);
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
        assertThat(alerts()).isEmpty();
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
        assertThat(requestedLists()).isEmpty();
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(1));
        day.advance(Duration.ofSeconds(1));
        assertThat(requestedLists()).containsExactly(ON_FRIDAY);
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
        assertThat(requestedLists()).isEmpty();
    }

    @Test
    void the_confirmation_of_a_cancel_before_its_answer_counts_once_the_answer_brings_its_number() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 10, 0);
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        assertThat(events(id)).last().isEqualTo(new OrderEvent.Canceled(id, 10, "canceled"));
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
        assertThat(events(first)).last().isEqualTo(new OrderEvent.SendStarted(first, 1, 2, List.of(), 0));
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
        assertThat(events(id))
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

    // ---- retries ----

    @Test
    void a_placing_that_was_not_taken_is_sent_again_after_a_fifth_of_a_second() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(events(id)).last().isEqualTo(new OrderEvent.SendNotTaken(id, 1, "EGW00201", "too many calls"));
        Instant retry = day.now.plusMillis(200);
        assertThat(day.core.nextTimer()).contains(retry);
        day.advance(Duration.ofMillis(100));
        day.modify(id, 0, 71_000);
        reach(retry.minusMillis(1));
        assertThat(effects(OrderEffect.RequestSlot.class)).isEmpty();
        reach(retry);
        day.grantSlot();
        assertThat(events(id)).last().isEqualTo(new OrderEvent.SendStarted(id, 1, 2, List.of(), 0));
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
    void a_placing_that_is_not_taken_three_times_is_rejected_and_a_cancel_is_refused() {
        OrderId placing = day.buy("k0");
        sendThreeTimes(placing, 1);
        day.deliverOutcome(placing, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(events(placing))
                .endsWith(
                        notTaken(placing, 1),
                        new OrderEvent.Rejected(placing, "RETRY_EXHAUSTED", "EGW00201 too many calls"));

        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.submit(ticket -> new OrderInput.KillSwitch(ticket, true, Optional.of("stop"), false, "ops"));
        sendThreeTimes(id, 2);
        day.deliverOutcome(id, 2, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(events(id))
                .endsWith(
                        notTaken(id, 2),
                        new OrderEvent.BrokerRefused(id, 2, "RETRY_EXHAUSTED", "EGW00201 too many calls"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void a_third_attempt_that_is_not_taken_ends_a_cancelled_order_as_cancelled_only() {
        OrderId id = day.buy("k1");
        sendThreeTimes(id, 1);
        day.cancel(id);
        day.deliverOutcome(id, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(events(id))
                .endsWith(notTaken(id, 1), new OrderEvent.Canceled(id, 10, "canceled before it was sent"));
    }

    @Test
    void a_third_attempt_that_is_not_taken_while_the_kill_switch_is_on_is_rejected_for_that_only() {
        OrderId id = day.buy("k1");
        sendThreeTimes(id, 1);
        day.submit(ticket -> new OrderInput.KillSwitch(ticket, true, Optional.of("stop"), false, "ops"));
        day.deliverOutcome(id, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        assertThat(events(id))
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
        assertThat(events(id))
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
        assertThat(events(id))
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
        readAllLists(listedRow(101, 100_000, 0, 0, 0));
        day.advance(Duration.ofSeconds(2));
        readAllLists(listedRow(101, 100_000, 0, 0, 0));
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

    // ---- changes ----

    @Test
    void a_price_change_after_a_refused_reduction_is_sent() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 71_000);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Refused("APBK0000", "no"));
        assertThat(events(id))
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
        assertThat(events(id))
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
        readListsUntilPausesAreLong(listedRow(101, 100_000, 0, 0, 0));
        day.receiveFill(101, 1, 70_000, 100_040);
        assertThat(day.order(id).filled()).isEqualTo(1);
        assertThat(day.core.nextTimer()).as("the next comparison").contains(day.now.plusSeconds(5));
    }

    @Test
    void a_buffered_fill_requests_the_list_of_its_account_once_while_another_account_has_an_order_in_doubt() {
        day.settings = new OrderSettings(
                Map.of("A1", "K1", "B1", "K1"), 10, true, Duration.ofSeconds(5), Duration.ofSeconds(5), false);
        day.crash();
        readAllLists();
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
        assertThat(requestedLists()).containsExactly(ON_FRIDAY);
        day.now = day.now.plusSeconds(2);
        day.receiveFill(101, 1, 70_000, 100_002);
        day.receiveList(listedRow(101, 100_000, 1, 70_000, 0));
        day.advance(Duration.ofSeconds(1));
        assertThat(requestedLists()).isEmpty();
    }

    // ---- helpers ----

    /** The events of an order, oldest first. */
    private List<OrderEvent> events(OrderId id) {
        return day.journal.stream()
                .filter(entry -> !entry.stream().equals(ControlEvent.STREAM))
                .map(new OrderEventJson()::read)
                .filter(event -> event.order().equals(id))
                .toList();
    }

    private List<OrderEffect.Alert> alerts() {
        return effects(OrderEffect.Alert.class);
    }

    private <E extends OrderEffect> List<E> effects(Class<E> kind) {
        return day.effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static OrderEffect.Alert alert(Level level, AlertEvent kind, OrderId id, String message) {
        return new OrderEffect.Alert(
                level, kind, id.text(), "order " + id + ": " + message, Optional.of(id), Optional.of("local"));
    }

    private static OrderEvent notSentInTime(OrderId id, int request) {
        return new OrderEvent.BrokerRefused(
                id, request, "NOT_SENT", "it could not be sent in time; the order is unchanged");
    }

    /** Lets the timers that are due at {@code at} run. */
    private void reach(Instant at) {
        day.now = at;
        day.on(new OrderInput.TimerDue());
    }

    /** The days whose lists are requested and not answered. */
    private List<AccountDay> requestedLists() {
        return effects(OrderEffect.RequestDailyOrders.class).stream()
                .map(OrderEffect.RequestDailyOrders::day)
                .toList();
    }

    /** Answers every list that is requested now, {@code rows} of the first day and empty for others; the days in this order. */
    private List<AccountDay> readAllLists(BrokerOrder... rows) {
        List<AccountDay> read = new ArrayList<>();
        for (var next = day.next(OrderEffect.RequestDailyOrders.class);
                next.isPresent();
                next = day.next(OrderEffect.RequestDailyOrders.class)) {
            AccountDay listed = next.get().day();
            read.add(listed);
            day.on(new OrderInput.ListArrived(
                    listed,
                    new Broker.DailyOrders.Complete(day.now, listed.equals(ON_FRIDAY) ? List.of(rows) : List.of())));
        }
        return read;
    }

    private void readListsUntilPausesAreLong(BrokerOrder... rows) {
        readAllLists(rows);
        for (int i = 0; i < 6; i++) {
            day.advance(Duration.ofSeconds(5));
            readAllLists(rows);
        }
    }

    /** An order that rested until the end of Friday. */
    private void expireAtMidnight() {
        OrderId id = day.placeSent("k1", 101);
        reach(MIDNIGHT);
        readAllLists(listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.EXPIRED);
    }

    /** Sells 10 at 70,000 of ten shares, which the broker takes under {@code odno}. */
    private OrderId sellSent(long odno) {
        OrderId id = ((Answer.Accepted) day.placeOrder(
                        day.limit(Side.SELL, 10, 70_000), "sell", TradingDayFixture.sellable(10, day.now)))
                .order();
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", odno, "100000"));
        return id;
    }
}
