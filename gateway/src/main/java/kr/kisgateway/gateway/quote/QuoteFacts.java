package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import kr.kisgateway.gateway.ask.Shelf.Kept;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.interruption.Interruptions.Told;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteOutcome.American;
import kr.kisgateway.gateway.quote.QuoteOutcome.Known;
import kr.kisgateway.gateway.quote.QuoteOutcome.Refused;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
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
    private static final Duration BEHIND = Duration.ofSeconds(5);

    private final QuoteStore store;
    private final QuoteService quotes;
    private final SharedIssues shared;
    private final TradingCalendar calendar;
    private final InstantSource clock;
    private final Optional<Duration> standingAge;
    private final Function<Symbol, Optional<Told>> statuses;

    /**
     * @param statuses what KIS pushed last of a stock's halts and warnings
     * @param standingAge how old KIS's word on a halt or warning may be before it is asked again; absent, it is taken as
     *     it comes with other answers
     */
    public QuoteFacts(
            QuoteStore store,
            QuoteService quotes,
            TradingCalendar calendar,
            InstantSource clock,
            Optional<Duration> standingAge,
            Function<Symbol, Optional<Told>> statuses) {
        this(store, quotes, SharedIssues.none(calendar, clock), calendar, clock, standingAge, statuses);
    }

    /**
     * @param shared what other gateways know
     * @param statuses what KIS pushed last of a stock's halts and warnings
     * @param standingAge how old KIS's word on a halt or warning may be before it is asked again; absent, it is taken as
     *     it comes with other answers
     */
    public QuoteFacts(
            QuoteStore store,
            QuoteService quotes,
            SharedIssues shared,
            TradingCalendar calendar,
            InstantSource clock,
            Optional<Duration> standingAge,
            Function<Symbol, Optional<Told>> statuses) {
        this.shared = shared;
        this.store = store;
        this.quotes = quotes;
        this.calendar = calendar;
        this.clock = clock;
        this.standingAge = standingAge;
        this.statuses = statuses;
    }

    /**
     * @param last whether the last price is needed
     * @param limits whether the day's limits are needed
     */
    public MarketFacts of(Instrument instrument, boolean last, boolean limits) {
        var symbol = instrument.symbol();
        var now = clock.instant();
        var asked = quotes.lastAsked(symbol).filter(answer -> isToday(answer.at(), now));
        var pushed = pushedLimits(instrument, now);
        boolean limitsKnown = pushed.isPresent()
                || asked.isPresent() && asked.get().value().upper().isPresent();
        boolean old = standingAge.isPresent() && (asked.isEmpty() || isOld(asked.get(), now))
                || asked.isPresent()
                        && quotes.isOutdated(symbol)
                        && pushedStanding(symbol).isEmpty();
        if (limits && !limitsKnown || old) {
            asked = quotes.askedAnew(symbol, TENANT)
                    .or(() -> quotes.lastAsked(symbol).filter(a -> isToday(a.at(), now)));
        }
        var price = last ? lastPrice(instrument) : OptionalLong.empty();
        var told = asked.map(Kept::value);
        return new MarketFacts(
                price,
                told.map(RestQuote::lower).filter(OptionalLong::isPresent).orElseGet(() -> lower(pushed)),
                told.map(RestQuote::upper).filter(OptionalLong::isPresent).orElseGet(() -> upper(pushed)),
                standing(symbol, asked));
    }

    /** The newer word of what was pushed and what was asked for; of two of the same moment the pushed one, which is never behind. */
    private Standing standing(Symbol symbol, Optional<Kept<RestQuote>> asked) {
        var told = pushedStanding(symbol);
        if (told.isPresent()
                && asked.filter(it -> it.at().isAfter(told.get().at().plus(BEHIND)))
                        .isEmpty()) {
            return told.get().status().standing();
        }
        var standing = asked.map(it -> it.value().standing()).orElse(Standing.UNKNOWN);
        return switch (standing) {
            // Something has changed since, and whether it trades is the first thing that does. What was halted stays so
            // until KIS says otherwise.
            case NORMAL -> quotes.isOutdated(symbol) ? Standing.OUTDATED : standing;
            case UNKNOWN, OUTDATED, WARNED, MANAGED, HALTED -> standing;
        };
    }

    private Optional<Told> pushedStanding(Symbol symbol) {
        return statuses.apply(symbol).filter(it -> it.status().standing() != Standing.UNKNOWN);
    }

    /**
     * Has what KIS says of {@code instrument} today known, as {@link #known} tells it.
     *
     * @param patient whom to ask where it is not, or is old
     * @return why it is not; empty when it is
     */
    public Optional<Refusal> warm(Instrument instrument, QuoteSource patient, String tenant, Instant deadline) {
        var now = clock.instant();
        boolean known = quotes.lastAsked(instrument.symbol())
                .filter(answer -> isToday(answer.at(), now))
                .filter(answer -> !isOld(answer, now) && !quotes.isOutdated(instrument.symbol()))
                .isPresent();
        return known ? Optional.empty() : quotes.renew(instrument, patient, tenant, deadline);
    }

    private boolean isOld(Kept<RestQuote> answer, Instant now) {
        return standingAge.isPresent() && answer.at().plus(standingAge.get()).isBefore(now);
    }

    /** What is known of {@code instrument} without asking anybody: the last price of today, and today's limits. */
    public MarketFacts known(Instrument instrument) {
        var now = clock.instant();
        var asked = quotes.lastAsked(instrument.symbol()).filter(answer -> isToday(answer.at(), now));
        var tick = store.last(instrument.symbol()).filter(it -> isToday(Instant.ofEpochMilli(it.tradeAtMs()), now));
        var pushed = pushedLimits(instrument, now);
        var told = asked.map(Kept::value);
        return new MarketFacts(
                tick.map(it -> OptionalLong.of(it.trade().price()))
                        .or(() -> told.map(RestQuote::price)
                                .filter(price -> price > 0)
                                .map(OptionalLong::of))
                        .orElse(OptionalLong.empty()),
                told.map(RestQuote::lower).filter(OptionalLong::isPresent).orElseGet(() -> lower(pushed)),
                told.map(RestQuote::upper).filter(OptionalLong::isPresent).orElseGet(() -> upper(pushed)),
                standing(instrument.symbol(), asked));
    }

    /** The same, with today's limits and standing from another gateway where none are known here. Never for an order. */
    public MarketFacts knownByAny(Instrument instrument) {
        return shared.complete(instrument.symbol(), known(instrument));
    }

    private OptionalLong lastPrice(Instrument instrument) {
        return switch (quotes.quote(instrument, TENANT)) {
            case Known(Quote quote)
            when quote.state() == State.HEALTHY && quote.price() > 0 -> OptionalLong.of(quote.price());
            case Known _, American _, Refused _ -> OptionalLong.empty();
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
