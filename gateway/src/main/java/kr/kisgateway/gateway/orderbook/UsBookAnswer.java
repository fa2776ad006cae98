package kr.kisgateway.gateway.orderbook;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.gateway.quote.UsFeed;
import kr.kisgateway.market.UsSession;

/**
 * An American book, where it came from and how old it is.
 *
 * @param depth levels a side that were asked for
 * @param tsMs when the pushed book came, in epoch milliseconds; absent for REST, which has no time of its own
 * @param feed by which of KIS's feeds it came; absent for REST
 */
record UsBookAnswer(
        Listed.Us listed,
        UsBook book,
        int depth,
        Source source,
        State state,
        OptionalLong tsMs,
        long ageMillis,
        UsSession session,
        Optional<UsFeed> feed) {}
