package kr.kisgateway.client.source;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import kr.kisgateway.market.Symbol;

/**
 * An order book (호가), up to ten levels a side, best first. Prices in won, quantities in shares.
 *
 * @param symbol short code
 * @param bids buy side
 * @param asks sell side
 * @param totalBidQuantity bid on all levels, visible or not
 * @param totalAskQuantity offered on all levels, visible or not
 * @param asOf its time
 */
public record SourceBook(
        Symbol symbol, List<Level> bids, List<Level> asks, long totalBidQuantity, long totalAskQuantity, AsOf asOf)
        implements SourceValue {
    /**
     * One price of the book.
     *
     * @param orders number of orders at this price, where the source has it
     */
    public record Level(long price, long quantity, OptionalLong orders) implements SourceValue {
        @Override
        public String kind() {
            return "level";
        }

        @Override
        public Map<String, Object> fields() {
            return new Fields()
                    .with("price", price)
                    .with("quantity", quantity)
                    .with("orders", orders)
                    .map();
        }
    }

    public SourceBook {
        bids = List.copyOf(bids);
        asks = List.copyOf(asks);
    }

    /** The highest bid; empty without bids. */
    public OptionalLong bestBid() {
        return best(bids);
    }

    /** The lowest ask; empty without asks. */
    public OptionalLong bestAsk() {
        return best(asks);
    }

    /** Best ask less best bid; empty when a side is empty. */
    public OptionalLong spread() {
        return bids.isEmpty() || asks.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(asks.getFirst().price() - bids.getFirst().price());
    }

    @Override
    public String kind() {
        return "book";
    }

    @Override
    public Map<String, Object> fields() {
        return new Fields()
                .with("symbol", symbol.code())
                .with("bids", bids)
                .with("asks", asks)
                .with("total_bid_quantity", totalBidQuantity)
                .with("total_ask_quantity", totalAskQuantity)
                .with("best_bid", bestBid())
                .with("best_ask", bestAsk())
                .with("spread", spread())
                .with("as_of", asOf.text())
                .map();
    }

    private static OptionalLong best(List<Level> side) {
        return side.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(side.getFirst().price());
    }
}
