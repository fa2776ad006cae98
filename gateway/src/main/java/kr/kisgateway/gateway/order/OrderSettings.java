package kr.kisgateway.gateway.order;

import java.time.Duration;

/**
 * What an {@link OrderCore} is told about its surroundings.
 *
 * @param account alias of the account whose orders these are
 * @param sendsPerSecond placings that the budget can send each second when nothing else is urgent; the drain check
 *     of intake counts with it
 * @param dispatchEnabled whether accepted orders are dispatched; without it they are held until their {@code dispatch_by}
 * @param modifyTimeout how long a modification may wait to be sent; past it the old terms stay
 * @param reconcileInterval how often open orders are compared with the broker's list
 * @param killSwitch whether the environment holds the kill switch on
 */
public record OrderSettings(
        String account,
        double sendsPerSecond,
        boolean dispatchEnabled,
        Duration modifyTimeout,
        Duration reconcileInterval,
        boolean killSwitch) {}
