package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
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
 * Answers quotes of American stocks: what was asked for within a second, else one call to KIS for all who ask, else the last
 * answer, marked. The day market (주간거래) has prices of its own and is asked for while it is on.
 */
public final class UsQuotes {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final UsHours hours;
    private final UsQuoteSource source;
    private final InstantSource clock;
    private final SharedAnswers<Asked, UsFigures> asked;

    private record Asked(UsSymbol symbol, boolean dayMarket) {}

    /** @param cooldown no call for a symbol this long after KIS refused for its rate */
    public UsQuotes(UsHours hours, UsQuoteSource source, Duration cooldown, InstantSource clock) {
        this.hours = hours;
        this.source = source;
        this.clock = clock;
        this.asked = new SharedAnswers<>("us_quote", FRESH, QuoteStore.SYMBOLS_MAX, cooldown, clock);
    }

    /** The quote of {@code listed}. Blocks for at most a few seconds. */
    public QuoteOutcome quote(Listed.Us listed, String tenant) {
        var session = hours.at(clock.instant()).session();
        var question = new Asked(listed.symbol(), session == UsSession.DAY_MARKET);
        return switch (asked.ask(question, () -> source.fetch(question.symbol(), question.dayMarket(), tenant))) {
            case Shared.Known<UsFigures>(UsFigures figures, Instant at, boolean stale) ->
                new American(new UsQuote(
                        listed,
                        figures,
                        stale ? Source.CACHE : Source.KIS_REST,
                        stale ? State.STALE : State.HEALTHY,
                        OptionalLong.empty(),
                        Math.max(0, Duration.between(at, clock.instant()).toMillis()),
                        session,
                        Optional.empty()));
            case Shared.Refused<UsFigures>(Refusal refusal) -> new Refused(refusal);
        };
    }

    /** Calls made to KIS. */
    public long calls() {
        return asked.calls();
    }
}
