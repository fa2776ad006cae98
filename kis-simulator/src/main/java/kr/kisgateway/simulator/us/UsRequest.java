package kr.kisgateway.simulator.us;

/** What an order asks for. */
public enum UsRequest {
    NEW,
    MODIFY,
    CANCEL
}
