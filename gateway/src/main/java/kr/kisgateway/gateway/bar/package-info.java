/**
 * Minute bars built from trades. {@link kr.kisgateway.gateway.bar.BarSeries} is the pure builder of one symbol: no clock, no
 * thread. The day's volume in every trade reveals missing, late and duplicate trades, so a bar always states whether it is
 * complete. {@link kr.kisgateway.gateway.bar.MinuteSource} fills gaps.
 */
@NullMarked
package kr.kisgateway.gateway.bar;

import org.jspecify.annotations.NullMarked;
