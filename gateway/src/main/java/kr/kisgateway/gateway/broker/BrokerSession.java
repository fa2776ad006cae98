package kr.kisgateway.gateway.broker;

import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.MarketSymbol;

/** The sessions with the broker, for quotes and operators. */
public interface BrokerSession extends SessionView, Feed {
    /** Whether the broker has confirmed the registration of books of {@code symbol}, without a gap since. */
    boolean isBookLive(MarketSymbol symbol);
}
