/** Adapter to the Open API of the exchange KRX: daily lists of all stocks, within its calls a day. */
@NullMarked
package kr.kisgateway.gateway.krx;

import org.jspecify.annotations.NullMarked;
