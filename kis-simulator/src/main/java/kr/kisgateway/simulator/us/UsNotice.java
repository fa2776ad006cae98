package kr.kisgateway.simulator.us;

import kr.kisgateway.wire.ExecutionNotice.Kind;

/**
 * An event that becomes an execution notice.
 *
 * @param qty of a fill the fill's, else the request's
 * @param price of a fill the fill's, else the request's; 0 where there is none
 * @param time by Korea's clock, {@code HHmmss}
 */
public record UsNotice(UsOrder order, long qty, long price, int time, Kind kind) {}
