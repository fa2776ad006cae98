package kr.kisgateway.gateway.badfixture.wire.print;

/** What the parser must not know. */
public record BadPrinter() {}
