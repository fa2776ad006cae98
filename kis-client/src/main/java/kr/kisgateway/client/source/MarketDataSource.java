package kr.kisgateway.client.source;

import kr.kisgateway.market.Symbol;

/**
 * Where a program gets market data from, whoever it is. Every call blocks; call from virtual threads. What a source
 * cannot tell it refuses with {@link SourceFailure.Code#UNSUPPORTED_BY_SOURCE}; it never answers with something empty.
 */
public interface MarketDataSource extends AutoCloseable {
    /** Which source answers. */
    SourceType type();

    /** The price, and the figures of its day; look at {@link SourcePrice#asOf}. */
    SourceReply<SourcePrice> price(Symbol symbol);

    /** The order book with ten levels. */
    SourceReply<SourceBook> book(Symbol symbol);

    /** A chart of days, weeks, months or minutes. */
    SourceReply<SourceChart> chart(ChartRequest request);

    /** What the stock is. */
    SourceReply<StockInfo> info(Symbol symbol);

    /** Ends connections and threads. */
    @Override
    void close();
}
