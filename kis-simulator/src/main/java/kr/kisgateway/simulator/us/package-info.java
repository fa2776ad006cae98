/**
 * The US market: exchange, accounts in dollars and their orders. Prices and amounts are whole ten-thousandths of a dollar.
 *
 * <p>It shares book, tape and agents with the Korean exchange and knows nothing of sockets, calls or files: what is to be
 * kept comes out as {@link kr.kisgateway.simulator.us.UsRecord}s, what is to be told as notices.
 */
@NullMarked
package kr.kisgateway.simulator.us;

import org.jspecify.annotations.NullMarked;
