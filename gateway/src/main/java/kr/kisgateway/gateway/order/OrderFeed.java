package kr.kisgateway.gateway.order;

/** Who listens to orders. Called by the order desk after the event is durable; must return at once. */
public interface OrderFeed {
    /** The order changed. */
    void changed(Order order);

    /** A fill of the order counts. */
    void executed(Order order, Fill fill);
}
