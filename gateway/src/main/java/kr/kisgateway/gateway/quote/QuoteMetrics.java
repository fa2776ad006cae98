package kr.kisgateway.gateway.quote;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import kr.kisgateway.api.quote.CacheFigures;
import kr.kisgateway.api.quote.QuoteMetrics.Stream;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.http.Caller;

/** The figures of {@code /v1/metrics/quote}, collected on request. */
public final class QuoteMetrics {
    private final QuoteStore store;
    private final Quotes allQuotes;
    private final QuoteRule rule;
    private final Feed feed;
    private final InstantSource clock;
    private final Supplier<Stream> stream;
    private final Supplier<SharedCache.Stats> sharedStats;
    private final Supplier<List<CacheStats>> caches;

    /**
     * @param stream figures of the stream
     * @param sharedStats statistics of the shared cache
     * @param caches all other caches
     */
    public QuoteMetrics(
            QuoteStore store,
            Quotes allQuotes,
            QuoteRule rule,
            Feed feed,
            InstantSource clock,
            Supplier<Stream> stream,
            Supplier<SharedCache.Stats> sharedStats,
            Supplier<List<CacheStats>> caches) {
        this.sharedStats = sharedStats;
        this.stream = stream;
        this.caches = caches;
        this.store = store;
        this.allQuotes = allQuotes;
        this.rule = rule;
        this.feed = feed;
        this.clock = clock;
    }

    /** Symbols hidden from {@code caller} are counted and not named. */
    kr.kisgateway.api.quote.QuoteMetrics figures(Caller caller) {
        var now = clock.instant();
        var status = feed.feedStatus();
        var batch = allQuotes.lastStats();
        var sharedCacheStats = sharedStats.get();
        return new kr.kisgateway.api.quote.QuoteMetrics(
                sum(QuoteService::cachedSymbols),
                store.messages(),
                store.upserts(),
                sum(QuoteService::staleSymbols),
                sum(QuoteService::restFallbacks),
                status.connected(),
                status.connected() && rule.isFeedAlive(status.lastActivityAt(), now),
                seconds(status.lastMessageAt()),
                seconds(status.lastHeartbeatAt()),
                status.lastError(),
                status.reconnects(),
                batch.rest() > 0,
                batch.rest(),
                batch.pushed(),
                batch.targets(),
                batch.finals(),
                rule.isPushHour(rule.session(now)),
                batch.failed().stream().filter(caller::mayReadSymbol).toList(),
                batch.targets() - batch.finals(),
                sum(QuoteService::restCalls),
                sum(QuoteService::cacheAnswers),
                sum(QuoteService::fallbacks),
                sum(QuoteService::invalidated),
                sharedCacheStats.hits(),
                sharedCacheStats.misses(),
                sharedCacheStats.failures(),
                store.refused(),
                stream.get(),
                cacheFigures());
    }

    private long sum(ToLongFunction<QuoteService> figure) {
        return allQuotes.services().stream().mapToLong(figure).sum();
    }

    private Map<String, CacheFigures> cacheFigures() {
        var figures = new LinkedHashMap<String, CacheFigures>();
        allQuotes.services().stream()
                .map(QuoteService::stats)
                .forEach(cache -> figures.put(cache.name(), cache.figures()));
        caches.get().forEach(cache -> figures.put(cache.name(), cache.figures()));
        return figures;
    }

    private static OptionalLong seconds(Optional<Instant> at) {
        return at.map(it -> OptionalLong.of(it.getEpochSecond())).orElse(OptionalLong.empty());
    }
}
