package kr.kisgateway.gateway.quote;

import kr.kisgateway.market.OrderBook;

/** The last pushed book of a symbol and its receipt time, in epoch milliseconds. */
public record LastBook(OrderBook book, long atMs) {}
