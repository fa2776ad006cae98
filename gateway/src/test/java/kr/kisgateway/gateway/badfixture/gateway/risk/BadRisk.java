package kr.kisgateway.gateway.badfixture.gateway.risk;

import kr.kisgateway.gateway.badfixture.gateway.order.BadOrder;

/** The other half of a cycle. */
public interface BadRisk {
    BadOrder order();
}
