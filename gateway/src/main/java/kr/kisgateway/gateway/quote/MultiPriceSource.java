package kr.kisgateway.gateway.quote;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Symbol;

/** Requests the prices of several symbols from KIS with one call. */
public interface MultiPriceSource {
    /** Symbols per call. */
    int groupSizeMax();

    /**
     * The prices of those of {@code symbols} that KIS recognizes. Blocks until the answer or until {@code deadline}.
     *
     * @param symbols distinct, at most {@link #groupSizeMax}
     * @param tenant whose share of the call budget is used
     */
    Result<Map<Symbol, Price>> requestPrices(List<Symbol> symbols, String tenant, Instant deadline);

    /**
     * @param bid best bid in won; 0 when there is none
     * @param ask best ask in won; 0 when there is none
     */
    record Price(RestQuote quote, long bid, long ask) {}
}
