package kr.kisgateway.gateway.quote;

import java.time.Instant;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;

/** Requests one price from KIS. */
@FunctionalInterface
public interface QuoteSource {
    /**
     * Blocks until the answer or until {@code deadline}. The code of a refusal is {@code REST_RATE_LIMIT_COOLDOWN} when KIS
     * refused for its call rate, {@code UPSTREAM_TIMEOUT}, {@code QUEUE_TIMEOUT}, {@code SYMBOL_NOT_FOUND} or {@code
     * QUOTE_UNAVAILABLE}.
     *
     * @param series which of the symbol's price series is requested
     * @param tenant whose share of the call budget is used
     */
    Result<RestQuote> fetch(MarketSymbol symbol, PriceSeries series, String tenant, Instant deadline);
}
