/** Bars: pages of Korean and US bars, their periods, the request of a batch. */
@NullMarked
package kr.kisgateway.api.bar;

import org.jspecify.annotations.NullMarked;
