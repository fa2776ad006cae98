package kr.kisgateway.client;

import java.time.Duration;

/** The outcome of requesting permission to send one order, modification or cancel. */
public sealed interface OrderGrant {
    /** The order may be sent now; the circuit breaker will not stop it. */
    record Granted(Permit permit) implements OrderGrant {}

    /** The slot cannot come before the deadline, or too many wait already; nothing was spent. */
    record TimedOut() implements OrderGrant {}

    /**
     * Too many recent orders got no usable answer: none is sent for now, and nothing was spent.
     *
     * @param open total time the circuit breaker stays open before a few orders are tried
     */
    record Suspended(Duration open) implements OrderGrant {}
}
