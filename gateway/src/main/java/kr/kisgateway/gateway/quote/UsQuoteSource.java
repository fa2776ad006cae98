package kr.kisgateway.gateway.quote;

import kr.kisgateway.gateway.ask.CallResult;
import kr.kisgateway.market.UsSymbol;

/** Where American prices are asked for. */
public interface UsQuoteSource {
    /**
     * Blocks until there is an answer, or for {@link kr.kisgateway.gateway.ask.SharedAnswers#CALL_LIMIT}.
     *
     * @param dayMarket whether the day market is meant, which has prices of its own
     */
    CallResult<UsFigures> fetch(UsSymbol symbol, boolean dayMarket, String tenant);
}
