package kr.kisgateway.gateway.order;

import java.time.Instant;

/** Who listens to orders. Called by the order desk after the event is durable; must return at once. */
public interface OrderListener {
    /** The order changed. */
    void orderChanged(Order order);

    /** A fill of the order counts. */
    void fillExecuted(Order order, Fill fill);

    /** An operator has to know of this. */
    void alertRaised(Instant at, OrderEffect.Alert alert);

    /** What earlier alerts report is over. */
    void alertSettled(Instant at, OrderEffect.AlertSettled settled);
}
