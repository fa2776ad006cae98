package kr.kisgateway.gateway.badfixture.wire.print;

/** The parser must not depend on this. */
public record BadPrinter() {}
