package kr.kisgateway.client.source;

import kr.kisgateway.market.Symbol;

/**
 * A source of market data, whatever its origin. Every call blocks; call from virtual threads. What a source
 * does not offer it refuses with {@link SourceFailure.Code#UNSUPPORTED_BY_SOURCE}; it never returns an empty answer instead.
 */
public interface MarketDataSource extends AutoCloseable {
    /** The type of this source. */
    SourceType type();

    /** The price, and the figures of its day; check {@link SourcePrice#asOf}. */
    SourceReply<SourcePrice> price(Symbol symbol);

    /** The order book with ten levels. */
    SourceReply<SourceBook> book(Symbol symbol);

    /** A chart of days, weeks, months or minutes. */
    SourceReply<SourceChart> chart(ChartRequest request);

    /** The listing data of a stock. */
    SourceReply<StockInfo> info(Symbol symbol);

    /** Closes connections and threads. */
    @Override
    void close();
}
