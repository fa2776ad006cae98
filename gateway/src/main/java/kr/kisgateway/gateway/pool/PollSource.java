package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.gateway.quote.LastUsBook;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** Asks KIS by REST for what it does not push. Calls block; a free slot of the call budget is waited for inside. */
public interface PollSource {
    PollResult requestPrices(List<Symbol> symbols);

    PollResult requestBook(Symbol symbol);

    PollResult requestPrice(UsSymbol symbol);

    PollResult requestBook(UsSymbol symbol);

    /** Whether somebody waits for a price of his own; polling gives way then. */
    boolean hasWaitingCallers();

    /** Between two calls, so that polling takes no more than its part of the call budget. */
    Duration spacing();

    /** Symbols that one call for prices takes. */
    int batchMax();

    /** What came of a call. */
    sealed interface PollResult {
        /** Those of the symbols that KIS knows. */
        record Prices(List<PolledPrice> prices) implements PollResult {
            public Prices {
                prices = List.copyOf(prices);
            }
        }

        record Book(OrderBook book) implements PollResult {}

        record UsPrice(UsSymbol symbol, UsFigures figures) implements PollResult {}

        record UsBook(LastUsBook book) implements PollResult {}

        /**
         * @param refused whether KIS would not answer the question as it was, so that a smaller one may do
         * @param reason for the log
         */
        record Failed(boolean refused, String reason) implements PollResult {}
    }

    /**
     * A price and the day's figures, in won and shares.
     *
     * @param ask best ask, where KIS says it
     * @param bid best bid, where KIS says it
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
