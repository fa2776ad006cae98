package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

class CommonPartsTest {
    private static final Instant ACCEPTED = Instant.parse("2026-11-20T01:00:00Z");
    private static final Instant UPDATED = ACCEPTED.plusMillis(7);

    @Test
    void equal_parts_of_two_orders_are_one_instance_and_each_order_equals_what_it_was() {
        var parts = new CommonParts();
        Order first = order("ord_01HZZZZZZZZZZZZZZZZZZZZZZ1", 70_000);
        Order second = order("ord_01HZZZZZZZZZZZZZZZZZZZZZZ2", 71_000);

        Order one = parts.share(first);
        Order other = parts.share(second);

        assertThat(one).isEqualTo(first);
        assertThat(other).isEqualTo(second);
        assertThat(other.terms().symbol())
                .isSameAs(one.terms().symbol())
                .isNotSameAs(second.terms().symbol());
        assertThat(other.terms().kind())
                .isSameAs(one.terms().kind())
                .isNotSameAs(second.terms().kind());
        assertThat(other.tradingDay()).isSameAs(one.tradingDay()).isNotSameAs(second.tradingDay());
    }

    @Test
    void orders_that_reference_dropped_instances_stay_as_they_are() {
        var parts = new CommonParts();
        Order first = order("ord_01HZZZZZZZZZZZZZZZZZZZZZZ1", 70_000);
        Order shared = parts.share(first);

        parts.clear();

        assertThat(shared).isEqualTo(first);
        assertThat(parts.share(order("ord_01HZZZZZZZZZZZZZZZZZZZZZZ2", 71_000))
                        .terms()
                        .symbol())
                .isEqualTo(shared.terms().symbol())
                .isNotSameAs(shared.terms().symbol());
    }

    /** With every part that {@link Order#withShared} and {@link Terms#withShared} have to carry over, at its own value. */
    private static Order order(String id, long price) {
        OrderId order = OrderId.parse(id).orElseThrow();
        var terms = new Terms(
                "A1",
                new Symbol("005930"),
                Side.SELL,
                10,
                new OrderKind(OrderType.STOP_LIMIT, OrderSession.REGULAR, TimeInForce.DAY),
                OptionalLong.of(price),
                OptionalLong.of(price - 500),
                Venue.KRX,
                Optional.of("gap"),
                ACCEPTED.plusSeconds(5));
        var accepted = new OrderEvent.Accepted(
                order,
                terms,
                new KeyUse("local/A1", "key-" + id, "hash"),
                LocalDate.of(2026, 11, 20),
                OptionalLong.of(price + 500));
        return Order.create(accepted, ACCEPTED, 1)
                .apply(
                        new OrderEvent.CancelRequested(
                                order, 2, new KeyUse("local/A1", "cancel-" + id, "cancel:" + id), Optional.empty()),
                        UPDATED,
                        2)
                .apply(new OrderEvent.SendAbandoned(order, 1, "late"), UPDATED, 3);
    }
}
