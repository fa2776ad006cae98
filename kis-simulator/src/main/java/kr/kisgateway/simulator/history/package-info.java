/**
 * What was before: the daily and minute bars of a thing up to the simulator's first day, drawn from the seed so that they
 * lead up to its first base price, and the days that the simulator itself lived through, which follow them. Knows nothing
 * of brokers and their calls.
 */
@NullMarked
package kr.kisgateway.simulator.history;

import org.jspecify.annotations.NullMarked;
