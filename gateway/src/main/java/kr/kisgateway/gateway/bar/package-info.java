/**
 * Bars of minutes out of trades. {@link kr.kisgateway.gateway.bar.BarSeries} is the pure builder of one symbol: no clock, no
 * thread. The day's volume that every trade carries tells it what is missing, what is late and what came twice, so a
 * bar always says whether it has everything. {@link kr.kisgateway.gateway.bar.MinuteSource} fills in what is missing.
 */
@NullMarked
package kr.kisgateway.gateway.bar;

import org.jspecify.annotations.NullMarked;
