package kr.kisgateway.gateway.quote;

import java.util.Optional;
import kr.kisgateway.market.UsSymbol;

/**
 * The last order book of an American stock.
 *
 * @param feed by which feed it was pushed, the best level alone; absent for what was polled
 * @param atMs when it came, epoch milliseconds
 */
public record LastUsBook(UsSymbol symbol, UsBook book, Optional<UsFeed> feed, long atMs) {}
