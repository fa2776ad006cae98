package kr.kisgateway.simulator.us;

import java.time.Instant;
import kr.kisgateway.market.UsSession;

/**
 * One trade of the tape.
 *
 * @param volume of the day, this trade included
 * @param bid the best one after it; 0 without any
 */
public record UsTrade(Instant at, UsSession session, long price, long qty, long volume, long bid, long ask) {}
