package kr.kisgateway.gateway.badfixture.wire.parse;

import kr.kisgateway.gateway.badfixture.wire.print.BadPrinter;

/** A parser that depends on the printer would only prove that the two agree. */
public record BadParser(BadPrinter printer) {}
