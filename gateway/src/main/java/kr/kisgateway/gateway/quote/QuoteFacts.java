package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.interruption.StockStatusMonitor.ObservedStatus;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.PriceLimits;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;

/**
 * Market facts for an order's checks. Yesterday's figures are not today's: the day's limits depend on today's base price,
 * which only a trade of today or KIS provides, never the listing.
 *
 * <p>Costs at most one call where a needed fact is missing: one per symbol and day, and with {@code tradingStatusAgeMax} one
 * whenever the last answer is older.
 */
public final class QuoteFacts {
    /** Requests for orders are the gateway's own tenant. */
    private static final String TENANT = "orders";
    /** Maximum lag of a KIS answer behind its push. */
    private static final Duration PUSH_LAG_MAX = Duration.ofSeconds(5);

    private final Function<Symbol, Optional<Listed>> listing;
    private final QuoteStore store;
    private final QuoteService quotes;
    private final SharedIssueCache sharedIssues;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    private final Optional<Duration> tradingStatusAgeMax;
    private final Function<Symbol, Optional<ObservedStatus>> statuses;
    private final Function<Symbol, Optional<Boolean>> onNxt;

    /**
     * @param listing finds listed instruments
     * @param statuses halts and warnings that KIS pushed last
     * @param tradingStatusAgeMax maximum age of KIS's answer about a halt or warning before it is requested again; absent, it
     *     is updated only with other answers
     */
    public QuoteFacts(
            Function<Symbol, Optional<Listed>> listing,
            QuoteStore store,
            QuoteService quotes,
            TradingCalendar calendar,
            InstantSource clock,
            Optional<Duration> tradingStatusAgeMax,
            Function<Symbol, Optional<ObservedStatus>> statuses) {
        this(
                listing,
                store,
                quotes,
                SharedIssueCache.none(calendar, clock),
                calendar,
                clock,
                tradingStatusAgeMax,
                statuses,
                _ -> Optional.empty());
    }

    /**
     * @param sharedIssues answers of other gateways
     * @param onNxt whether NXT trades a stock today, where the broker answered it; may ask the broker
     * @param listing finds listed instruments
     * @param statuses halts and warnings that KIS pushed last
     * @param tradingStatusAgeMax maximum age of KIS's answer about a halt or warning before it is requested again; absent, it
     *     is updated only with other answers
     */
    public QuoteFacts(
            Function<Symbol, Optional<Listed>> listing,
            QuoteStore store,
            QuoteService quotes,
            SharedIssueCache sharedIssues,
            TradingCalendar calendar,
            InstantSource clock,
            Optional<Duration> tradingStatusAgeMax,
            Function<Symbol, Optional<ObservedStatus>> statuses,
            Function<Symbol, Optional<Boolean>> onNxt) {
        this.onNxt = onNxt;
        this.listing = listing;
        this.sharedIssues = sharedIssues;
        this.store = store;
        this.quotes = quotes;
        this.calendar = calendar;
        this.clock = clock;
        this.tradingStatusAgeMax = tradingStatusAgeMax;
        this.statuses = statuses;
    }

    /**
     * @param last whether the last price is needed
     * @param limits whether the day's limits are needed
     */
    public MarketFacts of(Instrument instrument, boolean last, boolean limits) {
        return of(instrument, PriceSeries.MAIN, last, limits);
    }

