package kr.kisgateway.client;

import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * Changes the price of the rest of an order (정정취소, {@code order-rvsecncl}, {@code RVSE_CNCL_DVSN_CD} 01). KIS
 * answers with a new order number for the rest. It is validated when it is sent.
 *
 * @param orgNo from the order's acceptance
 * @param odno the current number of the order
 * @param symbol the symbol of the order; KIS does not request it
 * @param venue the order's own venue: KIS refuses another
 * @param ordDvsn the order's {@code ORD_DVSN}, such as 00
 * @param price the new price, whole won, at least 1
 * @param stopPrice the price that triggers a stop limit (22), which KIS requires again; 0 for all others
 */
public record ModifyOrder(
        String orgNo, long odno, Symbol symbol, Venue venue, String ordDvsn, long price, long stopPrice) {

    /** The new price of an order without a stop price. */
    public ModifyOrder(String orgNo, long odno, Symbol symbol, Venue venue, String ordDvsn, long price) {
        this(orgNo, odno, symbol, venue, ordDvsn, price, 0);
    }
}
