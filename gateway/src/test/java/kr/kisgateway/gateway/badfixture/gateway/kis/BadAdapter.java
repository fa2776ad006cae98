package kr.kisgateway.gateway.badfixture.gateway.kis;

/** An adapter that a capability names. */
public interface BadAdapter {}
