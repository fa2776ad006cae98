package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.stream.OpenOrders.OpenOrder;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.market.Market;

/** Publishes orders on the stream, and invalidates the portfolio's cached answer. */
public final class OrderPublisher implements OrderListener {
    private final Consumer<Market> holdingsChanged;
    private final Consumer<Market> holdingsWrong;
    private final OrderAlerts alerts;
    private final List<Consumer<Order>> listeners = new CopyOnWriteArrayList<>();
    private volatile Optional<StreamHub> stream = Optional.empty();

    /**
     * @param holdingsChanged called for every fill and every change of the shares or cash reserved at the broker
     * @param holdingsWrong called when the broker refused a sale for shares that its last balance has
     */
    public OrderPublisher(
            Consumer<Market> holdingsChanged, Consumer<Market> holdingsWrong, AlertLog alerts, InstantSource clock) {
        this.holdingsChanged = holdingsChanged;
        this.holdingsWrong = holdingsWrong;
        this.alerts = new OrderAlerts(alerts, clock);
    }

    /** Sets the stream; to be called once, before the desk starts. */
    public void attach(StreamHub hub) {
        stream = Optional.of(hub);
    }

    /** Adds a receiver of every change and fill; it must return at once. To be called before the desk starts. */
    public void attach(Consumer<Order> listener) {
        listeners.add(listener);
    }

    @Override
    public void orderChanged(Order order) {
        if (order.isRefusedForShares()) { // before a listener places another one
            holdingsWrong.accept(order.terms().symbol().market());
        }
        listeners.forEach(listener -> listener.accept(order));
        if (order.status() != OrderStatus.NEW) {
            holdingsChanged.accept(order.terms().symbol().market());
        }
        stream.ifPresent(hub -> hub.order(
                order.terms().accountId(),
                order.terms().symbol().code(),
                order.key().principal(),
                order.seq(),
                () -> OrderAnswers.streamed(order, false)));
        alerts.orderChanged(order);
    }

    @Override
    public void fillExecuted(Order order, Fill fill) {
        listeners.forEach(listener -> listener.accept(order));
        holdingsChanged.accept(order.terms().symbol().market());
        stream.ifPresent(hub -> hub.execution(
                order.terms().accountId(),
                order.terms().symbol().code(),
                order.key().principal(),
                order.seq(),
                () -> OrderAnswers.streamed(order, fill)));
    }

    @Override
    public void alertRaised(Instant at, OrderEffect.Alert alert) {
        alerts.raise(at, alert);
    }

    @Override
    public void alertSettled(Instant at, OrderEffect.AlertSettled settled) {
        alerts.settle(at, settled);
    }

    /** The snapshot for a new subscriber. */
    public static List<OpenOrder> openOrders(OrderDesk desk) {
        return openOrders(desk.open());
    }

    static List<OpenOrder> openOrders(List<Order> open) {
        return open.stream()
                .map(order -> new OpenOrder(
                        order.terms().accountId(),
                        order.terms().symbol().code(),
                        order.key().principal(),
                        order.seq(),
                        OrderAnswers.streamed(order, true)))
                .toList();
    }
}
