package kr.kisgateway.simulator.conformance;

import org.junit.jupiter.api.extension.ExtendWith;

/** The suite's {@link TokenConformanceTest} against the KIS-compatible face. */
@ExtendWith(KnownDifferences.class)
class FaceTokenConformanceTest extends TokenConformanceTest {}
