/** What KIS's real-time records mean: TRs and keys, the status of a stock, ticks of US stocks. */
@NullMarked
package kr.kisgateway.gateway.kis.wire;

import org.jspecify.annotations.NullMarked;
