package kr.kisgateway.gateway.stream;

import kr.kisgateway.market.OrderBook;

/** A book and its receipt time, in epoch milliseconds. */
record TimedBook(OrderBook book, long atMs) {}
