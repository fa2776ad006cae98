package kr.kisgateway.gateway.badfixture.edge;

import kr.kisgateway.gateway.badfixture.gateway.order.BadOrder;

/** What every listener has in common must know none of them. */
final class BadEdge {
    BadOrder order = new BadOrder();
}
