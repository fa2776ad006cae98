/**
 * Halts, volatility interruptions and circuit breakers, as KIS pushes them (장운영정보).
 * {@link kr.kisgateway.gateway.interruption.StockStatusMonitor} stores the last status of each stock while its registration
 * exists, and reports which cached answers of a stock, or of a whole market, became invalid. The KIS side is in {@code kis},
 * the registration in {@code pool}.
 */
@NullMarked
package kr.kisgateway.gateway.interruption;

import org.jspecify.annotations.NullMarked;
