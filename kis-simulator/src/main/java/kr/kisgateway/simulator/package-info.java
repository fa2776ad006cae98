/**
 * A KIS on your own machine: it speaks KIS's REST and WebSocket on a loopback port, matches orders in a real book, keeps
 * its accounts on disk and breaks on demand.
 *
 * <p>Start it with {@link kr.kisgateway.simulator.KisSimulator} inside a program or {@link
 * kr.kisgateway.simulator.SimulatorMain} as a process of its own. It shares no code with the client but the words of the
 * market.
 */
@NullMarked
package kr.kisgateway.simulator;

import org.jspecify.annotations.NullMarked;
