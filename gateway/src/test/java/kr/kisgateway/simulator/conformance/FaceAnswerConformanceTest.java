package kr.kisgateway.simulator.conformance;

import org.junit.jupiter.api.extension.ExtendWith;

/** The suite's {@link AnswerConformanceTest} against the KIS-compatible face. */
@ExtendWith(KnownDifferences.class)
class FaceAnswerConformanceTest extends AnswerConformanceTest {}
