package kr.kisgateway.gateway.orderbook;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.orderbook.BookSource.Expected;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Session;

/**
 * A book, where it came from and how old it is.
 *
 * @param expected in an auction alone
 * @param tsMs when the pushed book came, in epoch milliseconds; absent for REST, which has no time of its own
 */
record BookAnswer(
        Instrument instrument,
        OrderBook book,
        Optional<Expected> expected,
        Source source,
        State state,
        OptionalLong tsMs,
        long ageMillis,
        Session session) {}
