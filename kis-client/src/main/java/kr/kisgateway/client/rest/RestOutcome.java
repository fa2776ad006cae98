package kr.kisgateway.client.rest;

/** The outcome of one request. */
public sealed interface RestOutcome {
    /**
     * An answer arrived; its meaning is evaluated elsewhere.
     *
     * @param trCont its header {@code tr_cont}, stripped; empty when there is none
     */
    record Answered(int status, String trCont, String body) implements RestOutcome {}

    /** No byte of the request's body left: DNS, connection, TLS, pool, or its deadline had passed. */
    record NotSent(String cause, boolean timeout) implements RestOutcome {}

    /** Bytes left and no complete answer came back. */
    record Lost(String cause, boolean timeout) implements RestOutcome {}
}
