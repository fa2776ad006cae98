package kr.kisgateway.gateway.quote;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import kr.kisgateway.gateway.ask.Lifetime;
import kr.kisgateway.gateway.ask.Outdated;
import kr.kisgateway.gateway.ask.Shared;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.ask.Shelf.Kept;
import kr.kisgateway.gateway.ask.SingleFlight;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteOutcome.Known;
import kr.kisgateway.gateway.quote.QuoteOutcome.Refused;
import kr.kisgateway.gateway.quote.QuoteSource.Fetched;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers quotes of Korean instruments. Everyone who asks for the same symbol within a second shares one call to KIS; after KIS refused for
 * its call rate nobody asks for that symbol until the cooldown is over.
 */
public final class QuoteService {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.quote");
    /** What is asked for anew is not older than this. */
    private static final Duration ANEW = Duration.ofSeconds(1);

    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private final QuoteStore store;
    private final Feed feed;
    private final QuoteRule rule;
    private final QuoteSource source;
    private final Shelf<Symbol, RestQuote> shelf;
    private final QuoteFallback fallback;
    private final Duration cooldown;
    private final Lifetime life;
    private final InstantSource clock;
    private final Cache<Symbol, Kept<RestQuote>> fresh;
    private final Cache<Symbol, Kept<RestQuote>> last;
    private final Cache<Symbol, Instant> coolUntil;
    private final Outdated<Symbol> outdated;
    /** At which of its steps a symbol's last answer was asked for. */
    private final Cache<Symbol, Long> askedAt;

    private final SingleFlight<Question, Shared<RestQuote>> flights = new SingleFlight<>();
    private final AtomicLong restCalls = new AtomicLong();
    private final AtomicLong restFallbacks = new AtomicLong();
    private final AtomicLong cacheAnswers = new AtomicLong();
    private final AtomicLong fallbacks = new AtomicLong();
    private final AtomicLong invalidated = new AtomicLong();

    /**
     * Nobody joins a call that left before the price was known to be wrong; and what is asked anew for orders does not wait
     * for what others may be told from the shelf.
     */
    private record Question(Symbol symbol, boolean anew, long wrongSince) {}

    /**
     * @param shelf the second cache
     * @param fallback what is told when there is nothing
     * @param life of KIS's answers in memory
     */
    public QuoteService(
            QuoteStore store,
            Feed feed,
            QuoteRule rule,
            QuoteSource source,
            Shelf<Symbol, RestQuote> shelf,
            QuoteFallback fallback,
            Duration cooldown,
            Lifetime life,
            InstantSource clock) {
        this.store = store;
        this.feed = feed;
        this.rule = rule;
        this.source = source;
        this.shelf = shelf;
        this.fallback = fallback;
        this.cooldown = cooldown;
        this.clock = clock;
        this.life = life;
        this.fresh = timed(life.longest());
        this.coolUntil = timed(cooldown);
        this.last = Caffeine.newBuilder().maximumSize(QuoteStore.SYMBOLS_MAX).build();
        this.outdated = new Outdated<>(QuoteStore.SYMBOLS_MAX, clock);
        this.askedAt = Caffeine.newBuilder().maximumSize(QuoteStore.SYMBOLS_MAX).build();
    }

