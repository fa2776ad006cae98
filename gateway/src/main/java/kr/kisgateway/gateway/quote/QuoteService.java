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
import java.util.function.BiFunction;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.Invalidations;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.gateway.cache.SingleFlight;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSession;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers quotes of Korean instruments. Requests for the same symbol within a second share one call to KIS; after KIS refused
 * for its call rate the symbol is not requested again until the cooldown is over.
 */
public final class QuoteService {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.quote");
    /** Maximum age of an answer that counts as a fresh request. */
    private static final Duration RECENT_MAX = Duration.ofSeconds(1);

    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private final QuoteStore store;
    private final Feed feed;
    private final QuoteRule rule;
    private final QuoteSource source;
    private final SharedCache<Symbol, RestQuote> sharedCache;
    private final QuoteFallback fallback;
    private final Duration cooldown;
    private final AnswerLifetime lifetime;
    private final InstantSource clock;
    private final Cache<Symbol, Timestamped<RestQuote>> fresh;
    private final Cache<Symbol, Timestamped<RestQuote>> last;
    private final Cache<Symbol, Instant> coolUntil;
    private final Invalidations<Symbol> invalidations;
    /** The invalidation step at which a symbol's last answer was requested. */
    private final Cache<Symbol, Long> requestedAtStep;

    private final SingleFlight<FlightKey, Result<Timestamped<RestQuote>>> flights = new SingleFlight<>();
    private final AtomicLong restCalls = new AtomicLong();
    private final AtomicLong restFallbacks = new AtomicLong();
    private final AtomicLong cacheAnswers = new AtomicLong();
    private final AtomicLong fallbacks = new AtomicLong();
    private final AtomicLong invalidated = new AtomicLong();

    /**
     * A call begun before the price was invalidated is not joined after it; and a fresh request for orders does not join one
     * that may be answered from the shared cache.
     */
    private record FlightKey(Symbol symbol, boolean bypassShared, long invalidationStep) {}

