package kr.kisgateway.gateway.order;

import java.time.Instant;

/** A listener for orders. Called by the order desk after the event is durable; must return at once. */
public interface OrderListener {
    /** The order changed. */
    void orderChanged(Order order);

    /** A fill of the order counts. */
    void fillExecuted(Order order, Fill fill);

    /** An alert for operators was raised. */
    void alertRaised(Instant at, OrderEffect.Alert alert);

    /** The condition of earlier alerts is over. */
    void alertSettled(Instant at, OrderEffect.AlertSettled settled);
}
