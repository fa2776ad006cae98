package kr.kisgateway.gateway.badfixture.market;

import kr.kisgateway.gateway.badfixture.wire.BadEnvelope;

/** The market must not know how a broker speaks. */
public record BadTick(BadEnvelope envelope) {}
