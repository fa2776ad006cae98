package kr.kisgateway.cli;

import kr.kisgateway.gatewayclient.Answer;
import tools.jackson.databind.JsonNode;

/** What came back when the gateway was asked. */
sealed interface Heard {
    /** It did what was asked. */
    record Done(Answer answer) implements Heard {
        JsonNode body() {
            return answer.body();
        }

        /** Whether this is what an earlier request with the same key was answered. */
        boolean replay() {
            return answer.header("Idempotent-Replay").isPresent();
        }
    }

    /** It refused and said why. */
    record Refused(Answer answer) implements Heard {}

    /**
     * No gateway answered.
     *
     * @param mayHaveArrived whether it may have heard the request all the same
     */
    record Silent(String why, boolean mayHaveArrived) implements Heard {}
}
