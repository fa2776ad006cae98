package kr.kisgateway.gateway.orderbook;

import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.UsSession;

/** An American book, where it came from and how old it is. */
record UsBookAnswer(Listed.Us listed, UsBook book, Source source, State state, long ageMillis, UsSession session) {}
