package kr.kisgateway.simulator.broker;

/**
 * One REST answer.
 *
 * @param trId echoed in the header {@code tr_id}; empty = no such header
 * @param trCont header {@code tr_cont}; empty on APIs without pages
 */
public record HttpAnswer(int status, String trId, String trCont, String body) {
    static HttpAnswer of(int status, String body) {
        return new HttpAnswer(status, "", "", body);
    }
}
