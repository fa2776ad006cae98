package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.alert;
import static kr.kisgateway.gateway.order.TradingDayFixture.code;
import static kr.kisgateway.gateway.order.TradingDayFixture.listedRow;
import static kr.kisgateway.gateway.order.TradingDayFixture.notSentInTime;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.market.Side;
import org.junit.jupiter.api.Test;

/** What a core does with the orders and limits that it finds at its start. */
class OrderCoreRestartTest {
    private final TradingDayFixture day = TradingDayFixture.open();

    @Test
    void a_restart_records_a_request_in_flight_as_in_doubt_and_each_further_restart_alerts_again() {
        day.placeSent("k0", 100);
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.crash();
        assertThat(day.eventsOf(id))
                .last()
                .isEqualTo(new OrderEvent.SendInDoubt(
                        id, 1, "CRASH", "the gateway stopped while the request was in flight"));
        assertThat(day.raisedAlerts())
                .containsExactly(alert(
                        Level.P2,
                        AlertEvent.REQUEST_IN_DOUBT,
                        id,
                        "PLACE was sent and its result is unknown (CRASH); KIS is being queried"));
        assertThat(day.core.unknown()).isEqualTo(1);
        int recorded = day.journal.size();

        day.crash();
        assertThat(day.journal).hasSize(recorded);
        assertThat(day.raisedAlerts())
                .containsExactly(alert(
                        Level.P2,
                        AlertEvent.REQUEST_IN_DOUBT,
                        id,
                        "PLACE was sent and its result is unknown (since before this start); KIS is being queried"));
    }

    @Test
    void a_modification_that_an_earlier_release_would_send_again_before_a_cancel_ends_at_the_start() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendModify.class);
        day.cancel(id);
        day.recordByEarlierRelease(new OrderEvent.SendNotTaken(id, 2, "EGW00201", "too many calls"));

        day.crash();
        assertThat(day.eventsOf(id))
                .endsWith(new OrderEvent.BrokerRefused(id, 2, "SUPERSEDED", "a cancel arrived before it was sent"));
        day.readAllLists(listedRow(101, 100_000, 0, 0, 0));
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendModify.class)).isEmpty();
        assertThat(day.next(OrderEffect.SendCancel.class)).isPresent();
    }

    @Test
    void a_modification_that_waits_at_a_restart_is_abandoned_at_its_deadline() {
        OrderId id = day.placeSent("k1", 101);
        day.now = day.now.plusSeconds(1);
        day.modify(id, 0, 70_500);
        Instant deadline = day.now.plusSeconds(5);
        day.now = day.now.plusSeconds(2);
        day.crash();
        day.readAllLists(listedRow(101, 100_000, 0, 0, 0));
        day.reach(deadline.minusMillis(1));
        assertThat(day.order(id).request(2).state()).isEqualTo(BrokerRequest.State.PLANNED);
        day.reach(deadline);
        assertThat(day.eventsOf(id)).last().isEqualTo(notSentInTime(id, 2));
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
        day.sellSent(101);
        day.now = day.now.plusSeconds(2);
        day.crash();
        day.readAllLists();
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
}
