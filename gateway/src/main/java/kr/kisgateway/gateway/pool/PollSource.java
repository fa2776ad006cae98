package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.util.List;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;

/** Requests from KIS by REST what it does not push. Calls block, including the wait for a free slot of the call budget. */
public interface PollSource {
    /** @param symbols of one market; as many as {@link #batchMax} of Korea, one of others */
    PollResult requestPrices(List<MarketSymbol> symbols);

    PollResult requestBook(MarketSymbol symbol);

    /** Whether callers wait for a price; polling yields then. */
    boolean hasWaitingCallers();

    /** Time between two calls, so that polling takes no more than its part of the call budget. */
    Duration spacing();

    /** Korean symbols per price call. */
    int batchMax();

    /** Result of a call. */
    sealed interface PollResult {
        /**
         * Prices of those symbols that KIS recognizes, each a trade of no shares with the day's figures; a best price that KIS does
         * not send is 0.
         */
        record Prices(List<Trade> prices) implements PollResult {
            public Prices {
                prices = List.copyOf(prices);
            }
        }

        record Book(OrderBook book) implements PollResult {}

        /**
         * @param refused whether KIS refused the request as it was, so that a smaller one may succeed
         * @param reason for the log
         */
        record Failed(boolean refused, String reason) implements PollResult {}
    }
}
