/**
 * The US market: exchange and orders in dollars. Prices and amounts are whole ten-thousandths of a dollar.
 *
 * <p>It shares time, book, tape, agents and history with the Korean exchange and is independent of sockets, calls and files: what must be stored
 * is returned as {@link kr.kisgateway.simulator.entity.Change}s, what must be sent as notices.
 */
@NullMarked
package kr.kisgateway.simulator.us;

import org.jspecify.annotations.NullMarked;
