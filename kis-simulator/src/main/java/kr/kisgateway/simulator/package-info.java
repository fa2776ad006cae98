/**
 * A KIS on your own machine: it serves KIS's REST and WebSocket on a loopback port, matches orders in a real book, stores
 * its accounts on disk and fails on demand.
 *
 * <p>Start it with {@link kr.kisgateway.simulator.KisSimulator} inside a program or {@link
 * kr.kisgateway.simulator.SimulatorMain} as a process of its own. It shares no code with the client but the market's
 * terms.
 */
@NullMarked
package kr.kisgateway.simulator;

import org.jspecify.annotations.NullMarked;
