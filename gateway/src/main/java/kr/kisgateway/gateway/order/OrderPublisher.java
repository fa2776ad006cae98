package kr.kisgateway.gateway.order;

import java.util.List;
import kr.kisgateway.gateway.stream.OpenOrders.OpenOrder;
import kr.kisgateway.gateway.stream.StreamHub;

/** Tells the stream about orders, and the portfolio that its answer of a moment ago is worth nothing now. */
public final class OrderPublisher implements OrderFeed {
    private final StreamHub hub;
    private final Runnable holdingsChanged;
    private final OrderJson json = new OrderJson();

    /** @param holdingsChanged called for every fill and every change of what is reserved at the broker */
    public OrderPublisher(StreamHub hub, Runnable holdingsChanged) {
        this.hub = hub;
        this.holdingsChanged = holdingsChanged;
    }

    @Override
    public void changed(Order order) {
        if (order.status() != OrderStatus.NEW) {
            holdingsChanged.run();
        }
        hub.order(
                order.terms().accountId(),
                order.terms().symbol().code(),
                order.seq(),
                json.order(order).toString());
    }

    @Override
    public void executed(Order order, Fill fill) {
        holdingsChanged.run();
        hub.execution(
                order.terms().accountId(),
                order.terms().symbol().code(),
                order.seq(),
                json.execution(order, fill).toString());
    }

    /** The snapshot for a new subscriber. */
    public static List<OpenOrder> open(OrderDesk desk) {
        OrderJson json = new OrderJson();
        return desk.open().stream()
                .map(order -> new OpenOrder(
                        order.terms().accountId(),
                        order.terms().symbol().code(),
                        order.seq(),
                        json.order(order).toString()))
                .toList();
    }
}
