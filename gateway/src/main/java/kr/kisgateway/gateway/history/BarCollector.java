package kr.kisgateway.gateway.history;

import java.util.Optional;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.MarketSymbol;

/** Collects the bars of queries from memory, from files and from the broker. */
interface BarCollector {
    /** The answer; blocks until the deadline of {@code context} at most. */
    Result<BarPage> bars(MarketSymbol symbol, BarQuery query, RequestContext context);

    /** The answer where all of it is in memory: no request is needed, and no file. */
    Optional<BarPage> findCached(MarketSymbol symbol, BarQuery query);

    /** Minimum calls to the broker for {@code query} when nothing is cached. */
    int expectedCalls(BarQuery query);

    /** Drops the cached and shared bars of {@code symbol}. */
    void invalidate(MarketSymbol symbol);

    /** Registers the meters of its cache. */
    void bindTo(Meters meters);
}
