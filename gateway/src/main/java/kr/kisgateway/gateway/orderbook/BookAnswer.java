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
 * A book with its source and age.
 *
 * @param expected in an auction alone
 * @param tsMs receipt time of the pushed book, in epoch milliseconds; absent for REST, which has no time of its own
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
