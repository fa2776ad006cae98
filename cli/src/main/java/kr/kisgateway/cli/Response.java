package kr.kisgateway.cli;

import kr.kisgateway.gatewayclient.Answer;
import tools.jackson.databind.JsonNode;

/** What came back when the gateway was asked. */
sealed interface Response {
    /** It did what was asked. */
    record Done(Answer answer) implements Response {
        JsonNode body() {
            return answer.body();
        }

        /** Whether this is what an earlier request with the same key was answered. */
        boolean isReplay() {
            return answer.header("Idempotent-Replay").isPresent();
        }
    }

    /** It refused and said why. */
    record Refused(Answer answer) implements Response {}

    /**
     * No gateway answered.
     *
     * @param mayHaveArrived whether it may have heard the request all the same
     */
    record NoAnswer(String reason, boolean mayHaveArrived) implements Response {}
}
