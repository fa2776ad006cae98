package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.OrderDay.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between two steps: a restart, a lost notice, a day that ends while something is under way. */
class OrderTroubleTest {
    private final OrderDay day = OrderDay.open();

    private static ErrorCode code(Answer answer) {
        return ((Answer.Refused) answer).refusal().code();
    }

    @Test
    void a_cancel_that_was_accepted_and_not_yet_sent_is_sent_after_a_crash() {
        OrderId id = day.sent("k1", 101);
        day.cancel(id);
        day.crash();
        day.listArrives(row(101, 100000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
        day.grant();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow().odno()).isEqualTo(101);
    }

    @Test
    void a_cancel_that_was_accepted_during_the_send_ends_what_the_broker_did_not_take() {
        OrderId id = day.buy("k1");
        day.grant();
        day.must(OrderEffect.SendPlace.class);
        day.cancel(id);
        day.answer(id, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        day.pass(Duration.ofSeconds(1));
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.core.queueDepth()).isZero();
    }

    @Test
    void an_equal_order_behind_one_that_was_given_up_goes() {
        OrderId first = day.buy("k1");
        OrderId second = day.buy("k2");
        for (int attempt = 1; attempt <= 3; attempt++) {
            day.grant();
            day.answer(first, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
            day.pass(Duration.ofMillis(300));
        }
        assertThat(day.status(first)).isEqualTo(OrderStatus.REJECTED);
        day.grant();
        assertThat(day.status(second)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void a_cancel_that_finds_the_budget_full_asks_again_later_and_not_at_once() {
        OrderId id = day.sent("k1", 101);
        day.cancel(id);
        var wanted = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.on(new OrderInput.SlotTimedOut(wanted.slot()));
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        day.pass(Duration.ofSeconds(1));
        day.grant();
        assertThat(day.next(OrderEffect.SendCancel.class)).isPresent();
    }

    @Test
    void an_order_without_slots_for_the_brokers_silence_keeps_its_place_and_spends_no_attempt() {
        OrderId first = day.buy("k1");
        OrderId second = ((Answer.Accepted) day.ask(day.limit(Side.BUY, 11, 70_000), "k2")).order();
        for (int i = 0; i < 3; i++) {
            day.next(OrderEffect.RequestSlot.class)
                    .ifPresent(wanted -> day.on(new OrderInput.SlotSuspended(wanted.slot())));
            day.pass(Duration.ofMillis(600));
        }
        assertThat(day.order(first).placing().attempts()).isZero();
        assertThat(day.core.queueDepth()).isEqualTo(2);
        day.grant();
        assertThat(day.status(first)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(day.status(second)).isEqualTo(OrderStatus.NEW);
    }

    @Test
    void an_order_that_waited_for_the_brokers_silence_ends_not_sent_and_says_so() {
        OrderId id = day.buy("k1");
        for (int i = 0; i < 12; i++) {
            day.next(OrderEffect.RequestSlot.class)
                    .ifPresent(wanted -> day.on(new OrderInput.SlotSuspended(wanted.slot())));
            day.pass(Duration.ofMillis(600));
        }
        assertThat(day.status(id)).isEqualTo(OrderStatus.EXPIRED);
        assertThat(day.order(id).reason())
                .contains("NOT_SENT: KIS gave no usable answers to orders (circuit breaker open)");
        assertThat(day.order(id).placing().attempts()).isZero();
    }

    @Test
    void a_deadline_that_has_passed_is_refused_and_a_repeated_request_is_still_answered() {
        Terms terms = day.limit(Side.BUY, 10, 70_000);
        OrderId id = ((Answer.Accepted) day.ask(terms, "k1")).order();
        day.pass(Duration.ofSeconds(6));
        assertThat(day.ask(terms, "k1")).isEqualTo(new Answer.Accepted(id, "ACCEPTED", "k1", true));
        assertThat(code(day.ask(terms, "k2"))).isEqualTo(ErrorCode.QUEUE_TIMEOUT);
    }

    @Test
    void fills_after_one_that_nobody_noticed_are_counted_in_full() {
        OrderId id = day.sent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.listArrives(row(101, 100000, 3, 210_000, 0)); // its notice was lost for good
        day.filled(101, 2, 70_000, 100005);
        day.filled(101, 5, 70_000, 100006);
        day.pass(Duration.ofSeconds(2));
        day.listArrives(row(101, 100000, 10, 700_000, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(day.order(id).value()).isEqualTo(700_000);
    }

    @Test
    void a_fill_that_is_missing_from_a_cancelled_order_is_asked_for_until_it_is_found() {
        OrderId id = day.sent("k1", 101);
        day.cancel(id);
        day.grant();
        day.answer(id, 2, new Outcome.Taken("06010", 102, "100001"));
        day.on(new OrderInput.Noticed(new Broker.Notice(
                Broker.Notice.Kind.CANCEL_CONFIRMED, 102, 101, OrderDay.SAMSUNG, Side.BUY, 7, 0, 100001, "06010")));
        day.pass(Duration.ofSeconds(2));
        day.listArrives(row(101, 100000, 0, 0, 7)); // KIS's list lags fills by seconds
        day.pass(Duration.ofSeconds(2));
        day.listArrives(row(101, 100000, 3, 210_000, 7));
        assertThat(day.order(id).filled()).isEqualTo(3);
    }

    @Test
    void a_slot_for_an_order_that_was_forgotten_at_midnight_disturbs_nothing() {
        day.now = Instant.parse("2026-11-20T14:59:58Z"); // two seconds before midnight in Seoul
        OrderId id = day.buy("k1");
        var wanted = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.cancel(id);
        day.pass(Duration.ofSeconds(2));
        day.on(new OrderInput.SlotGranted(wanted.slot()));
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
        assertThat(day.next(OrderEffect.ReleaseSlot.class)).isPresent();
        day.on(new OrderInput.SlotTimedOut(wanted.slot()));
    }

    @Test
    void an_order_that_waited_behind_an_unknown_one_of_yesterday_may_be_forgotten() {
        day.now = Instant.parse("2026-11-20T14:59:50Z");
        OrderId first = day.buy("k1");
        day.buy("k2");
        day.grant();
        day.answer(first, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.listArrives();
        day.pass(Duration.ofSeconds(6));
        day.pass(Duration.ofSeconds(10)); // the next day
        day.listArrives(row(101, 235_951, 0, 0, 0));
        assertThat(day.order(first).placing().odno()).hasValue(101);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_order_in_doubt_since_yesterday_is_not_taken_for_another_that_has_ended(boolean restart) {
        day.now = Instant.parse("2026-11-20T14:59:50Z");
        OrderId filled = day.buy("k1");
        day.grant();
        day.answer(filled, 1, new Outcome.Taken("06010", 101, "235950"));
        day.filled(101, 10, 70_000, 235_951);
        assertThat(day.status(filled)).isEqualTo(OrderStatus.FILLED);
        OrderId doubtful = day.buy("k2");
        day.grant();
        day.answer(doubtful, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.listArrives(row(101, 235_950, 10, 700_000, 0));
        day.now = day.now.plusSeconds(16);
        if (restart) {
            day.crash();
        }
        for (int question = 0; question < 2; question++) { // about either day
            day.pass(Duration.ofSeconds(1));
            day.next(OrderEffect.AskBroker.class).ifPresent(asked -> {
                boolean yesterday = asked.day().equals(day.rebuilt().get(filled).tradingDay());
                List<Broker.Listed> rows =
                        yesterday ? List.of(row(101, 235_950, 10, 700_000, 0)) : List.<Broker.Listed>of();
                day.on(new OrderInput.ListArrived(asked.day(), new Broker.Listing.Complete(day.now, rows)));
            });
        }
        Order order = day.rebuilt().get(doubtful);
        assertThat(order.placing().odno()).isEmpty();
        assertThat(order.filled()).isZero();
        assertThat(day.rebuilt())
                .as("nothing of ours is adopted as somebody else's")
                .hasSize(2);
    }

    @Test
    void a_slot_that_an_earlier_desk_asked_for_sends_nothing_before_the_list_was_read() {
        OrderId id = day.buy("k1");
        var wanted = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.crash();
        day.on(new OrderInput.SlotGranted(wanted.slot()));
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
        day.listArrives();
        day.grant();
        assertThat(day.status(id)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void a_sell_that_filled_after_the_broker_was_asked_still_counts() {
        var held = OrderDay.sellable(10, day.now);
        OrderId id = ((Answer.Accepted) day.ask(day.limit(Side.SELL, 10, 70_000), "k1", held)).order();
        day.grant();
        day.answer(id, 1, new Outcome.Taken("06010", 101, "100000"));
        day.on(new OrderInput.Noticed(new Broker.Notice(
                Broker.Notice.Kind.FILLED, 101, 0, OrderDay.SAMSUNG, Side.SELL, 10, 70_000, 100001, "06010")));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        assertThat(code(day.ask(day.limit(Side.SELL, 10, 70_000), "k2", held)))
                .isEqualTo(ErrorCode.INSUFFICIENT_POSITION_QTY);
        var later = OrderDay.sellable(4, day.now.plusSeconds(1));
        assertThat(day.ask(day.limit(Side.SELL, 4, 70_000), "k3", later)).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void the_answer_to_a_cancel_that_comes_after_its_notice_leaves_the_reason() {
        OrderId id = day.sent("k1", 101);
        day.cancel(id);
        day.grant();
        day.answer(id, 2, new Outcome.Taken("06010", 102, "100001"));
        day.on(new OrderInput.Noticed(new Broker.Notice(
                Broker.Notice.Kind.CANCEL_CONFIRMED, 102, 101, OrderDay.SAMSUNG, Side.BUY, 10, 0, 100001, "06010")));
        day.answer(id, 2, new Outcome.Taken("06010", 102, "100001"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.order(id).reason()).contains("canceled");
    }
}
