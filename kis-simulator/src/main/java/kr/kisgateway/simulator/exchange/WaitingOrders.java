package kr.kisgateway.simulator.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Side;

/**
 * Orders of a stock outside the price levels of the book, oldest first: stop orders that wait for the last price, or
 * mid-price orders that wait for each other.
 */
final class WaitingOrders {
    /** @param condition of a stop order its trigger price; of a mid-price order 0 */
    record Order(long id, Side side, long condition, long qty) {
        boolean isTriggeredBy(long last) {
            return side == Side.BUY ? last >= condition : last <= condition;
        }
    }

    private final List<Order> orders = new ArrayList<>();

    void add(Order order) {
        orders.add(order);
    }

    /** Removes the oldest stop order that the last price triggers. */
    Optional<Order> removeTriggered(long last) {
        Optional<Order> first =
                orders.stream().filter(order -> order.isTriggeredBy(last)).findFirst();
        first.ifPresent(orders::remove);
        return first;
    }

    Optional<Order> oldest(Side side) {
        return orders.stream().filter(order -> order.side() == side).findFirst();
    }

    long total(Side side) {
        return orders.stream()
                .filter(order -> order.side() == side)
                .mapToLong(Order::qty)
                .sum();
    }

    /** Lowers an order's quantity; returns the quantity taken off, 0 when it does not wait here. */
    long reduce(long id, long qty) {
        for (int i = 0; i < orders.size(); i++) {
            Order order = orders.get(i);
            if (order.id() == id) {
                long taken = Math.min(qty, order.qty());
                if (taken == order.qty()) {
                    orders.remove(i);
                } else {
                    orders.set(i, new Order(id, order.side(), order.condition(), order.qty() - taken));
                }
                return taken;
            }
        }
        return 0;
    }
}
