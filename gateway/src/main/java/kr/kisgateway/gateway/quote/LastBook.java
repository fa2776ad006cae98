package kr.kisgateway.gateway.quote;

import java.util.Optional;
import kr.kisgateway.market.OrderBook;

/**
 * The last order book of a symbol.
 *
 * @param feed feed that pushed it; absent for a polled book
 * @param atMs receipt time, epoch milliseconds
 */
public record LastBook(OrderBook book, Optional<PushFeed> feed, long atMs) {}
