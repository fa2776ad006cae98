package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import kr.kisgateway.gateway.ask.SharedCache.Timestamped;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.interruption.StockStatusMonitor.ObservedStatus;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteOutcome.Korean;
import kr.kisgateway.gateway.quote.QuoteOutcome.Refused;
import kr.kisgateway.gateway.quote.QuoteOutcome.Us;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.PriceLimits;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * What an order's checks need to know of a symbol. Yesterday's figures are no figures of today: the day's limits hang on
 * today's base price, which only a trade of today or KIS tells, never the listing.
 *
 * <p>Costs a call at most where something that is needed is not known: one for a symbol and day, and with
 * {@code standingAge} one whenever the last is older.
 */
public final class QuoteFacts {
    /** What orders need is asked for by the gateway itself. */
    private static final String TENANT = "orders";
    /** An answer of KIS may be that much behind what it pushes. */
    private static final Duration PUSH_LAG_MAX = Duration.ofSeconds(5);

    private final QuoteStore store;
    private final QuoteService quotes;
    private final SharedIssueCache sharedIssues;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    private final Optional<Duration> tradingStatusAgeMax;
    private final Function<Symbol, Optional<ObservedStatus>> statuses;

    /**
     * @param statuses what KIS pushed last of a stock's halts and warnings
     * @param tradingStatusAgeMax how old KIS's word on a halt or warning may be before it is asked again; absent, it is taken as
     *     it comes with other answers
     */
    public QuoteFacts(
            QuoteStore store,
            QuoteService quotes,
            TradingCalendar calendar,
            InstantSource clock,
            Optional<Duration> tradingStatusAgeMax,
            Function<Symbol, Optional<ObservedStatus>> statuses) {
        this(store, quotes, SharedIssueCache.none(calendar, clock), calendar, clock, tradingStatusAgeMax, statuses);
    }

    /**
     * @param sharedIssues what other gateways know
     * @param statuses what KIS pushed last of a stock's halts and warnings
     * @param tradingStatusAgeMax how old KIS's word on a halt or warning may be before it is asked again; absent, it is taken as
     *     it comes with other answers
     */
    public QuoteFacts(
            QuoteStore store,
            QuoteService quotes,
            SharedIssueCache sharedIssues,
            TradingCalendar calendar,
            InstantSource clock,
            Optional<Duration> tradingStatusAgeMax,
            Function<Symbol, Optional<ObservedStatus>> statuses) {
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
        var price = last ? lastPrice(instrument) : OptionalLong.empty();
        var reported = restQuote.map(Timestamped::value);
        return new MarketFacts(
                price,
                reported.map(RestQuote::lower).filter(OptionalLong::isPresent).orElseGet(() -> lower(pushed)),
                reported.map(RestQuote::upper).filter(OptionalLong::isPresent).orElseGet(() -> upper(pushed)),
                tradingStatus(symbol, restQuote));
    }

    /** The newer word of what was pushed and what was asked for; of two of the same moment the pushed one, which is never behind. */
    private Designation tradingStatus(Symbol symbol, Optional<Timestamped<RestQuote>> restQuote) {
        var reported = pushedStatus(symbol);
        if (reported.isPresent()
                && restQuote
                        .filter(it -> it.at().isAfter(reported.get().at().plus(PUSH_LAG_MAX)))
                        .isEmpty()) {
            return reported.get().status().designation();
        }
        var current = restQuote.map(it -> it.value().tradingStatus()).orElse(Designation.UNKNOWN);
        return switch (current) {
            // Something has changed since, and whether it trades is the first thing that does. What was halted stays so
            // until KIS says otherwise.
            case NORMAL -> quotes.isInvalidated(symbol) ? Designation.OUTDATED : current;
            case UNKNOWN, OUTDATED, WARNED, MANAGED, HALTED -> current;
        };
    }

    private Optional<ObservedStatus> pushedStatus(Symbol symbol) {
        return statuses.apply(symbol).filter(it -> it.status().designation() != Designation.UNKNOWN);
    }

    /**
     * Has what KIS says of {@code instrument} today known, as {@link #cachedFacts} tells it.
     *
     * @param backgroundSource whom to ask where it is not, or is old
     * @return why it is not; empty when it is
     */
    public Optional<Refusal> warm(
            Instrument instrument, QuoteSource backgroundSource, String tenant, Instant deadline) {
        var now = clock.instant();
        boolean isCurrent = quotes.lastRestQuote(instrument.symbol())
                .filter(answer -> isToday(answer.at(), now))
                .filter(answer -> !isOld(answer, now) && !quotes.isInvalidated(instrument.symbol()))
                .isPresent();
        return isCurrent ? Optional.empty() : quotes.refresh(instrument, backgroundSource, tenant, deadline);
    }

    private boolean isOld(Timestamped<RestQuote> answer, Instant now) {
        return tradingStatusAgeMax.isPresent()
                && answer.at().plus(tradingStatusAgeMax.get()).isBefore(now);
    }

    /** What is known of {@code instrument} without asking anybody: the last price of today, and today's limits. */
    public MarketFacts cachedFacts(Instrument instrument) {
        var now = clock.instant();
        var restQuote = quotes.lastRestQuote(instrument.symbol()).filter(answer -> isToday(answer.at(), now));
        var tick = store.last(instrument.symbol()).filter(it -> isToday(Instant.ofEpochMilli(it.tradeAtMs()), now));
        var pushed = pushedLimits(instrument, now);
        var reported = restQuote.map(Timestamped::value);
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

    /** The same, with today's limits and standing from another gateway where none are known here. Never for an order. */
    public MarketFacts sharedFacts(Instrument instrument) {
        return sharedIssues.complete(instrument.symbol(), cachedFacts(instrument));
    }

    private OptionalLong lastPrice(Instrument instrument) {
        return switch (quotes.quote(instrument, TENANT)) {
            case Korean(Quote quote)
            when quote.state() == State.HEALTHY && quote.price() > 0 -> OptionalLong.of(quote.price());
            case Korean _, Us _, Refused _ -> OptionalLong.empty();
        };
    }

    /** The limits around the base price that a trade of today tells. */
    private Optional<PriceLimits> pushedLimits(Instrument instrument, Instant now) {
        return store.last(instrument.symbol())
                // What was asked for before the first trade may still be yesterday's, and its base the day's before.
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
