package kr.kisgateway.gateway.quote;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.json.JsonBuffer;

/** The figures of {@code /v1/metrics/quote}, collected on request. */
public final class QuoteMetrics {
    private final QuoteStore store;
    private final Quotes allQuotes;
    private final QuoteService quotes;
    private final QuoteRule rule;
    private final Feed feed;
    private final InstantSource clock;
    private final Consumer<JsonBuffer> stream;
    private final Supplier<SharedCache.Stats> sharedStats;
    private final Supplier<List<CacheStats>> caches;

    /**
     * @param stream appends the figures of the stream as one object
     * @param sharedStats statistics of the shared cache
     * @param caches all other caches
     */
    public QuoteMetrics(
            QuoteStore store,
            Quotes allQuotes,
            QuoteRule rule,
            Feed feed,
            InstantSource clock,
            Consumer<JsonBuffer> stream,
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
    JsonBuffer json(Caller caller) {
        var now = clock.instant();
        var status = feed.feedStatus();
        var batch = allQuotes.lastStats();
        var usQuotes = allQuotes.usQuotes();
        var sharedCacheStats = sharedStats.get();
        var json = new JsonBuffer(1536)
                .beginObject()
                .field("cached_symbols", quotes.cachedSymbols())
                .field("ws_messages", store.messages())
                .field("upserts", store.upserts())
                .field("stale_symbols", quotes.staleSymbols())
                .field("rest_fallbacks", quotes.restFallbacks())
                .field("ws_connected", status.connected())
                .field("ws_heartbeat_fresh", status.connected() && rule.isFeedAlive(status.lastActivityAt(), now));
        seconds(json, "last_ws_message_ts", status.lastMessageAt());
        seconds(json, "last_ws_heartbeat_ts", status.lastHeartbeatAt());
        json.field("ws_last_error", status.lastError())
                .field("ws_reconnect_count", status.reconnects())
                .field("fallback_triggered", batch.rest() > 0)
                .field("rest_filled_count", batch.rest())
                .field("ws_count", batch.pushed())
                .field("batch_target_count", batch.targets())
                .field("batch_final_count", batch.finals())
                .field("batch_market_open", rule.isPushHour(rule.session(now)));
        json.name("batch_failed_symbols").beginArray();
        batch.failed().stream().filter(caller::mayReadSymbol).forEach(json::value);
        json.endArray()
                .field("batch_missing_count", batch.targets() - batch.finals())
                .field("rest_calls", quotes.restCalls() + usQuotes.calls())
                .field("cache_answers", quotes.cacheAnswers() + usQuotes.cacheAnswers())
                .field("fallback_answers", quotes.fallbacks() + usQuotes.fallbacks())
                .field("cache_invalidated", quotes.invalidated() + usQuotes.invalidated())
                .field("l2_hits", sharedCacheStats.hits())
                .field("l2_misses", sharedCacheStats.misses())
                .field("l2_failures", sharedCacheStats.failures())
                .field("store_refused", store.refused())
                .name("stream");
        stream.accept(json);
        json.name("caches").beginObject();
        usQuotes.stats().write(json);
        caches.get().forEach(cache -> cache.write(json));
        return json.endObject().endObject();
    }

    private static void seconds(JsonBuffer json, String name, java.util.Optional<Instant> at) {
        if (at.isPresent()) {
            json.field(name, at.get().getEpochSecond());
        } else {
            json.fieldNull(name);
        }
    }
}
