package kr.kisgateway.gateway.badfixture.simulator.server;

import kr.kisgateway.gateway.badfixture.simulator.broker.BadBroker;

/** The other half of a cycle. */
public interface BadServer {
    BadBroker broker();
}
