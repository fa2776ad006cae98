/** The simulator that the gateway uses. */
@NullMarked
package kr.kisgateway.api.simulator;

import org.jspecify.annotations.NullMarked;
