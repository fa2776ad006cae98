package kr.kisgateway.cli;

import kr.kisgateway.gatewayclient.Answer;
import tools.jackson.databind.JsonNode;

/** Result of a request to the gateway. */
sealed interface Response {
    /** The gateway did what was requested. */
    record Done(Answer answer) implements Response {
        JsonNode body() {
            return answer.body();
        }

        /** Whether this is the stored answer of an earlier request with the same key. */
        boolean isReplay() {
            return answer.header("Idempotent-Replay").isPresent();
        }
    }

    /** The gateway refused and gave the reason. */
    record Refused(Answer answer) implements Response {}

    /**
     * No gateway answered.
     *
     * @param mayHaveArrived whether the gateway may have received the request nevertheless
     */
    record NoAnswer(String reason, boolean mayHaveArrived) implements Response {}
}
