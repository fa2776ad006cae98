package kr.kisgateway.gateway.stream;

import java.util.List;
import kr.kisgateway.api.stream.StreamOrder;

/** Open orders for the snapshot of a new subscriber. */
@FunctionalInterface
public interface OpenOrders {
    List<OpenOrder> now();

    /**
     * @param accountId alias of the account
     * @param principal name of the key that placed the order
     * @param seq journal cursor of the order's last change
     * @param message the order as a snapshot
     */
    record OpenOrder(String accountId, String symbol, String principal, long seq, StreamOrder message) {}
}
