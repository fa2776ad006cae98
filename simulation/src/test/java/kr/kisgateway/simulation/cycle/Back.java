package kr.kisgateway.simulation.cycle;

import kr.kisgateway.simulation.ArchitectureTest;

/** Uses the class that uses it, from another package: the violation that a rule must find. */
public record Back(ArchitectureTest there) {}
