/**
 * Bars (봉) of a minute, a day or a year. {@link kr.kisgateway.gateway.history.BarService}, one for each market, answers them
 * from memory, from the files of the history and from KIS, in this order, and reports incomplete answers. The files are of one
 * form in all markets, in a folder for each.
 *
 * <p>A new source of bars implements {@link kr.kisgateway.gateway.history.BarSource} where it has ranges of a market's bars, or
 * {@link kr.kisgateway.gateway.history.BarPageSource} where it has pages.
 */
@NullMarked
package kr.kisgateway.gateway.history;

import org.jspecify.annotations.NullMarked;
