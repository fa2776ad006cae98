/** Quotes of Korean and US instruments, and the metrics of market data. */
@NullMarked
package kr.kisgateway.api.quote;

import org.jspecify.annotations.NullMarked;
