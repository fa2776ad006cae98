package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsSymbol;

/**
 * Answers quotes of US stocks from the same sources in the same order as for Korean ones: the pushed value while its
 * registration stands and New York trades; a recent answer, of this or another gateway; one call to KIS shared by all
 * callers; the newest known value, marked; the safe value, marked. There is no other venue to request. The day market (주간거래)
 * has prices of its own: they are served in its session alone, and no others are served in it.
 */
public final class UsQuotes {
    /** Default lifetime of a price in memory. */
    public static final Duration DEFAULT_LIFE = Duration.ofSeconds(1);

    private final UsQuoteStore store;
    private final Feed feed;
    private final QuoteRule rule;
    private final UsHours hours;
    private final UsQuoteSource source;
    private final QuoteFallback fallback;
    private final AnswerLifetime lifetime;
    private final InstantSource clock;
    private final AnswerCache<QuoteKey, UsFigures> restQuotes;
    private final AtomicLong cacheAnswers = new AtomicLong();
    private final AtomicLong fallbacks = new AtomicLong();
    private final AtomicLong invalidated = new AtomicLong();

    /** A stock and whether its day market is meant. */
    public record QuoteKey(UsSymbol symbol, boolean dayMarket) {}

    /**
     * @param sharedCache the second-level cache
     * @param fallback quotes of last resort
     * @param lifetime of KIS's answers in memory
     * @param cooldown no call for a symbol this long after KIS refused for its rate
     */
    public UsQuotes(
            UsQuoteStore store,
            Feed feed,
            QuoteRule rule,
            UsHours hours,
            UsQuoteSource source,
            SharedCache<QuoteKey, UsFigures> sharedCache,
            QuoteFallback fallback,
            Duration life,
            Duration cooldown,
            InstantSource clock) {
        this.store = store;
        this.feed = feed;
        this.rule = rule;
        this.hours = hours;
        this.source = source;
        this.fallback = fallback;
        this.lifetime = AnswerLifetime.of(hours, life.compareTo(sharedCache.life()) > 0 ? life : sharedCache.life())
                .atMostWhileTrading(rule.longestWhileTrading());
        this.clock = clock;
        this.restQuotes = new AnswerCache<>(
                "us_quote",
                life,
                ChronoUnit.FOREVER.getDuration(),
                QuoteStore.SYMBOLS_MAX,
                cooldown,
                sharedCache,
                clock);
    }

    /** The quote of {@code listed}. Blocks for at most a few seconds. */
    public Result<UsQuote> quote(Listed.Us listed, String tenant) {
        var now = clock.instant();
        var session = hours.at(now).session();
        var last = store.last(listed.symbol()).filter(tick -> isOfSession(session, tick));
        return last.filter(tick -> isPushValid(tick, session, now))
                .map(tick -> {
                    fallback.priceFound(listed.symbol());
                    return Result.success(pushedQuote(listed, tick, source(tick), State.HEALTHY, session));
                })
                .orElseGet(() -> answerFromRest(listed, last, session, tenant));
    }

    private Result<UsQuote> answerFromRest(
            Listed.Us listed, Optional<LastUsTick> last, UsSession session, String tenant) {
        var key = keyOf(listed, session);
        return switch (restQuotes.request(
                key, this::isServable, () -> source.fetch(key.symbol(), key.dayMarket(), tenant))) {
            case Result.Success<Cached<UsFigures>>(Cached<UsFigures> found)
            when !found.stale()
                    || last.isEmpty()
                    || last.get().atMs() <= found.at().toEpochMilli() ->
                Result.success(restQuote(listed, found, session));
            case Result.Success<Cached<UsFigures>> _ -> Result.success(staleQuote(listed, last.orElseThrow(), session));
            case Result.Refused<Cached<UsFigures>>(Refusal refusal) ->
                last.map(tick -> Result.success(staleQuote(listed, tick, session)))
                        .orElseGet(() -> fallback(listed, session, refusal));
        };
    }

    /** The quote, where it needs no call to KIS. */
    Optional<UsQuote> findCached(Listed.Us listed) {
        var now = clock.instant();
        var session = hours.at(now).session();
        return store.last(listed.symbol())
                .filter(tick -> isOfSession(session, tick) && isPushValid(tick, session, now))
                .map(tick -> pushedQuote(listed, tick, source(tick), State.HEALTHY, session))
                .or(() -> restQuotes
                        .fresh(keyOf(listed, session), this::isServable)
                        .map(found -> restQuote(listed, found, session)));
    }

