package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** Requests from KIS by REST what it does not push. Calls block, including the wait for a free slot of the call budget. */
public interface PollSource {
    PollResult requestPrices(List<Symbol> symbols);

    PollResult requestPrice(UsSymbol symbol);

    PollResult requestBook(MarketSymbol symbol);

    /** Whether callers wait for a price; polling yields then. */
    boolean hasWaitingCallers();

    /** Time between two calls, so that polling takes no more than its part of the call budget. */
    Duration spacing();

    /** Symbols per price call. */
    int batchMax();

    /** Result of a call. */
    sealed interface PollResult {
        /** Prices of those symbols that KIS recognizes. */
        record Prices(List<PolledPrice> prices) implements PollResult {
            public Prices {
                prices = List.copyOf(prices);
            }
        }

        record Book(OrderBook book) implements PollResult {}

        record UsPrice(UsSymbol symbol, UsFigures figures) implements PollResult {}

        /**
         * @param refused whether KIS refused the request as it was, so that a smaller one may succeed
         * @param reason for the log
         */
        record Failed(boolean refused, String reason) implements PollResult {}
    }

    /**
     * A price and the day's figures, in won and shares.
     *
     * @param ask best ask, where KIS sends it
     * @param bid best bid, where KIS sends it
     */
    record PolledPrice(
            Symbol symbol,
            long price,
            long change,
            long open,
            long high,
            long low,
            OptionalLong ask,
            OptionalLong bid,
            long volume,
            long turnover) {}
}
