package kr.kisgateway.gateway.order;

/**
 * What happened to orders since the start.
 *
 * @param decided orders that the broker accepted, and those that failed
 * @param failed refused by the broker, not sent in time, or sent without a known result
 * @param corrected corrections by the broker's lists
 * @param adopted orders placed elsewhere
 * @param queueTimeouts orders refused because they could not have been sent in time
 */
public record OrderFigures(long decided, long failed, long corrected, long adopted, long queueTimeouts) {}
