package kr.kisgateway.gateway.quote;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.gateway.cache.Invalidations;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.gateway.cache.SingleFlight;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSession;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the quotes of one market: the pushed value while its registration stands; a recent answer, of this or another gateway;
 * one call to KIS shared by all callers; the newest known value, marked; a value of last resort, marked. After KIS refused for
 * its call rate the symbol is not requested again until the cooldown is over. Each of a market's price series has values of its
 * own: they are served in its sessions alone, and no others are served in them.
 */
public final class QuoteService {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.quote");
    /** Maximum age of an answer that counts as a fresh request. */
    private static final Duration RECENT_MAX = Duration.ofSeconds(1);

    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private final Market market;
    private final QuoteStore store;
    private final Feed feed;
    private final QuoteRule rule;
    private final QuoteSource source;
    private final SharedCache<QuoteKey, RestQuote> sharedCache;
    private final QuoteFallback fallback;
    private final Duration cooldown;
    private final AnswerLifetime lifetime;
    private final InstantSource clock;
    private final Cache<QuoteKey, Timestamped<RestQuote>> fresh;
    private final Cache<QuoteKey, Timestamped<RestQuote>> last;
    private final Cache<QuoteKey, Instant> coolUntil;
    private final Invalidations<QuoteKey> invalidations;
    /** The invalidation step at which a symbol's last answer was requested. */
    private final Cache<QuoteKey, Long> requestedAtStep;

    private final SingleFlight<FlightKey, Result<Timestamped<RestQuote>>> flights = new SingleFlight<>();
    private final AtomicLong restCalls = new AtomicLong();
    private final AtomicLong restFallbacks = new AtomicLong();
    private final AtomicLong cacheAnswers = new AtomicLong();
    private final AtomicLong fallbacks = new AtomicLong();
    private final AtomicLong invalidated = new AtomicLong();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /** A symbol and the price series that is requested. */
    public record QuoteKey(MarketSymbol symbol, PriceSeries series) {}

    /**
     * A call begun before the price was invalidated is not joined after it; and a fresh request for orders does not join one
     * that may be answered from the shared cache.
     */
    private record FlightKey(QuoteKey key, boolean bypassShared, long invalidationStep) {}

    /**
     * @param sharedCache the second-level cache
     * @param fallback quotes of last resort
     * @param lifetime of KIS's answers in memory
     */
    public QuoteService(
            Market market,
            QuoteStore store,
            Feed feed,
            QuoteRule rule,
            QuoteSource source,
            SharedCache<QuoteKey, RestQuote> sharedCache,
            QuoteFallback fallback,
            Duration cooldown,
            AnswerLifetime life,
            InstantSource clock) {
        this.market = market;
        this.store = store;
        this.feed = feed;
        this.rule = rule;
        this.source = source;
        this.sharedCache = sharedCache;
        this.fallback = fallback;
        this.cooldown = cooldown;
        this.clock = clock;
        this.lifetime = life;
        this.fresh = timedCache(life.longest());
        this.coolUntil = timedCache(cooldown);
        this.last = Caffeine.newBuilder().maximumSize(QuoteStore.SYMBOLS_MAX).build();
        this.invalidations = new Invalidations<>(QuoteStore.SYMBOLS_MAX, clock);
        this.requestedAtStep =
                Caffeine.newBuilder().maximumSize(QuoteStore.SYMBOLS_MAX).build();
    }