    private MarketFacts of(Instrument instrument, PriceSeries series, boolean last, boolean limits) {
        var symbol = instrument.symbol();
        var now = clock.instant();
        var restQuote = quotes.lastRestQuote(symbol).filter(answer -> isToday(answer.at(), now));
        var pushed = pushedLimits(instrument, now);
        boolean hasLimits = pushed.isPresent()
                || restQuote.isPresent() && restQuote.get().value().upper().isPresent();
        boolean statusIsOld = tradingStatusAgeMax.isPresent() && (restQuote.isEmpty() || isOld(restQuote.get(), now))
                || restQuote.isPresent()
                        && quotes.isInvalidated(symbol)
                        && pushedStatus(symbol).isEmpty();
        if (limits && !hasLimits || statusIsOld) {
            restQuote = quotes.requestFresh(symbol, TENANT)
                    .or(() -> quotes.lastRestQuote(symbol).filter(a -> isToday(a.at(), now)));
        }
        var price = last ? lastPrice(instrument, series) : OptionalLong.empty();
        var reported = restQuote.map(Cached::value);
        return new MarketFacts(
                price,
                reported.map(RestQuote::lower).filter(OptionalLong::isPresent).orElseGet(() -> lower(pushed)),
                reported.map(RestQuote::upper).filter(OptionalLong::isPresent).orElseGet(() -> upper(pushed)),
                tradingStatus(symbol, restQuote));
    }

    /**
     * The same for an order on {@code venue}, with the last price of that venue, or of both together: while KRX is closed its price is
     * that of another session. NXT may trade what KRX has suspended, and is asked then. It does not trade every stock; with SOR that
     * matters for market orders alone, so others are looked up with KRX.
     */
    public MarketFacts of(Instrument instrument, Venue venue, boolean last, boolean limits) {
        MarketFacts facts = of(instrument, series(instrument, venue), last, limits);
        if (venue != Venue.KRX
                && onNxt.apply(instrument.symbol()).filter(it -> !it).isPresent()) {
            return facts.with(Designation.NOT_TRADED);
        }
        return venue == Venue.NXT && facts.designation() == Designation.HALTED
                ? quotes.restQuote(instrument.symbol(), PriceSeries.NXT, TENANT)
                        .toOptional()
                        .map(RestQuote::tradingStatus)
                        .filter(status -> status != Designation.UNKNOWN)
                        .map(facts::with)
                        .orElse(facts)
                : facts;
    }

    /** The newer of the pushed and the requested status; at the same moment the pushed one, which is never behind. */
    private Designation tradingStatus(Symbol symbol, Optional<Cached<RestQuote>> restQuote) {
        var reported = pushedStatus(symbol);
        if (reported.isPresent()
                && restQuote
                        .filter(it -> it.at().isAfter(reported.get().at().plus(PUSH_LAG_MAX)))
                        .isEmpty()) {
            return reported.get().status().designation();
        }
        var current = restQuote.map(it -> it.value().tradingStatus()).orElse(Designation.UNKNOWN);
        return switch (current) {
            // The issue changed since, and its status is the first thing that may have changed. A halted stock stays
            // halted until KIS reports otherwise.
            case NORMAL -> quotes.isInvalidated(symbol) ? Designation.OUTDATED : current;
            case UNKNOWN, OUTDATED, WARNED, MANAGED, HALTED, NOT_TRADED -> current;
        };
    }

    private Optional<ObservedStatus> pushedStatus(Symbol symbol) {
        return statuses.apply(symbol).filter(it -> it.status().designation() != Designation.UNKNOWN);
    }

    /**
     * Loads today's facts of {@code instrument} for {@link #cachedFacts}.
     *
     * @param backgroundSource source when they are missing or old
     * @return the refusal when they could not be loaded; otherwise empty
     */
    public Optional<Refusal> warm(
            Instrument instrument, QuoteSource backgroundSource, String tenant, Instant deadline) {
        var now = clock.instant();
        boolean isCurrent = quotes.lastRestQuote(instrument.symbol())
                .filter(answer -> isToday(answer.at(), now))
                .filter(answer -> !isOld(answer, now) && !quotes.isInvalidated(instrument.symbol()))
                .isPresent();
        return isCurrent
                ? Optional.empty()
                : listing.apply(instrument.symbol())
                        .flatMap(listed ->
                                QuoteService.refusal(quotes.refresh(listed, backgroundSource, tenant, deadline)));
    }

    private boolean isOld(Cached<RestQuote> answer, Instant now) {
        return tradingStatusAgeMax.isPresent()
                && answer.at().plus(tradingStatusAgeMax.get()).isBefore(now);
    }

