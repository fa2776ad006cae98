/**
 * The judge of what a gateway did, apart from every line of the gateway. It knows what clients called and heard, what the
 * broker's own book says and, where somebody watched, what left when and what was on disk by then.
 */
@NullMarked
package kr.kisgateway.simulation.history;

import org.jspecify.annotations.NullMarked;
