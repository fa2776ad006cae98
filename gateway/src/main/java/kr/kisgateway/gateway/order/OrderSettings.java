package kr.kisgateway.gateway.order;

import java.time.Duration;

/**
 * The settings of an {@link OrderCore}.
 *
 * @param account alias of the account of these orders
 * @param sendsPerSecond placings that the budget can send each second when nothing else is urgent; used by the drain
 *     check of the intake
 * @param dispatchEnabled whether accepted orders are dispatched; without it they wait until their {@code dispatch_by}
 * @param modifyTimeout how long a modification may wait to be sent; afterwards the old terms stay
 * @param reconcileInterval how often open orders are compared with the broker's list
 * @param killSwitch whether the environment sets the kill switch
 */
public record OrderSettings(
        String account,
        double sendsPerSecond,
        boolean dispatchEnabled,
        Duration modifyTimeout,
        Duration reconcileInterval,
        boolean killSwitch) {}
