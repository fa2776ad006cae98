package kr.kisgateway.gateway.feed;

import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.market.MarketSymbol;

/** Receives the pushes of a {@link MarketFeed}. Called on the sockets' threads, must not block. */
public interface FeedListener {
    /** Receives nothing. */
    FeedListener NONE = new FeedListener() {
        @Override
        public void trade(LastTick last) {
            // receives nothing
        }

        @Override
        public void book(LastBook book) {
            // receives nothing
        }

        @Override
        public void tradesMissed(MarketSymbol symbol, GapCause cause) {
            // receives nothing
        }

        @Override
        public void booksMissed(MarketSymbol symbol, GapCause cause) {
            // receives nothing
        }

        @Override
        public void sessionChanged() {
            // receives nothing
        }
    };

    /** A trade; {@code last} is the store's new state. */
    void trade(LastTick last);

    /** An order book. */
    void book(LastBook book);

    /** Trades of {@code symbol} were lost upstream, and quotes with them. */
    void tradesMissed(MarketSymbol symbol, GapCause cause);

    /** Books of {@code symbol} were lost upstream. */
    void booksMissed(MarketSymbol symbol, GapCause cause);

    /** The state of a socket changed. */
    void sessionChanged();
}