    /** Cached facts of {@code instrument}, without a call: the last price of today, and today's limits. */
    public MarketFacts cachedFacts(Instrument instrument) {
        var now = clock.instant();
        var restQuote = quotes.lastRestQuote(instrument.symbol()).filter(answer -> isToday(answer.at(), now));
        var tick = store.last(instrument.symbol()).filter(it -> isToday(Instant.ofEpochMilli(it.tradeAtMs()), now));
        var pushed = pushedLimits(instrument, now);
        var reported = restQuote.map(Cached::value);
        return new MarketFacts(
                tick.map(it -> OptionalLong.of(it.trade().price()))
                        .or(() -> reported.map(RestQuote::price)
                                .filter(price -> price > 0)
                                .map(OptionalLong::of))
                        .orElse(OptionalLong.empty()),
                reported.map(RestQuote::lower).filter(OptionalLong::isPresent).orElseGet(() -> lower(pushed)),
                reported.map(RestQuote::upper).filter(OptionalLong::isPresent).orElseGet(() -> upper(pushed)),
                tradingStatus(instrument.symbol(), restQuote));
    }

    /**
     * Cached facts, with today's limits and trading status from another gateway where they are missing here. Never for an
     * order.
     */
    public MarketFacts sharedFacts(Instrument instrument) {
        return sharedIssues.complete(instrument.symbol(), cachedFacts(instrument));
    }

    private PriceSeries series(Instrument instrument, Venue venue) {
        boolean isOnNxt = listing.apply(instrument.symbol())
                .filter(listed -> listed instanceof Listed.Korean korean && korean.onNxt())
                .isPresent();
        return switch (venue) {
            case NXT -> isOnNxt ? PriceSeries.NXT : PriceSeries.MAIN;
            case SOR -> isOnNxt ? PriceSeries.UNIFIED : PriceSeries.MAIN;
            case KRX, NASD, NYSE, AMEX -> PriceSeries.MAIN;
        };
    }

    private OptionalLong lastPrice(Instrument instrument, PriceSeries series) {
        return listing.apply(instrument.symbol())
                .map(listed -> lastPrice(quotes, listed, series))
                .orElseGet(OptionalLong::empty);
    }

    /** The last price, in units of the market's currency, unless only an old one is known. */
    public static OptionalLong lastPrice(QuoteService quotes, Listed listed) {
        return lastPrice(quotes, listed, PriceSeries.MAIN);
    }

    /** The same in a price series of a venue. */
    public static OptionalLong lastPrice(QuoteService quotes, Listed listed, PriceSeries series) {
        return quotes.quote(listed, series, TENANT)
                .toOptional()
                .filter(quote -> quote.state() == State.HEALTHY && quote.price() > 0)
                .map(quote -> OptionalLong.of(quote.price()))
                .orElseGet(OptionalLong::empty);
    }

    /** The limits around the base price of a trade of today. */
    private Optional<PriceLimits> pushedLimits(Instrument instrument, Instant now) {
        return store.last(instrument.symbol())
                // An answer from before the first trade may still be yesterday's, with the base price of the day
                // before.
                .filter(tick -> !tick.polled())
                .filter(tick -> isToday(Instant.ofEpochMilli(tick.tradeAtMs()), now))
                .map(tick -> tick.trade().price() - tick.trade().change())
                .filter(base -> base > 0)
                .map(base -> PriceRules.limits(instrument, base, today(now)));
    }

    private static OptionalLong lower(Optional<PriceLimits> limits) {
        return limits.isPresent() ? OptionalLong.of(limits.get().lower()) : OptionalLong.empty();
    }

    private static OptionalLong upper(Optional<PriceLimits> limits) {
        return limits.isPresent() ? OptionalLong.of(limits.get().upper()) : OptionalLong.empty();
    }

    private boolean isToday(Instant at, Instant now) {
        return today(at).equals(today(now));
    }

    private LocalDate today(Instant now) {
        return calendar.tradingDay(now);
    }
}
