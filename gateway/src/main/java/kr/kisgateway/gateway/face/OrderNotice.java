package kr.kisgateway.gateway.face;

import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.wire.ExecutionNotice;

/**
 * An event of an order that KIS reports by an execution notice.
 *
 * @param order as it is after the event
 * @param request what the notice is about; of fills always an order, also when a modification made it
 * @param odno KIS's number of the request, or of the row that was filled
 * @param original the number that a modification or cancel replaced; 0 for a new order
 * @param qty of a fill its shares, else the request's
 * @param price of a fill its own, else the request's, in units of the currency; 0 where there is none
 * @param time by Seoul's clock as {@code HHmmss}
 * @param orgNo branch number
 * @param rowQty shares of the row with that number
 */
record OrderNotice(
        Order order,
        ExecutionNotice.Kind kind,
        ExecutionNotice.Request request,
        long odno,
        long original,
        long qty,
        long price,
        int time,
        String orgNo,
        long rowQty) {}
