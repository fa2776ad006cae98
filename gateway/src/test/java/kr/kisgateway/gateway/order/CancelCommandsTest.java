package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** Cancels of one order and of many: what is recorded, and which key they use. */
class CancelCommandsTest {
    private static final Symbol HYNIX = new Symbol("000660");

    private final TradingDayFixture day = TradingDayFixture.open();

    private static KeyUse ofGateway(OrderId id) {
        return new KeyUse("gateway/A1", "cancel:" + id, "cancel:" + id);
    }

    private Answer.CancelledAll cancelAll(String key, OrderInput.OpenOrderFilter filter) {
        return (Answer.CancelledAll) day.submit(
                ticket -> new OrderInput.CancelAll(ticket, filter, new KeyUse("local/A1", key, "cancel-all:" + key)));
    }

    private OrderId resting(String key, Symbol symbol, long odno) {
        var terms = new Terms(
                "A1",
                symbol,
                Side.BUY,
                10,
                OrderKind.LIMIT,
                OptionalLong.of(70_000),
                Venue.KRX,
                Optional.empty(),
                day.now.plusSeconds(5));
        OrderId id = ((Answer.Accepted) day.placeOrder(terms, key)).order();
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        day.deliverOutcome(id, 1, new Broker.Outcome.Taken("06010", odno, "100000"));
        return id;
    }

    @Test
    void the_cancel_of_an_unsent_order_is_two_events_and_refuses_no_request() {
        OrderId id = day.buy("k1");
        int recorded = day.journal.size();
        day.cancel(id);
        assertThat(day.recordedSince(recorded))
                .containsExactly(
                        new OrderEvent.CancelRequested(
                                id, 2, new KeyUse("local/A1", "cancel:" + id, "cancel:" + id), Optional.empty()),
                        new OrderEvent.Canceled(id, 10, "canceled before it was sent"));
        assertThat(day.order(id).error()).isEmpty();
    }

    @Test
    void a_cancel_supersedes_every_change_that_was_not_sent() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 70_500);
        int recorded = day.journal.size();
        day.cancel(id);
        assertThat(day.recordedSince(recorded))
                .containsExactly(
                        new OrderEvent.BrokerRefused(id, 2, "SUPERSEDED", "a cancel arrived before it was sent"),
                        new OrderEvent.BrokerRefused(id, 3, "SUPERSEDED", "a cancel arrived before it was sent"),
                        new OrderEvent.CancelRequested(
                                id, 4, new KeyUse("local/A1", "cancel:" + id, "cancel:" + id), Optional.empty()));
    }

    @Test
    void a_cancel_without_a_key_is_refused_when_another_request_has_used_its_own() {
        OrderId other = day.buy("k1");
        OrderId id = day.placeSent("k2", 101);
        var used = new OrderInput.PriorUse("hash of another request", other, KeyUse.Kind.PLACE);
        int recorded = day.journal.size();
        var refused = (Answer.Refused) day.submit(ticket ->
                new OrderInput.Cancel(ticket, id, "local/A1", Optional.empty(), Optional.empty(), Optional.of(used)));
        assertThat(refused.refusal().code()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH);
        assertThat(refused.refusal().details()).containsEntry("order_id", other.text());
        assertThat(day.journal).hasSize(recorded);
    }

    @Test
    void a_cancel_of_many_ends_the_replacements_of_open_orders_that_it_selects_and_of_no_others() {
        OrderId samsung = resting("k1", TradingDayFixture.SAMSUNG, 101);
        OrderId hynix = resting("k2", HYNIX, 102);
        day.replace(samsung, 15, 0, Optional.of("m1"));
        day.replace(hynix, 15, 0, Optional.of("m2"));
        int recorded = day.journal.size();
        var filter = new OrderInput.OpenOrderFilter(Optional.empty(), Optional.of(HYNIX), Optional.empty());
        assertThat(cancelAll("first", filter)).isEqualTo(new Answer.CancelledAll(List.of(hynix), false));
        assertThat(day.recordedSince(recorded))
                .containsExactly(new OrderEvent.ReplaceEnded(
                        hynix,
                        Replacement.Outcome.ABANDONED,
                        "a cancel was requested; nothing is placed",
                        Optional.empty()));
        assertThat(day.status(hynix)).as("the cancel remains").isEqualTo(OrderStatus.CANCEL_PENDING);
        assertThat(day.order(samsung).replacement().orElseThrow().isPending()).isTrue();
    }

    @Test
    void a_cancel_of_many_names_its_key_and_leaves_what_is_being_cancelled_or_not_selected() {
        OrderId resting = resting("k1", TradingDayFixture.SAMSUNG, 101);
        OrderId hynix = resting("k2", HYNIX, 102);
        OrderId cancelling = resting("k3", TradingDayFixture.SAMSUNG, 103);
        day.cancel(cancelling);
        int recorded = day.journal.size();
        var filter = new OrderInput.OpenOrderFilter(
                Optional.empty(), Optional.of(TradingDayFixture.SAMSUNG), Optional.empty());
        assertThat(cancelAll("first", filter)).isEqualTo(new Answer.CancelledAll(List.of(resting), false));
        assertThat(day.recordedSince(recorded))
                .containsExactly(new OrderEvent.CancelRequested(resting, 2, ofGateway(resting), Optional.of("local")));
        assertThat(day.control)
                .containsExactly(new ControlEvent.CancelAllRequested(
                        new KeyUse("local/A1", "first", "cancel-all:first"), List.of(resting)));
        assertThat(day.status(hynix)).isEqualTo(OrderStatus.SENT);
    }
}
