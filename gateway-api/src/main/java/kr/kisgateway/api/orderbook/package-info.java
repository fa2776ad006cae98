/** Order books of Korean and US instruments. */
@NullMarked
package kr.kisgateway.api.orderbook;

import org.jspecify.annotations.NullMarked;
