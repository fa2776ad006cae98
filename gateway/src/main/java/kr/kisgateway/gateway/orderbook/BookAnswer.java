package kr.kisgateway.gateway.orderbook;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.orderbook.BookSource.Expected;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.MarketSession;
import kr.kisgateway.market.OrderBook;

/**
 * A book with its source and age.
 *
 * @param depth levels of a side that are asked for
 * @param expected in an auction alone
 * @param tsMs receipt time of the pushed book, in epoch milliseconds; absent for REST, which has no time of its own
 * @param feed feed that pushed it; absent for REST
 */
public record BookAnswer(
        Listed listed,
        OrderBook book,
        int depth,
        Optional<Expected> expected,
        Source source,
        State state,
        OptionalLong tsMs,
        long ageMillis,
        MarketSession session,
        Optional<PushFeed> feed) {}
