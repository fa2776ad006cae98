package kr.kisgateway.gateway.stream;

import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;

/**
 * Hears everything that the hub is told of Korean symbols, and of others what is missing, on the thread that tells it; must
 * not wait.
 */
public interface FeedTap {
    /** Nobody. */
    FeedTap NONE = new FeedTap() {
        @Override
        public void trade(LastTick last) {
            // nobody hears it
        }

        @Override
        public void book(OrderBook book, long atMs) {
            // nobody hears it
        }

        @Override
        public void gap(Channel channel, MarketSymbol symbol, GapCause cause) {
            // nobody hears it
        }

        @Override
        public void deliveryChanged(Channel channel, MarketSymbol symbol, DeliveryMode mode) {
            // nobody hears it
        }
    };

    /** A trade was pushed. */
    void trade(LastTick last);

    /** A book came, pushed or asked for. */
    void book(OrderBook book, long atMs);

    /** Values of {@code TRADES} or {@code BOOKS} are missing between the last one and now. */
    void gap(Channel channel, MarketSymbol symbol, GapCause cause);

    /** From now on they come in another way. */
    void deliveryChanged(Channel channel, MarketSymbol symbol, DeliveryMode mode);
}
