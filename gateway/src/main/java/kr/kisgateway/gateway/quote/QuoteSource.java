package kr.kisgateway.gateway.quote;

import java.time.Instant;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/** Requests one price from KIS. */
@FunctionalInterface
public interface QuoteSource {
    /**
     * Blocks until the answer or until {@code deadline}. The code of a refusal is {@code REST_RATE_LIMIT_COOLDOWN} when KIS
     * refused for its call rate, {@code UPSTREAM_TIMEOUT}, {@code QUEUE_TIMEOUT}, {@code SYMBOL_NOT_FOUND} or {@code
     * QUOTE_UNAVAILABLE}.
     *
     * @param venue KRX or NXT
     * @param tenant whose share of the call budget is used
     */
    Result<RestQuote> fetch(Symbol symbol, Venue venue, String tenant, Instant deadline);
}
