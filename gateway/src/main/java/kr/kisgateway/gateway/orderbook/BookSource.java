package kr.kisgateway.gateway.orderbook;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.gateway.ask.CallResult;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;

/** Where books are asked for. */
public interface BookSource {
    /** Blocks until there is an answer, or for {@link kr.kisgateway.gateway.ask.SharedAnswers#CALL_LIMIT}. */
    CallResult<RestBook> fetch(Symbol symbol, String tenant);

    /**
     * A book as KIS answers it.
     *
     * @param expected what an auction would give now, as far as KIS tells
     * @param interrupted whether a volatility interruption (VI) is on
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
