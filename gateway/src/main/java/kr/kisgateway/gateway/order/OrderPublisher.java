package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.stream.OpenOrders.OpenOrder;
import kr.kisgateway.gateway.stream.StreamHub;

/** Tells the stream about orders, and the portfolio that its answer of a moment ago is worth nothing now. */
public final class OrderPublisher implements OrderFeed {
    private final StreamHub hub;
    private final Runnable holdingsChanged;
    private final AlertLog alerts;
    private final OrderJson json = new OrderJson();

    /** @param holdingsChanged called for every fill and every change of what is reserved at the broker */
    public OrderPublisher(StreamHub hub, Runnable holdingsChanged, AlertLog alerts) {
        this.hub = hub;
        this.holdingsChanged = holdingsChanged;
        this.alerts = alerts;
    }

    @Override
    public void changed(Order order) {
        if (order.status() != OrderStatus.NEW) {
            holdingsChanged.run();
        }
        hub.order(
                order.terms().accountId(),
                order.terms().symbol().code(),
                order.key().principal(),
                order.seq(),
                () -> json.order(order).toString());
    }

    @Override
    public void executed(Order order, Fill fill) {
        holdingsChanged.run();
        hub.execution(
                order.terms().accountId(),
                order.terms().symbol().code(),
                order.key().principal(),
                order.seq(),
                () -> json.execution(order, fill).toString());
    }

    @Override
    public void alert(Instant at, OrderEffect.Alert alert) {
        alerts.raise(new Alert(
                at.truncatedTo(ChronoUnit.MILLIS),
                alert.level().name(),
                alert.event(),
                alert.message(),
                alert.order().map(OrderId::text),
                alert.by(),
                Optional.empty()));
    }

    /** The snapshot for a new subscriber. */
    public static List<OpenOrder> open(OrderDesk desk) {
        OrderJson json = new OrderJson();
        return desk.open().stream()
                .map(order -> new OpenOrder(
                        order.terms().accountId(),
                        order.terms().symbol().code(),
                        order.key().principal(),
                        order.seq(),
                        json.order(order).toString()))
                .toList();
    }
}
