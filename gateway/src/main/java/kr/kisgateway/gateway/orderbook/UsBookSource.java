package kr.kisgateway.gateway.orderbook;

import kr.kisgateway.gateway.ask.CallResult;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.market.UsSymbol;

/** Where American books are asked for. */
public interface UsBookSource {
    /**
     * Blocks until there is an answer, or for {@link kr.kisgateway.gateway.ask.SharedAnswers#CALL_LIMIT}.
     *
     * @param dayMarket whether the day market is meant, which has a book of its own
     */
    CallResult<UsBook> fetch(UsSymbol symbol, boolean dayMarket, String tenant);
}
