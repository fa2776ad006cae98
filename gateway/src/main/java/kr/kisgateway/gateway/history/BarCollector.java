package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.AnswerCache.Wait;
import kr.kisgateway.gateway.error.Refusal;
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

    /** A requester waits until its deadline for the same request of another one. */
    static Wait waitOf(RequestContext context, InstantSource clock) {
        return new Wait(Duration.between(clock.instant(), context.deadline()), timeoutRefusal(), timeoutRefusal());
    }

    static Refusal timeoutRefusal() {
        return Refusal.of(
                ErrorCode.UPSTREAM_TIMEOUT,
                "KIS did not answer all bars in time; retry: the bars received are cached.");
    }
}
