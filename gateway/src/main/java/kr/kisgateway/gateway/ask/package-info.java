/**
 * Asking KIS once for everybody who wants to know the same: {@link kr.kisgateway.gateway.ask.SingleFlight} joins those who
 * ask at the same moment. Knows nothing of what is asked; a capability says what its answers and failures are.
 */
@NullMarked
package kr.kisgateway.gateway.ask;

import org.jspecify.annotations.NullMarked;
