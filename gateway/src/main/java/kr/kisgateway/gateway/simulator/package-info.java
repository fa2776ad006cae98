/** The control calls of the simulator that the gateway uses, for operators who see the gateway only. */
@NullMarked
package kr.kisgateway.gateway.simulator;

import org.jspecify.annotations.NullMarked;
