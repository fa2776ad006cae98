package kr.kisgateway.client;

import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * Gives all that is left of an order another price (정정취소, {@code order-rvsecncl}, {@code RVSE_CNCL_DVSN_CD} 01). KIS
 * answers with a new order number; the rest goes on under that. Whether
 * it makes sense is checked when it is sent.
 *
 * @param orgNo from the order's acceptance
 * @param odno the number under which the rest of the order stands now
 * @param symbol what the order is for; KIS does not ask for it
 * @param venue the order's own venue: KIS refuses another
 * @param ordDvsn the order's {@code ORD_DVSN}, such as 00
 * @param price the new price, whole won, at least 1
 */
public record ModifyOrder(String orgNo, long odno, Symbol symbol, Venue venue, String ordDvsn, long price) {}
