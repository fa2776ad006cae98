/**
 * Price history: the daily and minute bars of a product up to the simulator's first day, drawn from the seed so that they
 * lead up to its first base price, and the recorded days of the simulator, which follow them. Independent of brokers and their
 * calls.
 */
@NullMarked
package kr.kisgateway.simulator.history;

import org.jspecify.annotations.NullMarked;
