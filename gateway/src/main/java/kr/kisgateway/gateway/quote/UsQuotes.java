package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.ask.Fetched;
import kr.kisgateway.gateway.ask.Shared;
import kr.kisgateway.gateway.ask.SharedAnswers;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteOutcome.American;
import kr.kisgateway.gateway.quote.QuoteOutcome.Refused;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsSymbol;

/**
 * Answers quotes of American stocks: the pushed value while its registration stands and New York trades, else what was asked
 * for within a second, else one call to KIS for all who ask, else the last value known, marked. The day market (주간거래) has
 * prices of its own and is asked for while it is on.
 */
public final class UsQuotes {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final UsStore store;
    private final Feed feed;
    private final QuoteRule rule;
    private final UsHours hours;
    private final UsQuoteSource source;
    private final InstantSource clock;
    private final SharedAnswers<Asked, UsFigures> asked;

    private record Asked(UsSymbol symbol, boolean dayMarket) {}

    /** @param cooldown no call for a symbol this long after KIS refused for its rate */
    public UsQuotes(
            UsStore store,
            Feed feed,
            QuoteRule rule,
            UsHours hours,
            UsQuoteSource source,
            Duration cooldown,
            InstantSource clock) {
        this.store = store;
        this.feed = feed;
        this.rule = rule;
        this.hours = hours;
        this.source = source;
        this.clock = clock;
        this.asked = new SharedAnswers<>("us_quote", FRESH, QuoteStore.SYMBOLS_MAX, cooldown, clock);
    }

    /** The quote of {@code listed}. Blocks for at most a few seconds. */
    public QuoteOutcome quote(Listed.Us listed, String tenant) {
        var now = clock.instant();
        var session = hours.at(now).session();
        var last = store.last(listed.symbol());
        if (last.isPresent() && isLive(last.get(), session, now)) {
            return pushed(listed, last.get(), Source.KIS_WS, State.HEALTHY, session);
        }
        var question = question(listed, session);
        return switch (asked.ask(question, () -> source.fetch(question.symbol(), question.dayMarket(), tenant))) {
            case Shared.Known<UsFigures>(UsFigures figures, Instant at, boolean stale)
            when !stale || last.isEmpty() || last.get().atMs() <= at.toEpochMilli() ->
                new American(new UsQuote(
                        listed,
                        figures,
                        stale ? Source.CACHE : Source.KIS_REST,
                        stale ? State.STALE : State.HEALTHY,
                        OptionalLong.empty(),
                        age(at.toEpochMilli()),
                        session,
                        Optional.empty()));
            case Shared.Known<UsFigures> _ -> pushed(listed, last.orElseThrow(), Source.CACHE, State.STALE, session);
            case Shared.Refused<UsFigures>(Refusal refusal) ->
                last.<QuoteOutcome>map(tick -> pushed(listed, tick, Source.CACHE, State.STALE, session))
                        .orElseGet(() -> new Refused(refusal));
        };
    }

    /** The quote where it can be told without a call to KIS. */
    Optional<UsQuote> atHand(Listed.Us listed) {
        var now = clock.instant();
        var session = hours.at(now).session();
        return store.last(listed.symbol())
                .filter(tick -> isLive(tick, session, now))
                .map(tick -> pushed(listed, tick, Source.KIS_WS, State.HEALTHY, session))
                .or(() -> asked.fresh(question(listed, session), _ -> true)
                        .map(known -> fromRest(listed, known.value(), known.at(), session)))
                .map(American::quote);
    }

    /**
     * Asks {@code patient} whatever is at hand, which may wait for longer than those do who ask for one quote; what it tells is told
     * to them, too. {@link QuoteOutcome.Refused} when it has none.
     */
    QuoteOutcome renewed(Listed.Us listed, UsQuoteSource patient, String tenant) {
        var session = hours.at(clock.instant()).session();
        var question = question(listed, session);
        return switch (asked.renew(question, () -> patient.fetch(question.symbol(), question.dayMarket(), tenant))) {
            case Fetched.Got<UsFigures>(UsFigures figures) -> fromRest(listed, figures, clock.instant(), session);
            case Fetched.Failed<UsFigures>(Refusal refusal) -> new Refused(refusal);
        };
    }

    /**
     * Has the price at hand.
     *
     * @return why it is not; empty when it is
     */
    public Optional<Refusal> warm(Listed.Us listed, UsQuoteSource patient, String tenant) {
        return atHand(listed).isEmpty() && renewed(listed, patient, tenant) instanceof Refused(Refusal refusal)
                ? Optional.of(refusal)
                : Optional.empty();
    }

    private static Asked question(Listed.Us listed, UsSession session) {
        return new Asked(listed.symbol(), session == UsSession.DAY_MARKET);
    }

    private American fromRest(Listed.Us listed, UsFigures figures, Instant at, UsSession session) {
        return new American(new UsQuote(
                listed,
                figures,
                Source.KIS_REST,
                State.HEALTHY,
                OptionalLong.empty(),
                age(at.toEpochMilli()),
                session,
                Optional.empty()));
    }

    /** As with Korean stocks: what nobody has traded since still costs so, as long as KIS would tell us otherwise. */
    private boolean isLive(LastUsTick tick, UsSession session, Instant now) {
        return session.isOpen()
                && !tick.polled()
                && feed.isLive(tick.symbol())
                && rule.isBeating(feed.feedStatus().lastSignAt(), now);
    }

    private American pushed(Listed.Us listed, LastUsTick tick, Source source, State state, UsSession session) {
        return new American(new UsQuote(
                listed,
                tick.figures(),
                source,
                state,
                OptionalLong.of(tick.atMs()),
                age(tick.atMs()),
                session,
                Optional.of(tick.feed())));
    }

    private long age(long atMs) {
        return Math.max(0, clock.millis() - atMs);
    }

    /** Calls made to KIS. */
    public long calls() {
        return asked.calls();
    }
}
