package kr.kisgateway.simulator.account;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The open orders of all accounts by their ids, and the number of them in each stock.
 *
 * @param <S> identifies a stock
 * @param <O> an order
 */
public final class OpenOrders<S, O> {
    private final Map<Long, O> orders = new TreeMap<>();
    private final Map<S, Integer> perStock = new HashMap<>();

    public void add(long id, S symbol, O order) {
        orders.put(id, order);
        perStock.merge(symbol, 1, Integer::sum);
    }

    /** Removes an order, if it is among the open ones. */
    public void remove(long id, S symbol) {
        if (orders.remove(id) != null) {
            perStock.computeIfPresent(symbol, (s, n) -> n == 1 ? null : Integer.valueOf(n - 1));
        }
    }

    /** The order; null when none of that id is open. */
    public @Nullable O get(long id) {
        return orders.get(id);
    }

    /** Whether an order is open in the stock. */
    public boolean existIn(S symbol) {
        return perStock.containsKey(symbol);
    }

    /** Every open order, by id. */
    public Collection<O> all() {
        return orders.values();
    }
}
