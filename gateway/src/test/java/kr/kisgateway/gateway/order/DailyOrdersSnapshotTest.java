package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.DailyOrders.Complete;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** The list is read off the core's thread, with the order states of the moment of the request. */
class DailyOrdersSnapshotTest {
    /** The list request that is due now. */
    private static OrderEffect.RequestDailyOrders listRequest(TradingDayFixture day) {
        while (day.effects.stream().noneMatch(OrderEffect.RequestDailyOrders.class::isInstance)) {
            day.advance(Duration.ofSeconds(1));
        }
        return day.next(OrderEffect.RequestDailyOrders.class).orElseThrow();
    }

    private static DailyOrdersSnapshot readList(
            OrderEffect.RequestDailyOrders listRequest, TradingDayFixture day, Complete listing) {
        return DailyOrdersSnapshot.of(
                listRequest,
                listing,
                List.copyOf(day.rebuilt().values()),
                _ -> TradingDayFixture.CALENDAR.endOf(listRequest.day().day().date()));
    }

    /** An order whose answer is outstanding. */
    private static OrderId placeSending(TradingDayFixture day) {
        OrderId id = day.buy("k2");
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        return id;
    }

    @Test
    @Requirement("A-24")
    void an_order_resting_as_listed_is_not_compared() {
        var day = TradingDayFixture.open();
        day.placeSent("k1", 1);
        var listing = new Complete(day.now, List.of(TradingDayFixture.listedRow(1, 100000, 0, 0, 0)));
        var snapshot = readList(listRequest(day), day, listing);
        assertThat(snapshot.ordersToCompare()).isEmpty();
        assertThat(snapshot.unsettled()).isEmpty();
    }

    @Test
    @Requirement(value = "A-24", clause = "quantities")
    void an_order_whose_listing_differs_is_compared() {
        var day = TradingDayFixture.open();
        OrderId id = day.placeSent("k1", 1);
        BrokerOrder row = TradingDayFixture.listedRow(1, 100000, 4, 280_000, 0);
        var listRequest = listRequest(day);
        var listing = new Complete(day.now, List.of(row));
        var snapshot = readList(listRequest, day, listing);
        assertThat(snapshot.ordersToCompare()).containsExactly(id);
        assertThat(snapshot.unsettled()).containsExactly(row);

        day.on(new OrderInput.ListArrived(listRequest.day(), listing, Optional.of(snapshot)));
        assertThat(day.order(id).filled()).isEqualTo(4);
    }

    @Test
    @Requirement("A-24")
    void an_order_changed_while_the_list_was_in_flight_is_compared_in_its_current_state() {
        var day = TradingDayFixture.open();
        day.placeSent("k1", 1);
        OrderId id = placeSending(day);
        var listRequest = listRequest(day);
        var listing = new Complete(
                day.now.plusSeconds(1),
                List.of(
                        TradingDayFixture.listedRow(1, 100000, 0, 0, 0),
                        TradingDayFixture.listedRow(2, 100001, 0, 0, 0)));
        var snapshot = readList(listRequest, day, listing); // it is in flight: its answer will decide
        assertThat(snapshot.ordersToCompare()).isEmpty();

        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.UNKNOWN);
        day.on(new OrderInput.ListArrived(listRequest.day(), listing, Optional.of(snapshot)));
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).placing().odno()).hasValue(2);
    }

    @Test
    @Requirement("A-24")
    void a_list_read_from_before_a_restart_is_ignored() {
        var day = TradingDayFixture.open();
        day.placeSent("k1", 1);
        OrderId id = placeSending(day);
        var listRequest = listRequest(day);
        var listing = new Complete(
                day.now,
                List.of(
                        TradingDayFixture.listedRow(1, 100000, 0, 0, 0),
                        TradingDayFixture.listedRow(2, 100000, 0, 0, 0)));
        var snapshot = readList(listRequest, day, listing);
        day.advance(Duration.ofMillis(1));
        day.crash(); // the order in flight is in doubt from here on
        day.on(new OrderInput.ListArrived(listRequest.day(), listing, Optional.of(snapshot)));
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.SENT);
    }
}
