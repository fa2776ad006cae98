package kr.kisgateway.gateway.orderbook;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;

/** Requests books. */
public interface BookSource {
    /**
     * Blocks until there is an answer, or for {@link kr.kisgateway.gateway.cache.AnswerCache#CALL_LIMIT}.
     *
     * @param series which of the symbol's price series is requested
     */
    Result<RestBook> fetch(MarketSymbol symbol, PriceSeries series, String tenant);

    /**
     * A book in KIS's answer.
     *
     * @param expected expected match of an auction now, as far as KIS sends it
     * @param interrupted whether a volatility interruption (VI) is active
     */
    record RestBook(OrderBook book, Optional<Expected> expected, boolean interrupted) {
        /** A book of a source that knows neither auctions nor interruptions. */
        public static RestBook of(OrderBook book) {
            return new RestBook(book, Optional.empty(), false);
        }
    }

    /**
     * The expected match (예상체결), in won and shares.
     *
     * @param change signed difference from the base price
     * @param changePct the same in percent
     */
    record Expected(long price, long qty, long change, BigDecimal changePct) {}
}
