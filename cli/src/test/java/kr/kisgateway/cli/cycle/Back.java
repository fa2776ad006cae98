package kr.kisgateway.cli.cycle;

import kr.kisgateway.cli.ArchitectureTest;

/** Uses the class that uses it, from another package: the violation that a rule must find. */
public record Back(ArchitectureTest there) {}
