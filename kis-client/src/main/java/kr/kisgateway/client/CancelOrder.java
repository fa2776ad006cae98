package kr.kisgateway.client;

import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * Takes back all that is left of an order (정정취소, {@code order-rvsecncl}).
 *
 * @param orgNo from the order's acceptance
 * @param odno the order's number
 * @param symbol what the order is for; KIS does not ask for it
 * @param venue the order's own venue: KIS refuses another
 * @param ordDvsn the order's {@code ORD_DVSN}, such as 00 or 01
 * @param qty what the caller believes is left; not sent, because the rest is cancelled whole ({@code QTY_ALL_ORD_YN} Y)
 */
public record CancelOrder(String orgNo, long odno, Symbol symbol, Venue venue, String ordDvsn, long qty) {
    public CancelOrder {
        if (odno < 1) {
            throw new IllegalArgumentException("an order number is positive");
        }
    }
}
