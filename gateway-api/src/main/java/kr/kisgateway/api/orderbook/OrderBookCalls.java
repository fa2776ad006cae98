package kr.kisgateway.api.orderbook;

import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.json.ApiJson;
import tools.jackson.databind.JsonNode;

/** The calls about order books. */
public final class OrderBookCalls {
    private OrderBookCalls() {}

    /** The order book of one instrument with the best {@code depth} levels a side; without one ten. */
    public static ApiCall<AnyOrderBook> orderBook(String symbol, OptionalInt depth) {
        return orderBook(symbol, depth, Optional.empty());
    }

    /**
     * The same of a venue.
     *
     * @param venue {@code KRX}, {@code NXT}, or {@code UNIFIED} for both together
     */
    public static ApiCall<AnyOrderBook> orderBook(String symbol, OptionalInt depth, Optional<String> venue) {
        return ApiCall.get(
                new ApiCall.Path("/v1/orderbooks/" + ApiCall.encode(symbol))
                        .with("depth", depth)
                        .with("venue", venue)
                        .toString(),
                json -> book(ApiJson.tree(json)));
    }

    /** The better bid and ask of KRX and NXT of one Korean stock. */
    public static ApiCall<ConsolidatedBest> best(String symbol) {
        return ApiCall.get("/v1/orderbooks/" + ApiCall.encode(symbol) + "/best", ConsolidatedBest.class);
    }

    /** A Korean book has no field of its own; the symbol decides. */
    private static AnyOrderBook book(JsonNode book) {
        boolean isUs = book.path("symbol").asString("").contains(".");
        return isUs ? ApiJson.read(book, UsOrderBook.class) : ApiJson.read(book, OrderBook.class);
    }
}
