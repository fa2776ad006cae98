/**
 * What the accounts of both markets have in common, whatever their currency: open orders and the cost basis of shares.
 *
 * <p>It knows no broker, market or file. The accounts themselves are in {@code broker} (won) and {@code us} (dollars).
 */
@NullMarked
package kr.kisgateway.simulator.account;

import org.jspecify.annotations.NullMarked;
