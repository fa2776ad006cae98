package kr.kisgateway.gateway.badfixture.edge;

import kr.kisgateway.gateway.badfixture.gateway.order.BadOrder;

/** The common part of all listeners must not depend on any of them. */
final class BadEdge {
    BadOrder order = new BadOrder();
}
