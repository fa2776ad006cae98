package kr.kisgateway.gateway.broker;

import java.util.OptionalInt;
import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.MarketSymbol;

/** The sessions with the broker, for quotes and operators. */
public interface BrokerSession extends SessionView, Feed {
    /** Whether the broker has confirmed the registration of books of {@code symbol}, without a gap since. */
    boolean isBookLive(MarketSymbol symbol);

    /**
     * The least delay, in whole seconds, of the last minute's trades, from the exchange's time until they are received; negative where
     * this clock is behind the exchange's, empty where it is unknown.
     */
    default OptionalInt leastDelaySeconds() {
        return OptionalInt.empty();
    }
}
