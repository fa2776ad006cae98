package kr.kisgateway.api.quote;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.BatchCall;
import kr.kisgateway.api.json.ApiJson;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** The calls about quotes. */
public final class QuoteCalls {
    private QuoteCalls() {}

    /**
     * The quotes of a request for several symbols.
     *
     * @param quotes of the symbols that were answered, in the order of the request
     * @param missing which symbols failed; empty if none did
     */
    public record Quotes(List<AnyQuote> quotes, Optional<PartialQuotes.Meta> missing) {
        static Quotes read(String json) {
            JsonNode answer = ApiJson.tree(json);
            if (answer.isArray()) {
                return new Quotes(ApiJson.read(json, new TypeReference<List<AnyQuote>>() {}), Optional.empty());
            }
            var partial = ApiJson.read(answer, PartialQuotes.class);
            return new Quotes(partial.quotes(), Optional.of(partial.meta()));
        }
    }

    /** The quote of one instrument. */
    public static ApiCall<AnyQuote> quote(String symbol) {
        return quote(symbol, Optional.empty());
    }

    /**
     * The quote of one instrument, of a Korean stock on a venue.
     *
     * @param venue {@code KRX}, {@code NXT}, or {@code UNIFIED} for both together
     */
    public static ApiCall<AnyQuote> quote(String symbol, Optional<String> venue) {
        return ApiCall.get(
                new ApiCall.Path("/v1/quotes/" + ApiCall.encode(symbol))
                        .with("venue", venue)
                        .toString(),
                AnyQuote.class);
    }

    /** The quotes of at most 100 instruments. */
    public static ApiCall<Quotes> quotes(List<String> symbols) {
        return ApiCall.get(
                new ApiCall.Path("/v1/quotes")
                        .with("symbols", String.join(",", symbols))
                        .toString(),
                Quotes::read);
    }

    /** The quotes of at most 4,000 instruments, each as soon as it is known. */
    public static BatchCall<AnyQuote> batch(QuoteBatchRequest request) {
        return BatchCall.of("/v1/quotes/batch", request, line -> ApiJson.read(line, AnyQuote.class));
    }

    /** Metrics of market data since the start. */
    public static ApiCall<QuoteMetrics> metrics() {
        return ApiCall.get("/v1/metrics/quote", QuoteMetrics.class);
    }
}
