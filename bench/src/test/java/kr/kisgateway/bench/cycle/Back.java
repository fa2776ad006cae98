package kr.kisgateway.bench.cycle;

import kr.kisgateway.bench.ArchitectureTest;

/** Uses the class that uses it, from another package: the violation that a rule must find. */
public record Back(ArchitectureTest there) {}
