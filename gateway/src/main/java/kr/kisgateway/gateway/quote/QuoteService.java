package kr.kisgateway.gateway.quote;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers quotes. Everyone who asks for the same symbol within a second shares one call to KIS; after KIS refused for
 * its call rate nobody asks for that symbol until the cooldown is over.
 */
public final class QuoteService {
    /** Symbols of one question. */
    public static final int BATCH_MAX = 100;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.quote");
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);

    private final QuoteStore store;
    private final Feed feed;
    private final QuoteRule rule;
    private final QuoteSource source;
    private final Function<Symbol, Optional<Instrument>> listing;
    private final Duration cooldown;
    private final InstantSource clock;
    private final ExecutorService workers;
    private final Cache<Symbol, Asked> fresh;
    private final Cache<Symbol, Asked> last;
    private final Cache<Symbol, Instant> coolUntil;
    private final SingleFlight<Symbol, Fetched> flights = new SingleFlight<>();
    private final AtomicLong restCalls = new AtomicLong();
    private final AtomicLong restFallbacks = new AtomicLong();
    private final AtomicLong cacheAnswers = new AtomicLong();
    private volatile Batch lastBatch = new Batch(0, 0, 0, 0, List.of());

    /** A REST answer and when it came. */
    record Asked(RestQuote quote, Instant at) {}

    /**
     * Figures of one question for many symbols.
     *
     * @param targets symbols asked for
     * @param finals symbols answered
     * @param pushed of these, from the pushed feed
     * @param rest of these, from REST
     * @param failed symbols without an answer
     */
    public record Batch(int targets, int finals, int pushed, int rest, List<String> failed) {}

    /**
     * @param listing finds what is listed; nothing else is ever asked about
     * @param workers runs the questions of a batch, one virtual thread each
     */
    public QuoteService(
            QuoteStore store,
            Feed feed,
            QuoteRule rule,
            QuoteSource source,
            Function<Symbol, Optional<Instrument>> listing,
            Duration cooldown,
            InstantSource clock,
            ExecutorService workers) {
        this.store = store;
        this.feed = feed;
        this.rule = rule;
        this.source = source;
        this.listing = listing;
        this.cooldown = cooldown;
        this.clock = clock;
        this.workers = workers;
        this.fresh = timed(FRESH);
        this.coolUntil = timed(cooldown);
        this.last = Caffeine.newBuilder().maximumSize(QuoteStore.SYMBOLS_MAX).build();
    }

    private <V> Cache<Symbol, V> timed(Duration life) {
        return Caffeine.newBuilder()
                .maximumSize(QuoteStore.SYMBOLS_MAX)
                .expireAfterWrite(life)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** The quote of {@code text}, which need not be a symbol. Blocks for at most a few seconds. */
    public QuoteOutcome quote(String text) {
        var symbol = Symbol.parse(text);
        if (symbol.isEmpty()) {
            return new Refused(Refusal.of(
                    ErrorCode.INVALID_SYMBOL,
                    "A symbol is six characters of 0-9 and A-Z (005930), or Q and six digits."));
        }
        var instrument = listing.apply(symbol.get());
        if (instrument.isEmpty()) {
            return new Refused(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "No market lists " + symbol.get() + ".")
                    .with("symbol", symbol.get().code()));
        }
        return quote(instrument.get());
    }

    /** Where a value of the store came from. */
    private static Source source(LastTick last) {
        return last.polled() ? Source.KIS_REST : Source.KIS_WS;
    }

    public QuoteOutcome quote(Instrument instrument) {
        var now = clock.instant();
        var session = rule.session(now);
        var pushed = store.last(instrument.symbol());
        if (pushed.isPresent() && rule.isPushHour(session)) {
            var age = age(pushed.get().tradeAtMs(), now);
            var live = feed.isLive(instrument.symbol()) && !pushed.get().polled();
            if (rule.pushed(live, feed.feedStatus().lastSignAt(), age, now) == State.HEALTHY) {
                return new Known(
                        Quote.pushed(instrument, pushed.get(), source(pushed.get()), State.HEALTHY, age, session));
            }
        }
        return ask(instrument, pushed, session, now);
    }

    /** KIS's last answer about {@code symbol}, however old. */
    Optional<Asked> lastAsked(Symbol symbol) {
        return Optional.ofNullable(last.getIfPresent(symbol));
    }

    /** Has KIS asked about {@code symbol}, unless it was within a second or refused for its rate a moment ago. */
    Optional<Asked> askedAnew(Symbol symbol) {
        var now = clock.instant();
        var held = fresh.getIfPresent(symbol);
        if (held != null) {
            return Optional.of(held);
        }
        var cooling = coolUntil.getIfPresent(symbol);
        if (cooling != null && cooling.isAfter(now)) {
            return Optional.empty();
        }
        return switch (fetch(symbol, now.plus(CALL_LIMIT))) {
            case Fetched.Got(RestQuote quote) -> Optional.of(new Asked(quote, clock.instant()));
            case Fetched.Failed _ -> Optional.empty();
        };
    }

    /** The quotes of {@code symbols}, in their order, asked side by side. */
    public Map<String, QuoteOutcome> quotes(List<String> symbols) {
        var asked = new LinkedHashMap<String, CompletableFuture<QuoteOutcome>>();
        for (var symbol : symbols) {
            asked.computeIfAbsent(symbol, text -> CompletableFuture.supplyAsync(() -> quote(text), workers));
        }
        var outcomes = new LinkedHashMap<String, QuoteOutcome>();
        asked.forEach((symbol, answer) -> outcomes.put(symbol, answer.join()));
        lastBatch = figures(outcomes);
        return outcomes;
    }

    private static Batch figures(Map<String, QuoteOutcome> outcomes) {
        var pushed = 0;
        var rest = 0;
        var failed = new ArrayList<String>();
        for (var outcome : outcomes.entrySet()) {
            switch (outcome.getValue()) {
                case Known(Quote quote) -> {
                    pushed += quote.source() == Source.KIS_WS ? 1 : 0;
                    rest += quote.source() == Source.KIS_REST ? 1 : 0;
                }
                case Refused refused -> failed.add(outcome.getKey());
            }
        }
        return new Batch(outcomes.size(), outcomes.size() - failed.size(), pushed, rest, List.copyOf(failed));
    }

    private QuoteOutcome ask(Instrument instrument, Optional<LastTick> pushed, Session session, Instant now) {
        var symbol = instrument.symbol();
        if (pushed.isPresent() && rule.isPushHour(session)) {
            restFallbacks.incrementAndGet();
        }
        var held = fresh.getIfPresent(symbol);
        if (held != null) {
            return asked(instrument, held, session, now);
        }
        var cooling = coolUntil.getIfPresent(symbol);
        if (cooling != null && cooling.isAfter(now)) {
            return lastKnown(instrument, pushed, session, cooldownRefusal(Duration.between(now, cooling)));
        }
        return switch (fetch(symbol, now.plus(CALL_LIMIT))) {
            case Fetched.Got(RestQuote quote) -> {
                var at = clock.instant();
                yield asked(instrument, new Asked(quote, at), session, at);
            }
            case Fetched.Failed(Refusal refusal) -> lastKnown(instrument, pushed, session, refusal);
        };
    }

    /** One call for all who ask now. */
    private Fetched fetch(Symbol symbol, Instant deadline) {
        return flights.ask(
                symbol,
                Duration.between(clock.instant(), deadline),
                () -> {
                    // Somebody may have landed between our look into the cache and here.
                    var held = fresh.getIfPresent(symbol);
                    return held != null ? new Fetched.Got(held.quote()) : call(symbol, deadline);
                },
                QuoteService::late,
                QuoteService::unavailable);
    }

    private Fetched call(Symbol symbol, Instant deadline) {
        restCalls.incrementAndGet();
        var fetched = source.fetch(symbol, deadline);
        switch (fetched) {
            case Fetched.Got(RestQuote quote) -> {
                var asked = new Asked(quote, clock.instant());
                fresh.put(symbol, asked);
                last.put(symbol, asked);
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

    private QuoteOutcome asked(Instrument instrument, Asked asked, Session session, Instant now) {
        var age = age(asked.at().toEpochMilli(), now);
        return new Known(Quote.asked(instrument, asked.quote(), Source.KIS_REST, rule.aged(age), age, session));
    }

    /** The newest value there ever was, marked stale; the refusal when there was none. */
    private QuoteOutcome lastKnown(Instrument instrument, Optional<LastTick> pushed, Session session, Refusal refusal) {
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
                    Quote.asked(instrument, asked.quote(), Source.CACHE, State.STALE, age(askedAt, now), session));
        }
        return new Refused(refusal);
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
            if (store.last(symbol).isEmpty() && rule.aged(age(asked.at().toEpochMilli(), now)) == State.STALE) {
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

    /** The last question for many symbols. */
    public Batch lastBatch() {
        return lastBatch;
    }

    private static Refusal cooldownRefusal(Duration wait) {
        return Refusal.of(
                        ErrorCode.REST_RATE_LIMIT_COOLDOWN,
                        "KIS refused this symbol for its call rate a moment ago; try again after the pause.")
                .retryAfter(wait);
    }

    private static Fetched late() {
        return new Fetched.Failed(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time; try again."));
    }

    private static Fetched unavailable() {
        return new Fetched.Failed(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "No source has a price now; try again."));
    }

    private static long age(long atMs, Instant now) {
        return Math.max(0, now.toEpochMilli() - atMs);
    }
}
