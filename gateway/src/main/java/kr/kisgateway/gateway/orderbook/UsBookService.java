package kr.kisgateway.gateway.orderbook;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import kr.kisgateway.gateway.ask.Shared;
import kr.kisgateway.gateway.ask.SharedAnswers;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsSymbol;

/** Answers American books, by the rule that holds for American quotes. */
public final class UsBookService {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final UsHours hours;
    private final UsBookSource source;
    private final InstantSource clock;
    private final SharedAnswers<Asked, UsBook> asked;

    private record Asked(UsSymbol symbol, boolean dayMarket) {}

    /** @param cooldown no call for a symbol this long after KIS refused for its rate */
    public UsBookService(UsHours hours, UsBookSource source, Duration cooldown, InstantSource clock) {
        this.hours = hours;
        this.source = source;
        this.clock = clock;
        this.asked = new SharedAnswers<>("us_book", FRESH, QuoteStore.SYMBOLS_MAX, cooldown, clock);
    }

    /**
     * The book of {@code listed}.
     *
     * @param tenant who asks
     * @throws RefusedException when no source has one
     */
    UsBookAnswer book(Listed.Us listed, String tenant) {
        var session = hours.at(clock.instant()).session();
        var question = new Asked(listed.symbol(), session == UsSession.DAY_MARKET);
        return switch (asked.ask(question, () -> source.fetch(question.symbol(), question.dayMarket(), tenant))) {
            case Shared.Known<UsBook>(UsBook book, Instant at, boolean stale) ->
                new UsBookAnswer(
                        listed,
                        book,
                        stale ? Source.CACHE : Source.KIS_REST,
                        stale ? State.STALE : State.HEALTHY,
                        Math.max(0, Duration.between(at, clock.instant()).toMillis()),
                        session);
            case Shared.Refused<UsBook>(var refusal) -> throw new RefusedException(refusal);
        };
    }
}
