/**
 * The accounts and orders of every market: cash by settlement day, shares, reservations, the booking of fills and the end of
 * orders. {@code Ledger} is one market's, in its currency; {@code AccountRules} are the market's policy.
 *
 * <p>What differs is in a subclass of {@code Ledger} and one of {@code Order}: which orders are valid, how they execute and
 * where they rest ({@code broker} for Korea, {@code us} for America). It knows no call, socket or file.
 */
@NullMarked
package kr.kisgateway.simulator.account;

import org.jspecify.annotations.NullMarked;
