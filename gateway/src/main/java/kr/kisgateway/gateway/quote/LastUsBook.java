package kr.kisgateway.gateway.quote;

import java.util.Optional;
import kr.kisgateway.market.UsSymbol;

/**
 * The last order book of a US stock.
 *
 * @param feed feed that pushed it, with the best level alone; absent for a polled book
 * @param atMs receipt time, epoch milliseconds
 */
public record LastUsBook(UsSymbol symbol, UsBook book, Optional<UsFeed> feed, long atMs) {}
