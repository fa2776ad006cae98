package kr.kisgateway.gateway.badfixture.simulator.broker;

import kr.kisgateway.gateway.badfixture.simulator.server.BadServer;

/** One half of a cycle. */
public record BadBroker(BadServer server) {}
