package kr.kisgateway.api.bar;

import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.BatchCall;
import kr.kisgateway.api.json.ApiJson;
import tools.jackson.databind.JsonNode;

/** The calls about bars. */
public final class BarCalls {
    private BarCalls() {}

    /**
     * Which bars of an instrument.
     *
     * @param period 1m, 3m, 5m, 10m, 30m, 60m, D, W, M or Y
     * @param from the oldest: a date, of minutes a date with a time
     * @param to the newest
     * @param limit at most 1,000; without one 100
     * @param cursor {@code next_cursor} of the page before
     * @param adjusted whether prices before a split are adjusted; without it they are
     */
    public record Query(
            String symbol,
            String period,
            Optional<String> from,
            Optional<String> to,
            OptionalInt limit,
            Optional<String> cursor,
            Optional<Boolean> adjusted) {}

    /** One page of bars, newest first. */
    public static ApiCall<AnyBarPage> bars(Query query) {
        return ApiCall.get(
                new ApiCall.Path("/v1/bars/" + ApiCall.encode(query.symbol()))
                        .with("period", query.period())
                        .with("from", query.from())
                        .with("to", query.to())
                        .with("limit", query.limit())
                        .with("cursor", query.cursor())
                        .with("adjusted", query.adjusted())
                        .toString(),
                json -> page(ApiJson.tree(json)));
    }

    /** One page of bars of each of at most 4,000 instruments, each as soon as it is known. */
    public static BatchCall<AnyBarPage> batch(BarBatchRequest request) {
        return BatchCall.of("/v1/bars/batch", request, BarCalls::page);
    }

    /** Both pages have the same fields; the symbol decides. */
    private static AnyBarPage page(JsonNode page) {
        boolean isUs = page.path("symbol").asString("").contains(".");
        return isUs ? ApiJson.read(page, UsBarPage.class) : ApiJson.read(page, BarPage.class);
    }
}
