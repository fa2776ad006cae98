/**
 * Terms and rules of the markets: instruments, and the prices and times that an exchange allows.
 *
 * <p>Everything here is a value or a pure function over dated tables. Nothing reads a clock, a socket or a file outside
 * the module's own resources. Add a rule as a new dated row, never as an {@code if} on today's date.
 */
@NullMarked
package kr.kisgateway.market;

import org.jspecify.annotations.NullMarked;
