package kr.kisgateway.client;

import java.time.Duration;

/**
 * KIS's answer as it came, with recorded secrets masked.
 *
 * @param status of HTTP
 * @param continuation the header {@code tr_cont}: F or M when more pages follow, else D, E or empty
 * @param body JSON as a rule
 * @param queued how long the query waited for its slot of the call budget
 */
public record RawAnswer(int status, String continuation, String body, Duration queued) {
    /** Without the body, which may contain the account's figures. */
    @Override
    public String toString() {
        return "RawAnswer[HTTP " + status + ", tr_cont " + continuation + ", " + body.length() + " characters]";
    }
}
