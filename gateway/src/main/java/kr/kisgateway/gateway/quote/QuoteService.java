package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.AnswerCache.Memory;
import kr.kisgateway.gateway.cache.AnswerCache.Servable;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSession;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.VenueSymbol;

/**
 * Answers the quotes of one market: the pushed value while its registration stands; a recent answer, of this or another gateway;
 * one call to KIS shared by all callers; the newest known value, marked; a value of last resort, marked. After KIS refused for
 * its call rate the symbol is not requested again until the cooldown is over. Each of a market's price series has values of its
 * own: they are served in its sessions alone, and no others are served in them.
 */
public final class QuoteService {
    /** Maximum age of an answer that counts as a fresh request. */
    private static final Duration RECENT_MAX = Duration.ofSeconds(1);

    private final Market market;
    private final QuoteStore store;
    private final Feed feed;
    private final QuoteRule rule;
    private final QuoteSource source;
    private final SharedCache<QuoteKey, RestQuote> sharedCache;
    private final QuoteFallback fallback;
    private final AnswerLifetime lifetime;
    private final InstantSource clock;
    private final AnswerCache<QuoteKey, RestQuote> answers;
    private final LongAdder restFallbacks = new LongAdder();
    private final LongAdder cacheAnswers = new LongAdder();
    private final LongAdder fallbacks = new LongAdder();
    private final LongAdder invalidated = new LongAdder();

