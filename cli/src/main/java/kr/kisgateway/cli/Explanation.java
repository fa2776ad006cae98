package kr.kisgateway.cli;

import java.util.List;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderEvent;

/** An order with its requests in doubt, for programs. */
record Explanation(Order order, List<UnresolvedRequest> inDoubt, List<OrderEvent> events) {
    static Explanation of(Order order, List<OrderEvent> events) {
        return new Explanation(order, UnresolvedRequest.of(order, events), events);
    }
}
