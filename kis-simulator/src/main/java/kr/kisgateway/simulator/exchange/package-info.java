/**
 * The exchange inside the simulator: one price-time order book for each live stock, the day's figures beside it, and the
 * seeded agents (market makers, takers) that keep it moving.
 *
 * <p>Nothing here does I/O, reads a clock or starts a thread; the same seed and the same calls at the same instants give
 * the same trades. May use the market's terms and rules only. {@code ActiveMarket} runs the time of the stocks of any market,
 * {@code CatchUp} computes what no program saw; {@code Exchange} is the Korean market, {@code MatchingEngine} executes its
 * orders, {@code ActiveStocks} creates its stocks at their first request. Add a kind of agent in {@code Agents}, a rule of
 * matching in {@code MatchingBook} and in its naive twin of the tests.
 */
@NullMarked
package kr.kisgateway.simulator.exchange;

import org.jspecify.annotations.NullMarked;
