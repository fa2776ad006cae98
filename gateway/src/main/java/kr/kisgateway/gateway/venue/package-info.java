/**
 * The choice between KRX and NXT for orders that leave it open: rules, the figures that they compare, and what was chosen. Pure.
 */
@NullMarked
package kr.kisgateway.gateway.venue;

import org.jspecify.annotations.NullMarked;