    private <V> Cache<Symbol, V> timed(Duration life) {
        return Caffeine.newBuilder()
                .maximumSize(QuoteStore.SYMBOLS_MAX)
                .expireAfterWrite(life)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** The quote of {@code instrument} where no call is needed for it. */
    Optional<Quote> atHand(Instrument instrument) {
        var now = clock.instant();
        var session = rule.session(now);
        return pushed(instrument, store.last(instrument.symbol()), session, now)
                .or(() -> held(instrument.symbol(), now).map(kept -> restQuote(instrument, kept, session, now)));
    }

    /** Where a value of the store came from. */
    private static Source source(LastTick last) {
        return last.polled() ? Source.KIS_REST : Source.KIS_WS;
    }

    /**
     * The quote of {@code instrument}. Blocks for at most a few seconds.
     *
     * @param tenant who asks: callers share the call budget by turns
     */
    public QuoteOutcome quote(Instrument instrument, String tenant) {
        var now = clock.instant();
        var session = rule.session(now);
        var pushed = store.last(instrument.symbol());
        var fresh = pushed(instrument, pushed, session, now);
        if (fresh.isPresent()) {
            fallback.priced(instrument.symbol());
            return new Known(fresh.get());
        }
        return ask(instrument, pushed, session, tenant, now);
    }

    /** The pushed value, where it may answer now. */
    private Optional<Quote> pushed(Instrument instrument, Optional<LastTick> pushed, Session session, Instant now) {
        if (pushed.isEmpty() || !rule.isPushHour(session)) {
            return Optional.empty();
        }
        var age = age(pushed.get().tradeAtMs(), now);
        var live = feed.isLive(instrument.symbol()) && !pushed.get().polled();
        return rule.pushed(live, feed.feedStatus().lastSignAt(), age, now) == State.HEALTHY
                ? Optional.of(Quote.pushed(instrument, pushed.get(), source(pushed.get()), State.HEALTHY, age, session))
                : Optional.empty();
    }

    /** KIS's last answer about {@code symbol}, however old. */
    Optional<Kept<RestQuote>> lastAsked(Symbol symbol) {
        return Optional.ofNullable(last.getIfPresent(symbol));
    }

    /** Has KIS asked about {@code symbol}, unless it was within a second or refused for its rate a moment ago. */
    Optional<Kept<RestQuote>> askedAnew(Symbol symbol, String tenant) {
        var now = clock.instant();
        var held = anew(symbol, now);
        if (held.isPresent()) {
            return held;
        }
        var cooling = coolUntil.getIfPresent(symbol);
        if (cooling != null && cooling.isAfter(now)) {
            return Optional.empty();
        }
        return switch (fetch(symbol, true, tenant, now.plus(CALL_LIMIT), this::anew)) {
            case Shared.Known<RestQuote>(RestQuote quote, Instant at, boolean _) -> Optional.of(new Kept<>(quote, at));
            case Shared.Refused<RestQuote> _ -> Optional.empty();
        };
    }

    private QuoteOutcome ask(
            Instrument instrument, Optional<LastTick> pushed, Session session, String tenant, Instant now) {
        var symbol = instrument.symbol();
        if (pushed.isPresent() && rule.isPushHour(session)) {
            restFallbacks.incrementAndGet();
        }
        var held = held(symbol, now);
        if (held.isPresent()) {
            return asked(instrument, held.get(), session, now);
        }
        var cooling = coolUntil.getIfPresent(symbol);
        if (cooling != null && cooling.isAfter(now)) {
            return lastKnown(instrument, pushed, session, tenant, cooldownRefusal(Duration.between(now, cooling)));
        }
        return switch (fetch(
                symbol,
                false,
                tenant,
                now.plus(CALL_LIMIT),
                (of, at) -> held(of, at).or(() -> shelved(of, at)))) {
            // From the shelf it may be some seconds old.
            case Shared.Known<RestQuote>(RestQuote quote, Instant at, boolean _) ->
                asked(instrument, new Kept<>(quote, at), session, clock.instant());
            case Shared.Refused<RestQuote>(Refusal refusal) -> lastKnown(instrument, pushed, session, tenant, refusal);
        };
    }

    /** What was asked for and may be told again. */
    private Optional<Kept<RestQuote>> held(Symbol symbol, Instant now) {
        return Optional.ofNullable(fresh.getIfPresent(symbol))
                .filter(kept -> life.holds(kept.at(), now) && rule.isFresh(kept.at(), now, life.longest()));
    }

    /** What was asked for within a second: a halt must not be hidden by a price that may be told for longer. */
    private Optional<Kept<RestQuote>> anew(Symbol symbol, Instant now) {
        return held(symbol, now).filter(kept -> Duration.between(kept.at(), now).compareTo(ANEW) < 0);
    }

    /**
     * Has the quote of {@code instrument} at hand: where a call is needed for it, {@code patient} is asked, and nobody waits
     * for that but the caller.
     *
     * @return why it is not; empty when it is
     */
    public Optional<Refusal> warm(Instrument instrument, QuoteSource patient, String tenant, Instant deadline) {
        return atHand(instrument).isPresent() ? Optional.empty() : renew(instrument, patient, tenant, deadline);
    }

    /** Asks {@code patient} whatever is at hand; why there is no answer. */
    Optional<Refusal> renew(Instrument instrument, QuoteSource patient, String tenant, Instant deadline) {
        return call(patient, instrument.symbol(), tenant, deadline) instanceof Fetched.Failed(Refusal refusal)
                ? Optional.of(refusal)
                : Optional.empty();
    }

    /** From now on the symbol is asked about anew: what is kept of it, or on its way, is known to be wrong. */
    public void invalidate(Symbol symbol) {
        outdated.mark(symbol);
        fresh.invalidate(symbol);
        shelf.drop(symbol);
        invalidated.incrementAndGet();
    }

    /** Whether KIS's last answer about {@code symbol} is from before something about it changed. */
    boolean isOutdated(Symbol symbol) {
        var asked = askedAt.getIfPresent(symbol);
        return asked != null && asked < outdated.since(symbol);
    }

    /** Symbols whose kept price was thrown away. */
    public long invalidated() {
        return invalidated.get();
    }

    /** One call for all who ask now. */
    private Shared<RestQuote> fetch(
            Symbol symbol,
            boolean anew,
            String tenant,
            Instant deadline,
            BiFunction<Symbol, Instant, Optional<Kept<RestQuote>>> known) {
        return flights.ask(
                new Question(symbol, anew, outdated.since(symbol)),
                Duration.between(clock.instant(), deadline),
                () -> {
                    // Somebody may have landed between our look into the cache and here.
                    var now = clock.instant();
                    return known.apply(symbol, now)
                            .<Shared<RestQuote>>map(kept -> new Shared.Known<>(kept.value(), kept.at(), false))
                            .orElseGet(() -> told(call(source, symbol, tenant, deadline)));
                },
                QuoteService::late,
                QuoteService::unavailable);
    }

    private Optional<Kept<RestQuote>> shelved(Symbol symbol, Instant now) {
        long step = outdated.step();
        // Where it could not be dropped there, it is known here that it is wrong.
        var found = shelf.find(symbol).filter(kept -> !outdated.covers(symbol, kept.at()));
        found.ifPresent(kept ->
                last.asMap().merge(symbol, kept, (known, other) -> other.at().isAfter(known.at()) ? other : known));
        var usable = found.filter(kept -> rule.isFresh(kept.at(), now, shelf.life()));
        usable.ifPresent(kept -> {
            askedAt.put(symbol, step);
            fresh.put(symbol, kept);
        });
        if (outdated.since(symbol) > step) {
            fresh.invalidate(symbol);
            return Optional.empty();
        }
        return usable;
    }

    private Shared<RestQuote> told(Fetched fetched) {
        return switch (fetched) {
            case Fetched.Got(RestQuote quote) -> new Shared.Known<>(quote, clock.instant(), false);
            case Fetched.Failed(Refusal refusal) -> new Shared.Refused<>(refusal);
        };
    }

    private Fetched call(QuoteSource from, Symbol symbol, String tenant, Instant deadline) {
        restCalls.incrementAndGet();
        long step = outdated.step();
        var edition = shelf.edition(symbol);
        var fetched = from.fetch(symbol, Venue.KRX, tenant, deadline);
        switch (fetched) {
            case Fetched.Got(RestQuote quote) -> {
                keep(symbol, new Kept<>(quote, clock.instant()), step, edition);
                fallback.priced(symbol);
            }
            case Fetched.Failed(Refusal refusal) -> {
                LOG.warn("quote_call_failed symbol={} code={}", symbol, refusal.code());
                if (refusal.code() == ErrorCode.REST_RATE_LIMIT_COOLDOWN) {
                    coolUntil.put(symbol, clock.instant().plus(cooldown));
                    return new Fetched.Failed(refusal.retryAfter(cooldown));
                }
            }
        }
        return fetched;
    }

    /**
     * @param step when KIS was asked
     * @param edition what was valid on the shelf then
     */
    private void keep(Symbol symbol, Kept<RestQuote> asked, long step, String edition) {
        last.put(symbol, asked);
        askedAt.put(symbol, step);
        if (outdated.since(symbol) > step) {
            return;
        }
        fresh.put(symbol, asked);
        if (outdated.since(symbol) > step) {
            fresh.invalidate(symbol);
            return;
        }
        shelf.put(symbol, asked, edition);
        if (outdated.since(symbol) > step) {
            shelf.drop(symbol);
        }
    }

    private QuoteOutcome asked(Instrument instrument, Kept<RestQuote> asked, Session session, Instant now) {
        return new Known(restQuote(instrument, asked, session, now));
    }

    private Quote restQuote(Instrument instrument, Kept<RestQuote> asked, Session session, Instant now) {
        var age = age(asked.at().toEpochMilli(), now);
        return Quote.asked(instrument, asked.value(), Source.KIS_REST, rule.asked(asked.at(), now), age, session);
    }

    /** The newest value there ever was, marked stale; else the other venue's or the safe value; else the refusal. */
    private QuoteOutcome lastKnown(
            Instrument instrument, Optional<LastTick> pushed, Session session, String tenant, Refusal refusal) {
        var now = clock.instant();
        var asked = last.getIfPresent(instrument.symbol());
        var askedAt = asked == null ? Long.MIN_VALUE : asked.at().toEpochMilli();
        if (pushed.isPresent() && pushed.get().tradeAtMs() >= askedAt) {
            cacheAnswers.incrementAndGet();
            return new Known(Quote.pushed(
                    instrument,
                    pushed.get(),
                    Source.CACHE,
                    State.STALE,
                    age(pushed.get().tradeAtMs(), now),
                    session));
        }
        if (asked != null) {
            cacheAnswers.incrementAndGet();
            return new Known(
                    Quote.asked(instrument, asked.value(), Source.CACHE, State.STALE, age(askedAt, now), session));
        }
        return fallback.of(instrument, session, tenant, refusal.code())
                .<QuoteOutcome>map(quote -> {
                    fallbacks.incrementAndGet();
                    return new Known(quote);
                })
                .orElseGet(() -> new Refused(refusal));
    }

    /** Answers with the other venue's price or a safe value. */
    public long fallbacks() {
        return fallbacks.get();
    }

    /** Symbols whose last value is past its time, among those that were pushed or asked for. */
    public int staleSymbols() {
        var now = clock.instant();
        var sign = feed.feedStatus().lastSignAt();
        var stale = new int[1];
        store.forEach((symbol, tick) -> {
            if (rule.pushed(feed.isLive(symbol), sign, age(tick.tradeAtMs(), now), now) == State.STALE) {
                stale[0]++;
            }
        });
        last.asMap().forEach((symbol, asked) -> {
            if (store.last(symbol).isEmpty() && rule.asked(asked.at(), now) == State.STALE) {
                stale[0]++;
            }
        });
        return stale[0];
    }

    /** Symbols with any value at hand. */
    public int cachedSymbols() {
        var only = last.asMap().keySet().stream()
                .filter(symbol -> store.last(symbol).isEmpty())
                .count();
        return store.size() + (int) only;
    }

    /** Quotes for which a pushed value existed in push hours but was not fresh. */
    public long restFallbacks() {
        return restFallbacks.get();
    }

    /** Calls made to KIS. */
    public long restCalls() {
        return restCalls.get();
    }

    /** Answers from the last value known, because KIS failed. */
    public long cacheAnswers() {
        return cacheAnswers.get();
    }

    private static Refusal cooldownRefusal(Duration wait) {
        return Refusal.of(
                        ErrorCode.REST_RATE_LIMIT_COOLDOWN,
                        "KIS refused this symbol for its call rate a moment ago; try again after the pause.")
                .retryAfter(wait);
    }

    private static Shared<RestQuote> late() {
        return new Shared.Refused<>(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time; try again."));
    }

    private static Shared<RestQuote> unavailable() {
        return new Shared.Refused<>(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "No source has a price now; try again."));
    }

    private static long age(long atMs, Instant now) {
        return Math.max(0, now.toEpochMilli() - atMs);
    }
}
