package kr.kisgateway.gateway.orderbook;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;

/** Requests books. */
public interface BookSource {
    /** Blocks until there is an answer, or for {@link kr.kisgateway.gateway.cache.AnswerCache#CALL_LIMIT}. */
    Result<RestBook> fetch(Symbol symbol, String tenant);

    /**
     * A book in KIS's answer.
     *
     * @param expected expected match of an auction now, as far as KIS sends it
     * @param interrupted whether a volatility interruption (VI) is active
     */
    record RestBook(OrderBook book, Optional<Expected> expected, boolean interrupted) {}

    /**
     * The expected match (예상체결), in won and shares.
     *
     * @param change signed difference from the base price
     * @param changePct the same in percent
     */
    record Expected(long price, long qty, long change, BigDecimal changePct) {}
}
