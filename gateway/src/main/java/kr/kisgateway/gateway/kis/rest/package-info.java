/** Prices, books, bars, the account and orders by KIS's REST calls. */
@NullMarked
package kr.kisgateway.gateway.kis.rest;

import org.jspecify.annotations.NullMarked;
