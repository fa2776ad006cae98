/** The market data that a broker pushes: the port that its adapter implements, and what listens to it. */
@NullMarked
package kr.kisgateway.gateway.feed;

import org.jspecify.annotations.NullMarked;
