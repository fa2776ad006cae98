package kr.kisgateway.gateway.badfixture.gateway.kis;

import kr.kisgateway.gateway.badfixture.client.rest.BadCall;

/** An adapter that a capability names, and that uses a part of the client that is not exported. */
public interface BadAdapter {
    BadCall call();
}