    private <V> Cache<QuoteKey, V> timedCache(Duration life) {
        return Caffeine.newBuilder()
                .maximumSize(QuoteStore.SYMBOLS_MAX)
                .expireAfterWrite(life)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** The quote of {@code listed}, where it needs no call. */
    Optional<Quote> findCached(Listed listed) {
        var now = clock.instant();
        var session = rule.session(now);
        return pushedQuote(listed, lastTick(listed.symbol(), session), session, now)
                .or(() -> cachedRestQuote(keyOf(listed, session), now)
                        .map(entry -> restQuote(listed, entry, session, now)));
    }

    private static QuoteKey keyOf(Listed listed, MarketSession session) {
        return new QuoteKey(listed.symbol(), session.series());
    }

    /** The stored value of the series of {@code session}. */
    private Optional<LastTick> lastTick(MarketSymbol symbol, MarketSession session) {
        return store.last(symbol).filter(tick -> seriesOf(tick) == session.series());
    }

    /** A polled price belongs to the session at its receipt. */
    private PriceSeries seriesOf(LastTick tick) {
        return tick.feed()
                .map(PushFeed::series)
                .orElseGet(() ->
                        rule.session(Instant.ofEpochMilli(tick.tradeAtMs())).series());
    }

    /** Source of a value of the store. */
    private static Source source(LastTick last) {
        return last.polled() ? Source.KIS_REST : Source.KIS_WS;
    }

    /**
     * The quote of {@code listed}. Blocks for at most a few seconds.
     *
     * @param tenant whose share of the call budget is used; tenants take turns
     */
    public Result<Quote> quote(Listed listed, String tenant) {
        var now = clock.instant();
        var session = rule.session(now);
        var pushed = lastTick(listed.symbol(), session);
        var current = pushedQuote(listed, pushed, session, now);
        if (current.isPresent()) {
            fallback.priceFound(listed.symbol());
            return Result.success(current.get());
        }
        return answerFromRest(listed, pushed, session, tenant, now);
    }

    /** The pushed value, where it may answer now. */
    private Optional<Quote> pushedQuote(Listed listed, Optional<LastTick> pushed, MarketSession session, Instant now) {
        if (pushed.isEmpty() || !rule.isPushHour(session)) {
            return Optional.empty();
        }
        var age = age(pushed.get().tradeAtMs(), now);
        var live = feed.isLive(listed.symbol()) && !pushed.get().polled();
        return rule.stateOfPush(live, feed.feedStatus().lastActivityAt(), age, now) == State.HEALTHY
                ? Optional.of(Quote.ofPush(listed, pushed.get(), source(pushed.get()), State.HEALTHY, age, session))
                : Optional.empty();
    }

    private static QuoteKey mainKey(MarketSymbol symbol) {
        return new QuoteKey(symbol, PriceSeries.MAIN);
    }

    /** KIS's last answer about {@code symbol}, however old. */
    Optional<Timestamped<RestQuote>> lastRestQuote(MarketSymbol symbol) {
        return Optional.ofNullable(last.getIfPresent(mainKey(symbol)));
    }

    /** Requests {@code symbol} from KIS, unless it was requested within a second or recently refused for its rate. */
    Optional<Timestamped<RestQuote>> requestFresh(MarketSymbol symbol, String tenant) {
        var key = mainKey(symbol);
        var now = clock.instant();
        var cached = recentRestQuote(key, now);
        if (cached.isPresent()) {
            return cached;
        }
        var coolingUntil = coolUntil.getIfPresent(key);
        if (coolingUntil != null && coolingUntil.isAfter(now)) {
            return Optional.empty();
        }
        return requestOnce(key, true, tenant, now.plus(CALL_LIMIT), this::recentRestQuote)
                .toOptional();
    }

    private Result<Quote> answerFromRest(
            Listed listed, Optional<LastTick> pushed, MarketSession session, String tenant, Instant now) {
        var key = keyOf(listed, session);
        if (pushed.isPresent() && rule.isPushHour(session)) {
            restFallbacks.incrementAndGet();
        }
        var cached = cachedRestQuote(key, now);
        if (cached.isPresent()) {
            hits.increment();
            return Result.success(restQuote(listed, cached.get(), session, now));
        }
        misses.increment();
        var coolingUntil = coolUntil.getIfPresent(key);
        if (coolingUntil != null && coolingUntil.isAfter(now)) {
            return staleAnswer(listed, pushed, session, tenant, cooldownRefusal(Duration.between(now, coolingUntil)));
        }
        return switch (requestOnce(
                key,
                false,
                tenant,
                now.plus(CALL_LIMIT),
                (requested, at) -> cachedRestQuote(requested, at).or(() -> findShared(requested, at)))) {
            // An answer of the shared cache may be some seconds old.
            case Result.Success<Timestamped<RestQuote>>(Timestamped<RestQuote> latest) ->
                Result.success(restQuote(listed, latest, session, clock.instant()));
            case Result.Refused<Timestamped<RestQuote>>(Refusal refusal) ->
                staleAnswer(listed, pushed, session, tenant, refusal);
        };
    }

    /** The cached answer that may still be served. */
    private Optional<Timestamped<RestQuote>> cachedRestQuote(QuoteKey key, Instant now) {
        return Optional.ofNullable(fresh.getIfPresent(key))
                .filter(entry ->
                        lifetime.isFresh(entry.at(), now) && rule.isFresh(entry.at(), now, lifetime.longest()));
    }

    /** The answer requested within a second: a halt must not be hidden by a price that may be served for longer. */
    private Optional<Timestamped<RestQuote>> recentRestQuote(QuoteKey key, Instant now) {
        return cachedRestQuote(key, now)
                .filter(entry -> Duration.between(entry.at(), now).compareTo(RECENT_MAX) < 0);
    }

    /**
     * Caches the quote of {@code listed}; where a call is needed, {@code backgroundSource} makes it, and only the caller waits for
     * it.
     *
     * @return the refusal when it could not be loaded; otherwise empty
     */
    public Optional<Refusal> warm(Listed listed, QuoteSource backgroundSource, String tenant, Instant deadline) {
        return findCached(listed).isPresent()
                ? Optional.empty()
                : refusal(refresh(listed, backgroundSource, tenant, deadline));
    }

    /** The refusal of {@code result}, if any. */
    static Optional<Refusal> refusal(Result<Quote> result) {
        return result instanceof Result.Refused<Quote>(Refusal refusal) ? Optional.of(refusal) : Optional.empty();
    }

    /** Requests from {@code backgroundSource} whatever is cached; callers are served its answer from then on. */
    Result<Quote> refresh(Listed listed, QuoteSource backgroundSource, String tenant, Instant deadline) {
        var session = rule.session(clock.instant());
        return callKis(backgroundSource, keyOf(listed, session), tenant, deadline)
                .map(latest -> restQuote(listed, latest, session, clock.instant()));
    }

    /** Invalidates the cached prices of {@code symbols} and answers in flight; the next quotes are requested from KIS. */
    public void invalidateAll(Collection<? extends MarketSymbol> symbols) {
        var keys = symbols.stream()
                .flatMap(symbol -> rule.series().stream().map(series -> new QuoteKey(symbol, series)))
                .toList();
        for (var key : keys) {
            invalidations.invalidate(key);
            fresh.invalidate(key);
        }
        sharedCache.invalidateAll(keys);
        invalidated.addAndGet(symbols.size());
    }

    /** Whether KIS's last answer about {@code symbol} precedes an invalidation. */
    boolean isInvalidated(MarketSymbol symbol) {
        var latest = requestedAtStep.getIfPresent(mainKey(symbol));
        return latest != null && latest < invalidations.lastStep(mainKey(symbol));
    }

    /** Symbols whose cached price was invalidated. */
    public long invalidated() {
        return invalidated.get();
    }

    /** One call for all simultaneous requests. */
    private Result<Timestamped<RestQuote>> requestOnce(
            QuoteKey key,
            boolean bypassShared,
            String tenant,
            Instant deadline,
            BiFunction<QuoteKey, Instant, Optional<Timestamped<RestQuote>>> existing) {
        return flights.run(
                new FlightKey(key, bypassShared, invalidations.lastStep(key)),
                Duration.between(clock.instant(), deadline),
                () -> {
                    // Another call may have stored the answer since the first lookup.
                    var now = clock.instant();
                    return existing.apply(key, now)
                            .map(Result::success)
                            .orElseGet(() -> callKis(source, key, tenant, deadline));
                },
                QuoteService::timeoutResult,
                QuoteService::unavailable);
    }

    private Optional<Timestamped<RestQuote>> findShared(QuoteKey key, Instant now) {
        long step = invalidations.currentStep();
        // Where it could not be dropped there, it is invalidated here.
        var found = sharedCache.find(key).filter(entry -> !invalidations.isInvalidated(key, entry.at()));
        found.ifPresent(entry -> last.asMap()
                .merge(key, entry, (existing, other) -> other.at().isAfter(existing.at()) ? other : existing));
        var usable = found.filter(entry -> rule.isFresh(entry.at(), now, sharedCache.life()));
        usable.ifPresent(entry -> {
            requestedAtStep.put(key, step);
            fresh.put(key, entry);
        });
        if (invalidations.lastStep(key) > step) {
            fresh.invalidate(key);
            return Optional.empty();
        }
        return usable;
    }

    private Result<Timestamped<RestQuote>> callKis(
            QuoteSource quoteSource, QuoteKey key, String tenant, Instant deadline) {
        restCalls.incrementAndGet();
        long step = invalidations.currentStep();
        var edition = sharedCache.edition(key);
        return switch (quoteSource.fetch(key.symbol(), key.series(), tenant, deadline)) {
            case Result.Success<RestQuote>(RestQuote quote) -> {
                var latest = new Timestamped<>(quote, clock.instant());
                cache(key, latest, step, edition);
                fallback.priceFound(key.symbol());
                yield Result.success(latest);
            }
            case Result.Refused<RestQuote>(Refusal refusal) -> {
                LOG.warn("quote_call_failed symbol={} code={}", key.symbol(), refusal.code());
                if (refusal.code() == ErrorCode.REST_RATE_LIMIT_COOLDOWN) {
                    coolUntil.put(key, clock.instant().plus(cooldown));
                    yield Result.refused(refusal.retryAfter(cooldown));
                }
                yield Result.refused(refusal);
            }
        };
    }

    /**
     * @param step invalidation step before the request to KIS
     * @param edition edition of the shared cache then
     */
    private void cache(QuoteKey key, Timestamped<RestQuote> latest, long step, String edition) {
        last.put(key, latest);
        requestedAtStep.put(key, step);
        if (invalidations.lastStep(key) > step) {
            return;
        }
        fresh.put(key, latest);
        if (invalidations.lastStep(key) > step) {
            fresh.invalidate(key);
            return;
        }
        sharedCache.store(key, latest, edition);
        if (invalidations.lastStep(key) > step) {
            sharedCache.invalidate(key);
        }
    }

    private Quote restQuote(Listed listed, Timestamped<RestQuote> latest, MarketSession session, Instant now) {
        var age = age(latest.at().toEpochMilli(), now);
        return Quote.ofRest(listed, latest.value(), Source.KIS_REST, rule.stateOfRest(latest.at(), now), age, session);
    }

    /** The newest known value, marked stale; else the other venue's or the safe value; else the refusal. */
    private Result<Quote> staleAnswer(
            Listed listed, Optional<LastTick> pushed, MarketSession session, String tenant, Refusal refusal) {
        var now = clock.instant();
        var latest = last.getIfPresent(keyOf(listed, session));
        var requestedAt = latest == null ? Long.MIN_VALUE : latest.at().toEpochMilli();
        if (pushed.isPresent() && pushed.get().tradeAtMs() >= requestedAt) {
            cacheAnswers.incrementAndGet();
            return Result.success(Quote.ofPush(
                    listed,
                    pushed.get(),
                    Source.CACHE,
                    State.STALE,
                    age(pushed.get().tradeAtMs(), now),
                    session));
        }
        if (latest != null) {
            cacheAnswers.incrementAndGet();
            return Result.success(
                    Quote.ofRest(listed, latest.value(), Source.CACHE, State.STALE, age(requestedAt, now), session));
        }
        return fallback.of(listed, session, tenant, refusal.code())
                .map(quote -> {
                    fallbacks.incrementAndGet();
                    return Result.success(quote);
                })
                .orElseGet(() -> Result.refused(refusal));
    }

    /** Answers with the other venue's price or a safe value. */
    public long fallbacks() {
        return fallbacks.get();
    }

    /** Stale symbols among those pushed or requested. */
    public int staleSymbols() {
        var now = clock.instant();
        var sign = feed.feedStatus().lastActivityAt();
        var stale = new int[1];
        store.forEach((symbol, tick) -> {
            if (symbol.market().equals(market)
                    && rule.stateOfPush(feed.isLive(symbol), sign, age(tick.tradeAtMs(), now), now) == State.STALE) {
                stale[0]++;
            }
        });
        last.asMap().forEach((key, latest) -> {
            if (store.last(key.symbol()).isEmpty() && rule.stateOfRest(latest.at(), now) == State.STALE) {
                stale[0]++;
            }
        });
        return stale[0];
    }

    /** Symbols with any cached value. */
    public int cachedSymbols() {
        var restOnly = last.asMap().keySet().stream()
                .filter(key -> store.last(key.symbol()).isEmpty())
                .count();
        return store.size(market) + (int) restOnly;
    }

    /** Quotes for which a pushed value existed in push hours but was not fresh. */
    public long restFallbacks() {
        return restFallbacks.get();
    }

    /** Statistics of the cache of requested prices. */
    public CacheStats stats() {
        return new CacheStats(
                market.cacheName("quote"), hits.sum(), misses.sum(), restCalls.get(), last.estimatedSize());
    }

    /** Calls to KIS. */
    public long restCalls() {
        return restCalls.get();
    }

    /** Answers from the last known value, because KIS failed. */
    public long cacheAnswers() {
        return cacheAnswers.get();
    }

    private static Refusal cooldownRefusal(Duration wait) {
        return Refusal.of(
                        ErrorCode.REST_RATE_LIMIT_COOLDOWN,
                        "KIS refused this symbol for its call rate; retry after the pause.")
                .retryAfter(wait);
    }

    private static <T> Result<T> timeoutResult() {
        return Result.refused(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time; try again."));
    }

    private static <T> Result<T> unavailable() {
        return Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "No source has a price now; try again."));
    }

    private static long age(long atMs, Instant now) {
        return Math.max(0, now.toEpochMilli() - atMs);
    }
}