    /**
     * Requests from {@code backgroundSource} whatever is cached; it may take longer than callers of one quote wait, and its
     * answer is served to them, too.
     */
    Result<UsQuote> refresh(Listed.Us listed, UsQuoteSource backgroundSource, String tenant) {
        var session = hours.at(clock.instant()).session();
        var key = keyOf(listed, session);
        return restQuotes
                .refresh(key, () -> backgroundSource.fetch(key.symbol(), key.dayMarket(), tenant))
                .map(found -> restQuote(listed, found, session));
    }

    /**
     * Caches the price.
     *
     * @return the refusal when it could not be loaded; otherwise empty
     */
    public Optional<Refusal> warm(Listed.Us listed, UsQuoteSource backgroundSource, String tenant) {
        return findCached(listed).isEmpty()
                        && refresh(listed, backgroundSource, tenant) instanceof Result.Refused<UsQuote>(Refusal refusal)
                ? Optional.of(refusal)
                : Optional.empty();
    }

    private static QuoteKey keyOf(Listed.Us listed, UsSession session) {
        return new QuoteKey(listed.symbol(), session == UsSession.DAY_MARKET);
    }

    /** Whether an answer received at {@code at} may be served now. */
    private boolean isServable(Instant at) {
        return lifetime.isFresh(at, clock.instant());
    }

    /** Whether {@code tick} belongs to the market of {@code session}. */
    private boolean isOfSession(UsSession session, LastUsTick tick) {
        boolean dayMarket = tick.polled()
                ? hours.isDayMarket(Instant.ofEpochMilli(tick.atMs()))
                : tick.feed() == PushFeed.DAY_MARKET;
        return dayMarket == (session == UsSession.DAY_MARKET);
    }

    /** As with Korean stocks: a price without later trades is still valid, as long as KIS would push a change. */
    private boolean isPushValid(LastUsTick tick, UsSession session, Instant now) {
        boolean live = !tick.polled() && feed.isLive(tick.symbol());
        return session.isOpen()
                && rule.stateOfPush(live, feed.feedStatus().lastActivityAt(), age(tick.atMs()), now) == State.HEALTHY;
    }

    private static Source source(LastUsTick tick) {
        return tick.polled() ? Source.KIS_REST : Source.KIS_WS;
    }

    private UsQuote restQuote(Listed.Us listed, Cached<UsFigures> found, UsSession session) {
        if (found.stale()) {
            cacheAnswers.incrementAndGet();
        } else {
            fallback.priceFound(listed.symbol());
        }
        long age = age(found.at().toEpochMilli());
        return new UsQuote(
                listed,
                found.value(),
                found.stale() ? Source.CACHE : Source.KIS_REST,
                found.stale() ? State.STALE : rule.stateOfAge(age),
                OptionalLong.empty(),
                age,
                session,
                Optional.empty());
    }

    private UsQuote staleQuote(Listed.Us listed, LastUsTick tick, UsSession session) {
        cacheAnswers.incrementAndGet();
        return pushedQuote(listed, tick, Source.CACHE, State.STALE, session);
    }

    private Result<UsQuote> fallback(Listed.Us listed, UsSession session, Refusal refusal) {
        return fallback.of(listed, session, refusal.code())
                .map(quote -> {
                    fallbacks.incrementAndGet();
                    return Result.success(quote);
                })
                .orElseGet(() -> Result.refused(refusal));
    }

    private UsQuote pushedQuote(Listed.Us listed, LastUsTick tick, Source source, State state, UsSession session) {
        return new UsQuote(
                listed,
                tick.figures(),
                source,
                state,
                OptionalLong.of(tick.atMs()),
                age(tick.atMs()),
                session,
                tick.polled() ? Optional.empty() : Optional.of(tick.feed()));
    }

    private long age(long atMs) {
        return Math.max(0, clock.millis() - atMs);
    }

    /** Invalidates the cached prices of {@code symbols}; the next quotes are requested from KIS. */
    public void invalidateAll(Collection<UsSymbol> symbols) {
        restQuotes.invalidateAll(symbols.stream()
                .flatMap(symbol -> Stream.of(new QuoteKey(symbol, false), new QuoteKey(symbol, true)))
                .toList());
        invalidated.addAndGet(symbols.size());
    }

    /** Symbols whose cached price was invalidated. */
    public long invalidated() {
        return invalidated.get();
    }

    /** Statistics of the cache of requested prices. */
    public CacheStats stats() {
        return restQuotes.stats();
    }

    /** Answers from the last known value, because KIS failed. */
    public long cacheAnswers() {
        return cacheAnswers.get();
    }

    /** Answers with a safe value. */
    public long fallbacks() {
        return fallbacks.get();
    }

    /** Calls to KIS. */
    public long calls() {
        return restQuotes.calls();
    }
}
