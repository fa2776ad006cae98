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
 * A US book with its source and age.
 *
 * @param depth requested levels per side
 * @param tsMs receipt time of the pushed book, in epoch milliseconds; absent for REST, which has no time of its own
 * @param feed feed that pushed it; absent for REST
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