    /** A symbol and the price series that is requested. */
    public record QuoteKey(MarketSymbol symbol, PriceSeries series) {}

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
        this.clock = clock;
        this.lifetime = life;
        this.answers = new AnswerCache<>(
                market.cacheName("quote"),
                Memory.keepingLast(life.longest(), QuoteStore.SYMBOLS_MAX),
                cooldown,
                sharedCache,
                clock);
    }

    /** The quote of {@code listed}, where it needs no call. */
    Optional<Quote> findCached(Listed listed) {
        var now = clock.instant();
        var session = rule.session(now);
        return pushedQuote(listed, lastTick(listed.symbol(), session), session, now)
                .or(() -> answers.fresh(keyOf(listed, session), this::isFresh)
                        .map(answer -> restQuote(listed, answer, session, now)));
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

    /**
     * The quote of {@code listed} in a price series. Of one that is requested by name it is the value that was pushed or polled for
     * a subscriber of that venue while the venue trades; else an answer of the last second; else a call; else the last value, marked.
     */
    Result<Quote> quote(Listed listed, PriceSeries series, String tenant) {
        if (!series.isOfVenues()) {
            return quote(listed, tenant);
        }
        var symbol = VenueSymbol.of(listed.symbol(), series);
        var pushed = store.last(symbol);
        var current = venueQuote(listed, symbol, pushed, series);
        if (current.isPresent()) {
            return Result.success(current.get());
        }
        return switch (request(listed.symbol(), series, tenant)) {
            case Result.Success<Cached<RestQuote>>(Cached<RestQuote> answer) -> {
                var now = clock.instant();
                yield Result.success(restQuote(listed, answer, requestedFrom(series), rule.session(now), now));
            }
            case Result.Refused<Cached<RestQuote>>(Refusal refusal) ->
                pushed.map(last -> Result.success(lastVenueQuote(listed, last)))
                        .orElseGet(() -> Result.refused(refusal));
        };
    }

    /** Source of a value that was requested from KIS of a venue. */
    private static Source requestedFrom(PriceSeries series) {
        return series == PriceSeries.NXT ? Source.NXT : Source.KIS_REST;
    }

    private Optional<Quote> venueQuote(
            Listed listed, MarketSymbol symbol, Optional<LastTick> pushed, PriceSeries series) {
        var now = clock.instant();
        return pushed.filter(last -> rule.isVenuePushHour(series, Instant.ofEpochMilli(last.tradeAtMs()), now)
                        && isHealthy(symbol, last, now))
                .map(last -> Quote.ofPush(
                        listed,
                        last,
                        last.polled() ? requestedFrom(series) : Source.KIS_WS,
                        State.HEALTHY,
                        age(last.tradeAtMs(), now),
                        rule.session(now)));
    }

    /** The last value that was pushed of a venue, when KIS answers no request. */
    private Quote lastVenueQuote(Listed listed, LastTick last) {
        cacheAnswers.increment();
        var now = clock.instant();
        return Quote.ofPush(listed, last, Source.CACHE, State.STALE, age(last.tradeAtMs(), now), rule.session(now));
    }

    /** KIS's answer about a symbol in a price series: one of the last second, or a call. */
    public Result<RestQuote> restQuote(MarketSymbol symbol, PriceSeries series, String tenant) {
        return request(symbol, series, tenant).map(Cached::value);
    }

    /**
     * The last price of {@code symbol}, of a venue where it names one: one of the last second, or a call; empty when KIS does not answer
     * or knows none.
     */
    public Optional<RestQuote> lastTraded(MarketSymbol symbol, String tenant) {
        PriceSeries series = symbol instanceof VenueSymbol ofVenue
                ? ofVenue.series()
                : rule.session(clock.instant()).series();
        return restQuote(symbol.listed(), series, tenant).toOptional().filter(quote -> quote.price() > 0);
    }

    /** The same where it needs no call. */
    public Optional<RestQuote> restQuoteInMemory(MarketSymbol symbol, PriceSeries series) {
        return answers.fresh(new QuoteKey(symbol, series), at -> isWithin(at, RECENT_MAX))
                .map(Cached::value);
    }

    private Result<Cached<RestQuote>> request(MarketSymbol symbol, PriceSeries series, String tenant) {
        var key = new QuoteKey(symbol, series);
        var servable = new Servable(Optional.of(at -> isWithin(at, RECENT_MAX)), Optional.empty());
        return answers.obtain(key, servable, () -> callKis(key, tenant));
    }

    /** The pushed value, where it may answer now. */
    private Optional<Quote> pushedQuote(Listed listed, Optional<LastTick> pushed, MarketSession session, Instant now) {
        if (pushed.isEmpty() || !rule.isPushHour(session)) {
            return Optional.empty();
        }
        var age = age(pushed.get().tradeAtMs(), now);
        return isHealthy(listed.symbol(), pushed.get(), now)
                ? Optional.of(Quote.ofPush(listed, pushed.get(), source(pushed.get()), State.HEALTHY, age, session))
                : Optional.empty();
    }

    private boolean isHealthy(MarketSymbol symbol, LastTick last, Instant now) {
        var live = feed.isLive(symbol) && !last.polled();
        return rule.stateOfPush(live, feed.feedStatus().lastActivityAt(), age(last.tradeAtMs(), now), now)
                == State.HEALTHY;
    }

    private static QuoteKey mainKey(MarketSymbol symbol) {
        return new QuoteKey(symbol, PriceSeries.MAIN);
    }

    /** KIS's last answer about {@code symbol}, however old. */
    Optional<Cached<RestQuote>> lastRestQuote(MarketSymbol symbol) {
        return answers.last(mainKey(symbol));
    }

    /** Requests {@code symbol} from KIS, unless it was requested within a second or recently refused for its rate. */
    Optional<Cached<RestQuote>> requestFresh(MarketSymbol symbol, String tenant) {
        var key = mainKey(symbol);
        return answers.obtain(
                        key, new Servable(Optional.of(this::isRecent), Optional.empty()), () -> callKis(key, tenant))
                .toOptional();
    }

    private Result<Quote> answerFromRest(
            Listed listed, Optional<LastTick> pushed, MarketSession session, String tenant, Instant now) {
        var key = keyOf(listed, session);
        if (pushed.isPresent() && rule.isPushHour(session)) {
            restFallbacks.increment();
        }
        var servable = new Servable(Optional.of(this::isFresh), Optional.of(this::isSharedFresh));
        return switch (answers.obtain(key, servable, () -> callKis(key, tenant))) {
            // An answer of the shared cache may be some seconds old.
            case Result.Success<Cached<RestQuote>>(Cached<RestQuote> answer) ->
                Result.success(restQuote(listed, answer, session, clock.instant()));
            case Result.Refused<Cached<RestQuote>>(Refusal refusal) ->
                staleAnswer(listed, pushed, session, tenant, refusal);
        };
    }

    /** Whether an answer received at {@code at} may still be served. */
    private boolean isFresh(Instant at) {
        var now = clock.instant();
        return lifetime.isFresh(at, now) && rule.isFresh(at, now, lifetime.longest());
    }

    private boolean isSharedFresh(Instant at) {
        return rule.isFresh(at, clock.instant(), sharedCache.life());
    }

    /** Within a second: a halt must not be hidden by a price that may be served for longer. */
    private boolean isRecent(Instant at) {
        return isFresh(at) && isWithin(at, RECENT_MAX);
    }

    private boolean isWithin(Instant at, Duration life) {
        return Duration.between(at, clock.instant()).compareTo(life) < 0;
    }

    private Result<RestQuote> callKis(QuoteKey key, String tenant) {
        return fetch(source, key, tenant, clock.instant().plus(AnswerCache.CALL_LIMIT));
    }

    private Result<RestQuote> fetch(QuoteSource quoteSource, QuoteKey key, String tenant, Instant deadline) {
        return quoteSource.fetch(key.symbol(), key.series(), tenant, deadline).map(quote -> {
            fallback.priceFound(key.symbol());
            return quote;
        });
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
        var key = keyOf(listed, session);
        return answers.refresh(key, () -> fetch(backgroundSource, key, tenant, deadline))
                .map(answer -> restQuote(listed, answer, session, clock.instant()));
    }

    /** Invalidates the cached prices of {@code symbols} and answers in flight; the next quotes are requested from KIS. */
    public void invalidateAll(Collection<? extends MarketSymbol> symbols) {
        var keys = symbols.stream()
                .flatMap(symbol -> rule.series().stream().map(series -> new QuoteKey(symbol, series)))
                .toList();
        answers.invalidateAll(keys);
        invalidated.add(symbols.size());
    }

    /** Whether KIS's last answer about {@code symbol} precedes an invalidation. */
    boolean isInvalidated(MarketSymbol symbol) {
        return answers.isLastOutdated(mainKey(symbol));
    }

    private Quote restQuote(Listed listed, Cached<RestQuote> latest, MarketSession session, Instant now) {
        return restQuote(listed, latest, Source.KIS_REST, session, now);
    }

    private Quote restQuote(
            Listed listed, Cached<RestQuote> latest, Source source, MarketSession session, Instant now) {
        var age = age(latest.at().toEpochMilli(), now);
        return Quote.ofRest(listed, latest.value(), source, rule.stateOfRest(latest.at(), now), age, session);
    }

    /** The newest known value, marked stale; else the other venue's or the safe value; else the refusal. */
    private Result<Quote> staleAnswer(
            Listed listed, Optional<LastTick> pushed, MarketSession session, String tenant, Refusal refusal) {
        var now = clock.instant();
        var latest = answers.last(keyOf(listed, session));
        var requestedAt = latest.map(answer -> answer.at().toEpochMilli()).orElse(Long.MIN_VALUE);
        if (pushed.isPresent() && pushed.get().tradeAtMs() >= requestedAt) {
            cacheAnswers.increment();
            return Result.success(Quote.ofPush(
                    listed,
                    pushed.get(),
                    Source.CACHE,
                    State.STALE,
                    age(pushed.get().tradeAtMs(), now),
                    session));
        }
        if (latest.isPresent()) {
            cacheAnswers.increment();
            return Result.success(Quote.ofRest(
                    listed, latest.get().value(), Source.CACHE, State.STALE, age(requestedAt, now), session));
        }
        return fallback.of(listed, session, tenant, refusal.code())
                .map(quote -> {
                    fallbacks.increment();
                    return Result.success(quote);
                })
                .orElseGet(() -> Result.refused(refusal));
    }

    /** Stale symbols among those pushed or requested. */
    private int staleSymbols() {
        var now = clock.instant();
        var sign = feed.feedStatus().lastActivityAt();
        var stale = new int[1];
        store.forEach((symbol, tick) -> {
            if (symbol.market().equals(market)
                    && VenueSymbol.venueOf(symbol).isEmpty()
                    && rule.stateOfPush(feed.isLive(symbol), sign, age(tick.tradeAtMs(), now), now) == State.STALE) {
                stale[0]++;
            }
        });
        answers.forEachLast((key, answer) -> {
            if (!key.series().isOfVenues()
                    && store.last(key.symbol()).isEmpty()
                    && rule.stateOfRest(answer.at(), now) == State.STALE) {
                stale[0]++;
            }
        });
        return stale[0];
    }

    /** Symbols with any cached value. */
    private int cachedSymbols() {
        var count = new int[] {store.size(market)};
        answers.forEachLast((key, _) -> {
            if (!key.series().isOfVenues() && store.last(key.symbol()).isEmpty()) {
                count[0]++;
            }
        });
        return count[0];
    }

    /** Registers the meters of this market's quotes and of the cache of requested prices. */
    void bindTo(Meters meters) {
        String[] tags = {"market", market.id()};
        meters.gauge("quote.symbols.cached", "symbols", "Symbols with any cached value", this::cachedSymbols, tags);
        meters.gauge("quote.symbols.stale", "symbols", "Symbols whose cached value is stale", this::staleSymbols, tags);
        meters.counter(
                "quote.rest.fallbacks",
                "quotes",
                "Quotes for which a pushed value existed in push hours but was not fresh",
                restFallbacks::sum,
                tags);
        meters.counter(
                "quote.answers.cached",
                "quotes",
                "Answers with the last known value because the broker failed",
                cacheAnswers::sum,
                tags);
        meters.counter(
                "quote.answers.fallback",
                "quotes",
                "Answers with the other venue's price or a safe value",
                fallbacks::sum,
                tags);
        meters.counter("quote.invalidated", "prices", "Cached prices that were invalidated", invalidated::sum, tags);
        answers.bindTo(meters);
    }

    private static long age(long atMs, Instant now) {
        return Math.max(0, now.toEpochMilli() - atMs);
    }
}
