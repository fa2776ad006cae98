package kr.kisgateway.simulator.conformance;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The suite's {@link OrderConformanceTest} against the KIS-compatible face. */
@ExtendWith(KnownDifferences.class)
@Tag("slow")
class FaceOrderConformanceTest extends OrderConformanceTest {}
