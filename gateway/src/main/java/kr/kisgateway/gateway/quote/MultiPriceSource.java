package kr.kisgateway.gateway.quote;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Symbol;

/** Asks KIS for the prices of several symbols with one call. */
public interface MultiPriceSource {
    /** Symbols of one call. */
    int groupSizeMax();

    /**
     * Blocks until there is an answer or {@code deadline} passes.
     *
     * @param symbols different ones, {@link #groupSizeMax} at most
     * @param tenant whose share of the call budget it is
     */
    Answer requestPrices(List<Symbol> symbols, String tenant, Instant deadline);

    /** The outcome of one call. */
    sealed interface Answer {
        /** @param prices of the symbols that KIS knows */
        record Success(Map<Symbol, Price> prices) implements Answer {}

        record Failure(Refusal refusal) implements Answer {}
    }

    /**
     * @param bid best bid in won; 0 when there is none
     * @param requestPrices best ask in won; 0 when there is none
     */
    record Price(RestQuote quote, long bid, long ask) {}
}
