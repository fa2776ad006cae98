package kr.kisgateway.gateway.quote;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.quote.CacheFigures;
import kr.kisgateway.api.quote.QuoteMetrics.Stream;
import kr.kisgateway.gateway.cache.CacheCounters;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.meter.Meters;

/**
 * The figures of {@code /v1/metrics/quote}: counts from the meters; the state of the feed and of the last request for several
 * symbols from their owners.
 */
public final class QuoteMetrics {
    private final Quotes quotes;
    private final QuoteRule rule;
    private final Feed feed;
    private final InstantSource clock;
    private final Meters meters;

    public QuoteMetrics(Quotes quotes, QuoteRule rule, Feed feed, InstantSource clock, Meters meters) {
        this.quotes = quotes;
        this.rule = rule;
        this.feed = feed;
        this.clock = clock;
        this.meters = meters;
    }

    /** Symbols hidden from {@code caller} are counted and not named. */
    kr.kisgateway.api.quote.QuoteMetrics figures(Caller caller) {
        var now = clock.instant();
        var status = feed.feedStatus();
        var batch = quotes.lastStats();
        return new kr.kisgateway.api.quote.QuoteMetrics(
                meters.value("quote.symbols.cached"),
                meters.value("quote.store.messages"),
                meters.value("quote.store.upserts"),
                meters.value("quote.symbols.stale"),
                meters.value("quote.rest.fallbacks"),
                status.connected(),
                status.connected() && rule.isFeedAlive(status.lastActivityAt(), now),
                seconds(status.lastMessageAt()),
                seconds(status.lastHeartbeatAt()),
                status.lastError(),
                meters.value("feed.reconnects"),
                batch.rest() > 0,
                batch.rest(),
                batch.pushed(),
                batch.targets(),
                batch.finals(),
                rule.isPushHour(rule.session(now)),
                batch.failed().stream().filter(caller::mayReadSymbol).toList(),
                batch.targets() - batch.finals(),
                quotes.services().markets().stream()
                        .mapToLong(market -> cache("cache.calls", market.cacheName("quote")))
                        .sum(),
                meters.value("quote.answers.cached"),
                meters.value("quote.answers.fallback"),
                meters.value("quote.invalidated"),
                meters.value("redis.hits"),
                meters.value("redis.misses"),
                meters.value("redis.failures"),
                meters.value("quote.store.refused"),
                stream(),
                caches());
    }

    private Stream stream() {
        return new Stream(
                meters.value("stream.clients"),
                meters.value("stream.clients.refused"),
                meters.value("stream.messages"),
                meters.value("stream.frames"),
                meters.value("stream.conflated"),
                meters.value("stream.gaps"),
                meters.value("stream.upstream.gaps"),
                meters.value("stream.clients.closed", "reason", "slow"),
                meters.value("stream.clients.closed", "reason", "write_timeout"),
                meters.value("stream.clients.closed", "reason", "vanished"),
                meters.value("stream.requests.refused"),
                meters.value("stream.replayed"),
                meters.value("stream.bars.restored"),
                meters.value("stream.subscriptions"),
                meters.value("stream.memory"),
                meters.value("stream.memory.limit"),
                meters.value("stream.clients.closed", "reason", "memory"));
    }

    private Map<String, CacheFigures> caches() {
        var figures = new LinkedHashMap<String, CacheFigures>();
        for (var name : meters.tagValues("cache.size", CacheCounters.TAG)) {
            figures.put(
                    name,
                    new CacheFigures(
                            cache("cache.hits", name),
                            cache("cache.misses", name),
                            cache("cache.calls", name),
                            cache("cache.size", name)));
        }
        return figures;
    }

    private long cache(String meter, String name) {
        return meters.value(meter, CacheCounters.TAG, name);
    }

    private static OptionalLong seconds(Optional<Instant> at) {
        return at.map(it -> OptionalLong.of(it.getEpochSecond())).orElse(OptionalLong.empty());
    }
}
