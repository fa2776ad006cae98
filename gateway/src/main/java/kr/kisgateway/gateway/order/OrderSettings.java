package kr.kisgateway.gateway.order;

/**
 * What an {@link OrderCore} is told about its surroundings.
 *
 * @param sendsPerSecond placings that the budget can send each second when nothing else is urgent; the drain check
 *     of intake counts with it
 * @param worker whether accepted orders are dispatched; without it they are held until their {@code dispatch_by}
 */
public record OrderSettings(double sendsPerSecond, boolean worker) {}