    /**
     * @param sharedCache the second-level cache
     * @param fallback quotes of last resort
     * @param lifetime of KIS's answers in memory
     */
    public QuoteService(
            QuoteStore store,
            Feed feed,
            QuoteRule rule,
            QuoteSource source,
            SharedCache<Symbol, RestQuote> sharedCache,
            QuoteFallback fallback,
            Duration cooldown,
            AnswerLifetime life,
            InstantSource clock) {
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

    private <V> Cache<Symbol, V> timedCache(Duration life) {
        return Caffeine.newBuilder()
                .maximumSize(QuoteStore.SYMBOLS_MAX)
                .expireAfterWrite(life)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** The quote of {@code instrument}, where it needs no call. */
    Optional<Quote> findCached(Instrument instrument) {
        var now = clock.instant();
        var session = rule.session(now);
        return pushedQuote(instrument, store.last(instrument.symbol()), session, now)
                .or(() -> cachedRestQuote(instrument.symbol(), now)
                        .map(entry -> restQuote(instrument, entry, session, now)));
    }

    /** Source of a value of the store. */
    private static Source source(LastTick last) {
        return last.polled() ? Source.KIS_REST : Source.KIS_WS;
    }

    /**
     * The quote of {@code instrument}. Blocks for at most a few seconds.
     *
     * @param tenant whose share of the call budget is used; tenants take turns
     */
    public Result<Quote> quote(Instrument instrument, String tenant) {
        var now = clock.instant();
        var session = rule.session(now);
        var pushed = store.last(instrument.symbol());
        var fresh = pushedQuote(instrument, pushed, session, now);
        if (fresh.isPresent()) {
            fallback.priceFound(instrument.symbol());
            return Result.success(fresh.get());
        }
        return answerFromRest(instrument, pushed, session, tenant, now);
    }

    /** The pushed value, where it may answer now. */
    private Optional<Quote> pushedQuote(
            Instrument instrument, Optional<LastTick> pushed, MarketSession session, Instant now) {
        if (pushed.isEmpty() || !rule.isPushHour(session)) {
            return Optional.empty();
        }
        var age = age(pushed.get().tradeAtMs(), now);
        var live = feed.isLive(instrument.symbol()) && !pushed.get().polled();
        return rule.stateOfPush(live, feed.feedStatus().lastActivityAt(), age, now) == State.HEALTHY
                ? Optional.of(Quote.ofPush(instrument, pushed.get(), source(pushed.get()), State.HEALTHY, age, session))
                : Optional.empty();
    }

    /** KIS's last answer about {@code symbol}, however old. */
    Optional<Timestamped<RestQuote>> lastRestQuote(Symbol symbol) {
        return Optional.ofNullable(last.getIfPresent(symbol));
    }

    /** Requests {@code symbol} from KIS, unless it was requested within a second or recently refused for its rate. */
    Optional<Timestamped<RestQuote>> requestFresh(Symbol symbol, String tenant) {
        var now = clock.instant();
        var cached = recentRestQuote(symbol, now);
        if (cached.isPresent()) {
            return cached;
        }
        var coolingUntil = coolUntil.getIfPresent(symbol);
        if (coolingUntil != null && coolingUntil.isAfter(now)) {
            return Optional.empty();
        }
        return requestOnce(symbol, true, tenant, now.plus(CALL_LIMIT), this::recentRestQuote)
                .toOptional();
    }

    private Result<Quote> answerFromRest(
            Instrument instrument, Optional<LastTick> pushed, MarketSession session, String tenant, Instant now) {
        var symbol = instrument.symbol();
        if (pushed.isPresent() && rule.isPushHour(session)) {
            restFallbacks.incrementAndGet();
        }
        var cached = cachedRestQuote(symbol, now);
        if (cached.isPresent()) {
            return Result.success(restQuote(instrument, cached.get(), session, now));
        }
        var coolingUntil = coolUntil.getIfPresent(symbol);
        if (coolingUntil != null && coolingUntil.isAfter(now)) {
            return staleAnswer(
                    instrument, pushed, session, tenant, cooldownRefusal(Duration.between(now, coolingUntil)));
        }
        return switch (requestOnce(
                symbol,
                false,
                tenant,
                now.plus(CALL_LIMIT),
                (requested, at) -> cachedRestQuote(requested, at).or(() -> findShared(requested, at)))) {
            // An answer of the shared cache may be some seconds old.
            case Result.Success<Timestamped<RestQuote>>(Timestamped<RestQuote> latest) ->
                Result.success(restQuote(instrument, latest, session, clock.instant()));
            case Result.Refused<Timestamped<RestQuote>>(Refusal refusal) ->
                staleAnswer(instrument, pushed, session, tenant, refusal);
        };
    }

    /** The cached answer that may still be served. */
    private Optional<Timestamped<RestQuote>> cachedRestQuote(Symbol symbol, Instant now) {
        return Optional.ofNullable(fresh.getIfPresent(symbol))
                .filter(entry ->
                        lifetime.isFresh(entry.at(), now) && rule.isFresh(entry.at(), now, lifetime.longest()));
    }

    /** The answer requested within a second: a halt must not be hidden by a price that may be served for longer. */
    private Optional<Timestamped<RestQuote>> recentRestQuote(Symbol symbol, Instant now) {
        return cachedRestQuote(symbol, now)
                .filter(entry -> Duration.between(entry.at(), now).compareTo(RECENT_MAX) < 0);
    }

    /**
     * Caches the quote of {@code instrument}; where a call is needed, {@code backgroundSource} makes it, and only the caller
     * waits for it.
     *
     * @return the refusal when it could not be loaded; otherwise empty
     */
    public Optional<Refusal> warm(
            Instrument instrument, QuoteSource backgroundSource, String tenant, Instant deadline) {
        return findCached(instrument).isPresent()
                ? Optional.empty()
                : refresh(instrument, backgroundSource, tenant, deadline);
    }

    /** Requests from {@code backgroundSource} whatever is cached; returns the refusal, if any. */
    Optional<Refusal> refresh(Instrument instrument, QuoteSource backgroundSource, String tenant, Instant deadline) {
        return callKis(backgroundSource, instrument.symbol(), tenant, deadline)
                        instanceof Result.Refused<Timestamped<RestQuote>>(Refusal refusal)
                ? Optional.of(refusal)
                : Optional.empty();
    }

    /** Invalidates the cached prices of {@code symbols} and answers in flight; the next quotes are requested from KIS. */
    public void invalidateAll(Collection<Symbol> symbols) {
        for (var symbol : symbols) {
            invalidations.invalidate(symbol);
            fresh.invalidate(symbol);
        }
        sharedCache.invalidateAll(symbols);
        invalidated.addAndGet(symbols.size());
    }

    /** Whether KIS's last answer about {@code symbol} precedes an invalidation. */
    boolean isInvalidated(Symbol symbol) {
        var latest = requestedAtStep.getIfPresent(symbol);
        return latest != null && latest < invalidations.lastStep(symbol);
    }

    /** Symbols whose cached price was invalidated. */
    public long invalidated() {
        return invalidated.get();
    }

    /** One call for all simultaneous requests. */
    private Result<Timestamped<RestQuote>> requestOnce(
            Symbol symbol,
            boolean bypassShared,
            String tenant,
            Instant deadline,
            BiFunction<Symbol, Instant, Optional<Timestamped<RestQuote>>> existing) {
        return flights.run(
                new FlightKey(symbol, bypassShared, invalidations.lastStep(symbol)),
                Duration.between(clock.instant(), deadline),
                () -> {
                    // Another call may have stored the answer since the first lookup.
                    var now = clock.instant();
                    return existing.apply(symbol, now)
                            .map(Result::success)
                            .orElseGet(() -> callKis(source, symbol, tenant, deadline));
                },
                QuoteService::timeoutResult,
                QuoteService::unavailable);
    }

    private Optional<Timestamped<RestQuote>> findShared(Symbol symbol, Instant now) {
        long step = invalidations.currentStep();
        // Where it could not be dropped there, it is invalidated here.
        var found = sharedCache.find(symbol).filter(entry -> !invalidations.isInvalidated(symbol, entry.at()));
        found.ifPresent(entry -> last.asMap()
                .merge(symbol, entry, (existing, other) -> other.at().isAfter(existing.at()) ? other : existing));
        var usable = found.filter(entry -> rule.isFresh(entry.at(), now, sharedCache.life()));
        usable.ifPresent(entry -> {
            requestedAtStep.put(symbol, step);
            fresh.put(symbol, entry);
        });
        if (invalidations.lastStep(symbol) > step) {
            fresh.invalidate(symbol);
            return Optional.empty();
        }
        return usable;
    }

    private Result<Timestamped<RestQuote>> callKis(
            QuoteSource quoteSource, Symbol symbol, String tenant, Instant deadline) {
        restCalls.incrementAndGet();
        long step = invalidations.currentStep();
        var edition = sharedCache.edition(symbol);
        return switch (quoteSource.fetch(symbol, Venue.KRX, tenant, deadline)) {
            case Result.Success<RestQuote>(RestQuote quote) -> {
                var latest = new Timestamped<>(quote, clock.instant());
                cache(symbol, latest, step, edition);
                fallback.priceFound(symbol);
                yield Result.success(latest);
            }
            case Result.Refused<RestQuote>(Refusal refusal) -> {
                LOG.warn("quote_call_failed symbol={} code={}", symbol, refusal.code());
                if (refusal.code() == ErrorCode.REST_RATE_LIMIT_COOLDOWN) {
                    coolUntil.put(symbol, clock.instant().plus(cooldown));
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
    private void cache(Symbol symbol, Timestamped<RestQuote> latest, long step, String edition) {
        last.put(symbol, latest);
        requestedAtStep.put(symbol, step);
        if (invalidations.lastStep(symbol) > step) {
            return;
        }
        fresh.put(symbol, latest);
        if (invalidations.lastStep(symbol) > step) {
            fresh.invalidate(symbol);
            return;
        }
        sharedCache.store(symbol, latest, edition);
        if (invalidations.lastStep(symbol) > step) {
            sharedCache.invalidate(symbol);
        }
    }

    private Quote restQuote(Instrument instrument, Timestamped<RestQuote> latest, MarketSession session, Instant now) {
        var age = age(latest.at().toEpochMilli(), now);
        return Quote.ofRest(
                instrument, latest.value(), Source.KIS_REST, rule.stateOfRest(latest.at(), now), age, session);
    }

    /** The newest known value, marked stale; else the other venue's or the safe value; else the refusal. */
    private Result<Quote> staleAnswer(
            Instrument instrument, Optional<LastTick> pushed, MarketSession session, String tenant, Refusal refusal) {
        var now = clock.instant();
        var latest = last.getIfPresent(instrument.symbol());
        var requestedAt = latest == null ? Long.MIN_VALUE : latest.at().toEpochMilli();
        if (pushed.isPresent() && pushed.get().tradeAtMs() >= requestedAt) {
            cacheAnswers.incrementAndGet();
            return Result.success(Quote.ofPush(
                    instrument,
                    pushed.get(),
                    Source.CACHE,
                    State.STALE,
                    age(pushed.get().tradeAtMs(), now),
                    session));
        }
        if (latest != null) {
            cacheAnswers.incrementAndGet();
            return Result.success(Quote.ofRest(
                    instrument, latest.value(), Source.CACHE, State.STALE, age(requestedAt, now), session));
        }
        return fallback.of(instrument, session, tenant, refusal.code())
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
            if (rule.stateOfPush(feed.isLive(symbol), sign, age(tick.tradeAtMs(), now), now) == State.STALE) {
                stale[0]++;
            }
        });
        last.asMap().forEach((symbol, latest) -> {
            if (store.last(symbol).isEmpty() && rule.stateOfRest(latest.at(), now) == State.STALE) {
                stale[0]++;
            }
        });
        return stale[0];
    }

    /** Symbols with any cached value. */
    public int cachedSymbols() {
        var restOnly = last.asMap().keySet().stream()
                .filter(symbol -> store.last(symbol).isEmpty())
                .count();
        return store.size() + (int) restOnly;
    }

    /** Quotes for which a pushed value existed in push hours but was not fresh. */
    public long restFallbacks() {
        return restFallbacks.get();
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
