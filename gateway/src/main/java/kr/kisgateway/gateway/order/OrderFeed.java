package kr.kisgateway.gateway.order;

import java.time.Instant;

/** Who listens to orders. Called by the order desk after the event is durable; must return at once. */
public interface OrderFeed {
    /** The order changed. */
    void changed(Order order);

    /** A fill of the order counts. */
    void executed(Order order, Fill fill);

    /** An operator has to know of this. */
    void alert(Instant at, OrderEffect.Alert alert);

    /** What earlier alerts report is over. */
    void settled(Instant at, OrderEffect.Settled settled);
}
