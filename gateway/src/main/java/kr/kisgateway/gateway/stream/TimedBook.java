package kr.kisgateway.gateway.stream;

import kr.kisgateway.market.OrderBook;

/** A book and when it came, in epoch milliseconds. */
record TimedBook(OrderBook book, long atMs) {}
