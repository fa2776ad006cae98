/**
 * The exchange inside the simulator: one price-time order book for each live stock, the day's figures beside it, and the
 * seeded agents (market makers, takers) that keep it moving.
 *
 * <p>Nothing here does I/O, reads a clock or starts a thread; the same seed and the same calls at the same instants give
 * the same trades. May use the market's terms and rules only. {@code Exchange} has the time of all
 * stocks, {@code MatchingEngine} executes orders, {@code ActiveStocks} creates stocks at their first request. Add a kind of agent in
 * {@code Agents}, a rule of matching in {@code MatchingBook} and in its naive twin of the tests.
 */
@NullMarked
package kr.kisgateway.simulator.exchange;

import org.jspecify.annotations.NullMarked;
