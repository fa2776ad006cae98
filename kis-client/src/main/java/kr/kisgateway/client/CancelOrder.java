package kr.kisgateway.client;

import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * Cancels the rest of an order, all or part of it (정정취소, {@code order-rvsecncl}, {@code RVSE_CNCL_DVSN_CD} 02). It is validated
 * when it is sent.
 *
 * @param orgNo from the order's acceptance
 * @param odno the order's number
 * @param symbol the symbol of the order; KIS does not request it
 * @param venue the order's own venue: KIS refuses another
 * @param ordDvsn the order's {@code ORD_DVSN}, such as 00 or 01
 * @param qty shares to cancel, at least 1; where {@code all}, the rest as the caller assumes it, which is not sent
 * @param all whether the entire rest is cancelled ({@code QTY_ALL_ORD_YN} Y): KIS has the exact quantity
 */
public record CancelOrder(String orgNo, long odno, Symbol symbol, Venue venue, String ordDvsn, long qty, boolean all) {}
