/**
 * Halts, volatility interruptions and circuit breakers, as KIS pushes them (장운영정보).
 * {@link kr.kisgateway.gateway.interruption.StockStatusMonitor} keeps the last word about each stock while its registration stands, and
 * says what is wrong from now on of all that is kept of a stock, or of a whole market. How KIS tells it stands in {@code kis}, who
 * registers it in {@code pool}.
 */
@NullMarked
package kr.kisgateway.gateway.interruption;

import org.jspecify.annotations.NullMarked;
