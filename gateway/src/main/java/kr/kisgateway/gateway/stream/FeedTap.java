package kr.kisgateway.gateway.stream;

import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.market.MarketSymbol;

/** Receives every value that reaches the hub, and the gaps of all symbols, on the publishing thread; must not block. */
public interface FeedTap {
    /** Ignores everything. */
    FeedTap NONE = new FeedTap() {
        @Override
        public void trade(LastTick last) {
            // ignored
        }

        @Override
        public void book(LastBook book) {
            // ignored
        }

        @Override
        public void gap(Channel channel, MarketSymbol symbol, GapCause cause) {
            // ignored
        }

        @Override
        public void deliveryChanged(Channel channel, MarketSymbol symbol, DeliveryMode mode) {
            // ignored
        }
    };

    /** A trade was pushed. */
    void trade(LastTick last);

    /** Figures were polled; they are no trade. */
    default void polled(LastTick last) {
        // of interest to those who pass on quotes
    }

    /** A book was received, pushed or requested. */
    void book(LastBook book);

    /** Values of {@code TRADES} or {@code BOOKS} are missing between the last one and now. */
    void gap(Channel channel, MarketSymbol symbol, GapCause cause);

    /** Values now arrive by another delivery mode. */
    void deliveryChanged(Channel channel, MarketSymbol symbol, DeliveryMode mode);

    /** Both taps, one after the other. */
    default FeedTap and(FeedTap next) {
        var first = this;
        return new FeedTap() {
            @Override
            public void trade(LastTick last) {
                first.trade(last);
                next.trade(last);
            }

            @Override
            public void polled(LastTick last) {
                first.polled(last);
                next.polled(last);
            }

            @Override
            public void book(LastBook book) {
                first.book(book);
                next.book(book);
            }

            @Override
            public void gap(Channel channel, MarketSymbol symbol, GapCause cause) {
                first.gap(channel, symbol, cause);
                next.gap(channel, symbol, cause);
            }

            @Override
            public void deliveryChanged(Channel channel, MarketSymbol symbol, DeliveryMode mode) {
                first.deliveryChanged(channel, symbol, mode);
                next.deliveryChanged(channel, symbol, mode);
            }
        };
    }
}
