package kr.kisgateway.gateway.quote;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Symbol;

/** Requests the prices of several symbols from KIS with one call. */
public interface MultiPriceSource {
    /** Symbols per call. */
    int groupSizeMax();

    /**
     * Blocks until the answer or until {@code deadline}.
     *
     * @param symbols distinct, at most {@link #groupSizeMax}
     * @param tenant whose share of the call budget is used
     */
    Answer requestPrices(List<Symbol> symbols, String tenant, Instant deadline);

    /** The outcome of one call. */
    sealed interface Answer {
        /** @param prices of the symbols that KIS recognizes */
        record Success(Map<Symbol, Price> prices) implements Answer {}

        record Failure(Refusal refusal) implements Answer {}
    }

    /**
     * @param bid best bid in won; 0 when there is none
     * @param ask best ask in won; 0 when there is none
     */
    record Price(RestQuote quote, long bid, long ask) {}
}
