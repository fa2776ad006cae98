package kr.kisgateway.gateway.quote;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import kr.kisgateway.api.quote.CacheFigures;
import kr.kisgateway.api.quote.QuoteMetrics.Stream;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.http.Caller;

/** The figures of {@code /v1/metrics/quote}, collected on request. */
public final class QuoteMetrics {
    private final QuoteStore store;
    private final Quotes allQuotes;
    private final QuoteService quotes;
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
        this.quotes = allQuotes.koreanQuotes();
        this.rule = rule;
        this.feed = feed;
        this.clock = clock;
    }

    /** Symbols hidden from {@code caller} are counted and not named. */
    kr.kisgateway.api.quote.QuoteMetrics figures(Caller caller) {
        var now = clock.instant();
        var status = feed.feedStatus();
        var batch = allQuotes.lastStats();
        var usQuotes = allQuotes.usQuotes();
        var sharedCacheStats = sharedStats.get();
        return new kr.kisgateway.api.quote.QuoteMetrics(
                quotes.cachedSymbols(),
                store.messages(),
                store.upserts(),
                quotes.staleSymbols(),
                quotes.restFallbacks(),
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
                quotes.restCalls() + usQuotes.calls(),
                quotes.cacheAnswers() + usQuotes.cacheAnswers(),
                quotes.fallbacks() + usQuotes.fallbacks(),
                quotes.invalidated() + usQuotes.invalidated(),
                sharedCacheStats.hits(),
                sharedCacheStats.misses(),
                sharedCacheStats.failures(),
                store.refused(),
                stream.get(),
                cacheFigures());
    }

    private Map<String, CacheFigures> cacheFigures() {
        var figures = new LinkedHashMap<String, CacheFigures>();
        var us = allQuotes.usQuotes().stats();
        figures.put(us.name(), us.figures());
        caches.get().forEach(cache -> figures.put(cache.name(), cache.figures()));
        return figures;
    }

    private static OptionalLong seconds(Optional<Instant> at) {
        return at.map(it -> OptionalLong.of(it.getEpochSecond())).orElse(OptionalLong.empty());
    }
}
