package kr.kisgateway.gateway.quote;

import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.UsSymbol;

/** Requests US prices. */
public interface UsQuoteSource {
    /**
     * Blocks until there is an answer, or for {@link kr.kisgateway.gateway.cache.AnswerCache#CALL_LIMIT}.
     *
     * @param dayMarket whether to request the day market, which has prices of its own
     */
    Result<UsFigures> fetch(UsSymbol symbol, boolean dayMarket, String tenant);
}
