package kr.kisgateway.gateway.badfixture.market;

import kr.kisgateway.gateway.badfixture.wire.BadEnvelope;

/** The market must not depend on a broker's protocol. */
public record BadTick(BadEnvelope envelope) {}
