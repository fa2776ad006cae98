package kr.kisgateway.client;

import java.time.Duration;

/** What became of asking for the right to send one order, modification or cancel. */
public sealed interface OrderGrant {
    /** The order may be sent now; the circuit breaker will not stop it. */
    record Granted(Permit permit) implements OrderGrant {}

    /** The slot cannot come before the deadline, or too many wait already; nothing was spent. */
    record TimedOut() implements OrderGrant {}

    /**
     * Too many orders got no usable answer of late: none is sent for now, and nothing was spent.
     *
     * @param open how long the circuit breaker stays open in all before a few orders are tried
     */
    record Suspended(Duration open) implements OrderGrant {}
}
