package kr.kisgateway.client;

import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * Takes back what is left of an order, whole or in part (정정취소, {@code order-rvsecncl}, {@code RVSE_CNCL_DVSN_CD} 02). Whether
 * it makes sense is checked when it is sent.
 *
 * @param orgNo from the order's acceptance
 * @param odno the order's number
 * @param symbol what the order is for; KIS does not ask for it
 * @param venue the order's own venue: KIS refuses another
 * @param ordDvsn the order's {@code ORD_DVSN}, such as 00 or 01
 * @param qty shares to take back, at least 1; where {@code all}, what the caller believes is left, which is not sent
 * @param all whether the whole rest is taken back ({@code QTY_ALL_ORD_YN} Y): KIS then knows better than the caller how
 *     much that is
 */
public record CancelOrder(String orgNo, long odno, Symbol symbol, Venue venue, String ordDvsn, long qty, boolean all) {}
