package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.code;
import static kr.kisgateway.gateway.order.TradingDayFixture.listedRow;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trouble between two steps: a restart, a lost notice, a day that ends with a request in flight. */
class OrderTroubleTest {
    private final TradingDayFixture day = TradingDayFixture.open();

    @Test
    void an_accepted_but_unsent_cancel_is_sent_after_a_crash() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.crash();
        day.receiveList(listedRow(101, 100000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow().odno()).isEqualTo(101);
    }

    @Test
    void a_send_that_was_recorded_and_certainly_not_made_is_made_after_the_restart() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        day.restart(Set.of(new OrderCore.SendAttempt(id, 1, 1)));
        assertThat(day.status(id)).isEqualTo(OrderStatus.NEW);
        day.receiveList();
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        assertThat(day.core.unknown()).isZero();
        day.restart(Set.of(new OrderCore.SendAttempt(id, 1, 1)));
        assertThat(day.status(id))
                .as("what is known of the first attempt is not known of the second")
                .isEqualTo(OrderStatus.UNKNOWN);
    }

    @Test
    void an_order_whose_send_was_not_made_and_that_was_cancelled_meanwhile_ends_at_the_restart() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.cancel(id);
        day.restart(Set.of(new OrderCore.SendAttempt(id, 1, 1)));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        day.receiveList();
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
    }

    @Test
    void a_cancel_whose_send_was_not_made_is_sent_after_the_restart() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendCancel.class);
        day.restart(Set.of(new OrderCore.SendAttempt(id, 2, 1)));
        day.receiveList(listedRow(101, 100000, 0, 0, 0));
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow().odno()).isEqualTo(101);
    }

    @Test
    void a_cancel_accepted_during_the_send_ends_an_order_the_broker_did_not_take() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        day.cancel(id);
        day.deliverOutcome(id, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        day.advance(Duration.ofSeconds(1));
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.core.queueDepth()).isZero();
    }

    @Test
    void an_equal_order_behind_an_abandoned_one_is_sent() {
        OrderId first = day.buy("k1");
        OrderId second = day.buy("k2");
        for (int attempt = 1; attempt <= 3; attempt++) {
            day.grantSlot();
            day.deliverOutcome(first, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
            day.advance(Duration.ofMillis(300));
        }
        assertThat(day.status(first)).isEqualTo(OrderStatus.REJECTED);
        day.grantSlot();
        assertThat(day.status(second)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void a_cancel_that_finds_the_budget_exhausted_retries_later_and_not_at_once() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        var slotRequest = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.on(new OrderInput.SlotTimedOut(slotRequest.slot()));
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.advance(Duration.ofSeconds(1));
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class)).isPresent();
    }

    @Test
    void an_order_without_slots_during_the_brokers_silence_retains_its_position_and_spends_no_attempt() {
        OrderId first = day.buy("k1");
        OrderId second = ((Answer.Accepted) day.placeOrder(day.limit(Side.BUY, 11, 70_000), "k2")).order();
        for (int i = 0; i < 3; i++) {
            day.next(OrderEffect.RequestSlot.class)
                    .ifPresent(slotRequest -> day.on(new OrderInput.SlotSuspended(slotRequest.slot())));
            day.advance(Duration.ofMillis(600));
        }
        assertThat(day.order(first).placing().attempts()).isZero();
        assertThat(day.core.queueDepth()).isEqualTo(2);
        day.grantSlot();
        assertThat(day.status(first)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(day.status(second)).isEqualTo(OrderStatus.NEW);
    }

    @Test
    void an_order_that_waited_for_a_silent_broker_ends_unsent_with_that_reason() {
        OrderId id = day.buy("k1");
        for (int i = 0; i < 12; i++) {
            day.next(OrderEffect.RequestSlot.class)
                    .ifPresent(slotRequest -> day.on(new OrderInput.SlotSuspended(slotRequest.slot())));
            day.advance(Duration.ofMillis(600));
        }
        assertThat(day.status(id)).isEqualTo(OrderStatus.EXPIRED);
        assertThat(day.order(id).reason())
                .contains("NOT_SENT: KIS gave no usable answers to orders (circuit breaker open)");
        assertThat(day.order(id).placing().attempts()).isZero();
    }

    @Test
    void a_passed_deadline_is_refused_and_a_repeated_request_is_still_answered() {
        Terms terms = day.limit(Side.BUY, 10, 70_000);
        OrderId id = ((Answer.Accepted) day.placeOrder(terms, "k1")).order();
        day.advance(Duration.ofSeconds(6));
        assertThat(day.placeOrder(terms, "k1")).isEqualTo(new Answer.Accepted(id, KeyUse.Kind.PLACE, "k1", true));
        assertThat(code(day.placeOrder(terms, "k2"))).isEqualTo(ErrorCode.QUEUE_TIMEOUT);
    }

    @Test
    void fills_after_a_missed_one_are_counted_in_full() {
        OrderId id = day.placeSent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(listedRow(101, 100000, 3, 210_000, 0)); // its notice was lost for good
        day.receiveFill(101, 2, 70_000, 100005);
        day.receiveFill(101, 5, 70_000, 100006);
        day.advance(Duration.ofSeconds(2));
        day.receiveList(listedRow(101, 100000, 10, 700_000, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(day.order(id).value()).isEqualTo(700_000);
    }

    @Test
    void a_missing_fill_of_a_cancelled_order_is_requested_until_it_is_found() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        day.on(new OrderInput.Noticed(new Broker.Notice(
                "A1",
                Broker.Notice.Kind.CANCEL_CONFIRMED,
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
        day.advance(Duration.ofSeconds(2));
        day.receiveList(listedRow(101, 100000, 0, 0, 7)); // KIS's list lags fills by seconds
        day.advance(Duration.ofSeconds(2));
        day.receiveList(listedRow(101, 100000, 3, 210_000, 7));
        assertThat(day.order(id).filled()).isEqualTo(3);
    }

    @Test
    void a_slot_for_an_order_removed_at_midnight_has_no_effect() {
        day.now = Instant.parse("2026-11-20T14:59:58Z"); // two seconds before midnight in Seoul
        OrderId id = day.buy("k1");
        var slotRequest = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.cancel(id);
        day.advance(Duration.ofSeconds(2));
        day.on(new OrderInput.SlotGranted(slotRequest.slot()));
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
        assertThat(day.next(OrderEffect.ReleaseSlot.class)).isPresent();
        day.on(new OrderInput.SlotTimedOut(slotRequest.slot()));
    }

    @Test
    void an_order_that_waited_behind_an_unknown_one_of_yesterday_may_be_removed() {
        day.now = Instant.parse("2026-11-20T14:59:50Z");
        OrderId first = day.buy("k1");
        day.buy("k2");
        day.grantSlot();
        day.deliverOutcome(first, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList();
        day.advance(Duration.ofSeconds(6));
        day.advance(Duration.ofSeconds(10)); // the next day
        day.receiveList(listedRow(101, 235_951, 0, 0, 0));
        assertThat(day.order(first).placing().odno()).hasValue(101);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_order_in_doubt_since_yesterday_is_not_matched_to_an_ended_one(boolean restart) {
        day.now = Instant.parse("2026-11-20T14:59:50Z");
        OrderId filled = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(filled, 1, new Outcome.Taken("06010", 101, "235950"));
        day.receiveFill(101, 10, 70_000, 235_951);
        assertThat(day.status(filled)).isEqualTo(OrderStatus.FILLED);
        OrderId inDoubt = day.buy("k2");
        day.grantSlot();
        day.deliverOutcome(inDoubt, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList(listedRow(101, 235_950, 10, 700_000, 0));
        day.now = day.now.plusSeconds(16);
        if (restart) {
            day.crash();
        }
        for (int requestNumber = 0; requestNumber < 2; requestNumber++) { // one for either day
            day.advance(Duration.ofSeconds(1));
            day.next(OrderEffect.RequestDailyOrders.class).ifPresent(listRequest -> {
                boolean yesterday =
                        listRequest.day().equals(day.rebuilt().get(filled).day());
                List<Broker.BrokerOrder> rows =
                        yesterday ? List.of(listedRow(101, 235_950, 10, 700_000, 0)) : List.<Broker.BrokerOrder>of();
                day.on(new OrderInput.ListArrived(listRequest.day(), new Broker.DailyOrders.Complete(day.now, rows)));
            });
        }
        Order order = day.rebuilt().get(inDoubt);
        assertThat(order.placing().odno()).isEmpty();
        assertThat(order.filled()).isZero();
        assertThat(day.rebuilt())
                .as("none of our orders is adopted as external")
                .hasSize(2);
    }

    @Test
    void a_slot_requested_by_an_earlier_desk_sends_nothing_before_the_list_is_read() {
        OrderId id = day.buy("k1");
        var slotRequest = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.crash();
        day.on(new OrderInput.SlotGranted(slotRequest.slot()));
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
        day.receiveList();
        day.grantSlot();
        assertThat(day.status(id)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void a_sell_filled_after_the_account_request_still_counts() {
        var accountContext = TradingDayFixture.sellable(10, day.now);
        OrderId id = ((Answer.Accepted) day.placeOrder(day.limit(Side.SELL, 10, 70_000), "k1", accountContext)).order();
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        day.on(new OrderInput.Noticed(new Broker.Notice(
                "A1",
                Broker.Notice.Kind.FILLED,
                101,
                0,
                TradingDayFixture.SAMSUNG,
                Side.SELL,
                10,
                70_000,
                100001,
                "06010",
                Optional.empty(),
                Optional.empty())));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(code(day.placeOrder(day.limit(Side.SELL, 10, 70_000), "k2", accountContext)))
                .isEqualTo(ErrorCode.INSUFFICIENT_POSITION_QTY);
        var later = TradingDayFixture.sellable(4, day.now.plusSeconds(1));
        assertThat(day.placeOrder(day.limit(Side.SELL, 4, 70_000), "k3", later)).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void a_cancel_answer_after_its_notice_preserves_the_reason() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        day.on(new OrderInput.Noticed(new Broker.Notice(
                "A1",
                Broker.Notice.Kind.CANCEL_CONFIRMED,
                102,
                101,
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                0,
                100001,
                "06010",
                Optional.empty(),
                Optional.empty())));
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.order(id).reason()).contains("canceled");
    }

    /** Sends an order that the broker takes as 101, and restarts six seconds later without the records after its acceptance. */
    private OrderId loseRecordsOfSentOrder() {
        OrderId id = day.buy("k1");
        int acceptedEntries = day.journal.size();
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        day.journal.subList(acceptedEntries, day.journal.size()).clear();
        day.now = day.now.plusSeconds(6);
        day.crash();
        return id;
    }

    private List<OrderEffect.Alert> unsentAlerts() {
        return day.effects.stream()
                .filter(OrderEffect.Alert.class::isInstance)
                .map(OrderEffect.Alert.class::cast)
                .filter(alert -> alert.kind() == AlertEvent.UNSENT_ORDER_LISTED)
                .toList();
    }

    @Test
    void a_sent_order_whose_records_the_disk_lost_alerts_once_when_it_is_listed() {
        OrderId id = loseRecordsOfSentOrder();
        day.receiveList(listedRow(101, 100_000, 0, 0, 0), listedRow(102, 100_001, 0, 0, 0));

        assertThat(day.status(id)).as("no state is changed").isEqualTo(OrderStatus.EXPIRED);
        OrderId external = day.shown.values().stream()
                .filter(Order::external)
                .map(Order::id)
                .findFirst()
                .orElseThrow();
        assertThat(unsentAlerts()).singleElement().satisfies(alert -> {
            assertThat(alert.level()).isEqualTo(OrderEffect.Level.P1);
            assertThat(alert.order()).contains(id);
            assertThat(alert.message())
                    .contains("0000000101", "placed at 100000", "check at the broker", "external order " + external);
        });
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(
                listedRow(101, 100_000, 0, 0, 0), listedRow(102, 100_001, 0, 0, 0), listedRow(103, 100_001, 0, 0, 0));
        assertThat(unsentAlerts()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {95_900, 100_020})
    void an_equal_order_of_another_program_before_or_after_an_unsent_one_is_no_alert(int time) {
        OrderId id = loseRecordsOfSentOrder();
        day.advance(Duration.ofSeconds(30));
        day.receiveList(listedRow(101, time, 0, 0, 0));

        assertThat(day.status(id)).isEqualTo(OrderStatus.EXPIRED);
        assertThat(day.shown.values()).filteredOn(Order::external).hasSize(1);
        assertThat(unsentAlerts()).isEmpty();
    }

    @Test
    void an_order_that_still_waits_alerts_when_the_broker_lists_its_equal() {
        OrderId id = day.buy("k1");
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(listedRow(101, 100_000, 0, 0, 0));

        assertThat(day.status(id)).isEqualTo(OrderStatus.NEW);
        assertThat(unsentAlerts()).hasSize(1);
    }
}
