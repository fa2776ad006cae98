package kr.kisgateway.gateway.quote;

import java.time.Instant;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/** Asks KIS for one price. */
@FunctionalInterface
public interface QuoteSource {
    /**
     * Blocks until there is an answer or {@code deadline} passes.
     *
     * @param venue KRX or NXT
     * @param tenant whose share of the call budget it is
     */
    PriceResult fetch(Symbol symbol, Venue venue, String tenant, Instant deadline);

    /** The outcome of asking. */
    sealed interface PriceResult {
        record Success(RestQuote quote) implements PriceResult {}

        /**
         * No price. The code tells why: {@code REST_RATE_LIMIT_COOLDOWN} when KIS refused for its call rate,
         * {@code UPSTREAM_TIMEOUT}, {@code QUEUE_TIMEOUT}, {@code SYMBOL_NOT_FOUND} or {@code QUOTE_UNAVAILABLE}.
         */
        record Failure(Refusal refusal) implements PriceResult {}
    }
}
