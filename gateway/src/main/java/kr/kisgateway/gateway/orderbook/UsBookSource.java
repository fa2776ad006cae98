package kr.kisgateway.gateway.orderbook;

import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.market.UsSymbol;

/** Requests US books. */
public interface UsBookSource {
    /**
     * Blocks until there is an answer, or for {@link kr.kisgateway.gateway.cache.AnswerCache#CALL_LIMIT}.
     *
     * @param dayMarket whether to request the day market, which has a book of its own
     */
    Result<UsBook> fetch(UsSymbol symbol, boolean dayMarket, String tenant);
}
