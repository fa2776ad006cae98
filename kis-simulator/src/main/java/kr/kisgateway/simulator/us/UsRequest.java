package kr.kisgateway.simulator.us;

/** The kind of a request: order, modify or cancel. */
public enum UsRequest {
    NEW,
    MODIFY,
    CANCEL
}
