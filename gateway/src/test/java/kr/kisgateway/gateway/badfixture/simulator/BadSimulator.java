package kr.kisgateway.gateway.badfixture.simulator;

import kr.kisgateway.gateway.badfixture.client.BadClient;

/** The simulator must not depend on the client. */
public interface BadSimulator {
    BadClient client();
}
