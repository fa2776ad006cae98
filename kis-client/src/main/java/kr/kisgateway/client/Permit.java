package kr.kisgateway.client;

import java.time.Instant;

/**
 * The right to make one call to KIS, reserved until it is made or released, and for half a minute at most. Only those of
 * {@link KisClient#acquireOrder} and {@link KisClient#acquireOrderNow} can be used.
 */
public interface Permit {
    /** The moment after which the call is obsolete; an order is not sent past it. */
    Instant deadline();

    /** Releases an unused slot to the waiting calls. Does nothing once the call was made or the slot released. */
    void release();
}
