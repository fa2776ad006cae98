/**
 * Bars (봉) of a minute, a day or a year. {@link kr.kisgateway.gateway.history.BarService} answers them from memory, from the
 * files of the history and from KIS, in this order, and reports incomplete answers.
 *
 * <p>US bars come from {@link kr.kisgateway.gateway.history.UsBarService}, from memory and KIS alone.
 *
 * <p>A new source of bars implements {@link kr.kisgateway.gateway.history.BarSource}.
 */
@NullMarked
package kr.kisgateway.gateway.history;

import org.jspecify.annotations.NullMarked;
