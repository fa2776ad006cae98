/**
 * The checker of a gateway's behaviour, independent of the gateway's code. Its input is the clients' calls and answers,
 * the broker's own book and, where the day was traced, what was sent when and what was durable by then.
 */
@NullMarked
package kr.kisgateway.simulation.history;

import org.jspecify.annotations.NullMarked;
