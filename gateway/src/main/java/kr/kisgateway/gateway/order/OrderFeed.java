package kr.kisgateway.gateway.order;

import java.time.Instant;

/** Who listens to orders. Called by the order desk after the event is durable; must return at once. */
public interface OrderFeed {
    /** The order changed. */
    void changed(Order order);

    /** A fill of the order counts. */
    void executed(Order order, Fill fill);

    /** Somebody has to know of this. */
    void alert(Instant at, OrderEffect.Alert alert);
}
