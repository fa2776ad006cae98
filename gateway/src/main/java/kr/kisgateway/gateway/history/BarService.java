package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.ask.AnswerLifetime;
import kr.kisgateway.gateway.ask.CacheStats;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.history.BarOutcome.Found;
import kr.kisgateway.gateway.history.BarOutcome.Refused;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * Answers bars of any length. What is over does not change, so it is asked for once: bars of closed days come from memory or
 * from the files of the history, the rest from KIS, page by page through the call budget. A page that KIS gave is kept even
 * when the whole question comes to nothing, so the next one goes on where this one ended.
 */
public final class BarService {
    /** For how long the running day is told without asking again. */
    private static final Duration DEFAULT_LIFE = Duration.ofSeconds(1);

    private final DayBars days;
    private final MinuteBars minutes;
    private final ChartCaches sharedCaches;
    private final InstantSource clock;

    /**
     * @param history what was written down; nothing, where nothing is
     * @param calendar says which days are over, and which of them traded
     */
    public BarService(BarSource source, History history, TradingCalendar calendar, InstantSource clock) {
        this(source, history, calendar, defaultLifetime(calendar, Optional.empty()), clock);
    }

    /** @param life how long the bar of the running day, and its minutes, are told again */
    public BarService(
            BarSource source, History history, TradingCalendar calendar, AnswerLifetime life, InstantSource clock) {
        this(source, history, calendar, life, ChartCaches.none(), clock);
    }

    /**
     * @param life how long the bar of the running day, and its minutes, are told again
     * @param sharedCaches where other gateways' charts lie
     */
    public BarService(
            BarSource source,
            History history,
            TradingCalendar calendar,
            AnswerLifetime life,
            ChartCaches sharedCaches,
            InstantSource clock) {
        var closed = new ClosedDays(calendar, clock);
        this.days = new DayBars(source, history, closed, life, sharedCaches.days(), clock);
        this.minutes = new MinuteBars(source, history, closed, life, sharedCaches.minutes(), clock);
        this.sharedCaches = sharedCaches;
        this.clock = clock;
    }

    /** How long the running day is told again where {@code set} does not say it. */
    public static AnswerLifetime defaultLifetime(TradingCalendar calendar, Optional<Duration> configured) {
        return AnswerLifetime.ofTrades(calendar, DEFAULT_LIFE, configured);
    }

    /** Blocks for at most ten seconds. {@code tenant} shares the call budget. */
    public BarOutcome bars(Instrument instrument, BarQuery query, String tenant) {
        return bars(instrument, query, tenant, DayBars.LIMIT);
    }

    /** Blocks for at most {@code patience}. */
    BarOutcome bars(Instrument instrument, BarQuery query, String tenant, Duration timeout) {
        if (query.from().isPresent() && query.from().get().isAfter(query.to())) {
            return new Refused(
                    Refusal.of(ErrorCode.INVALID_FIELD, "The value \"from\" lies after \"to\"; exchange the two."));
        }
        var context = new RequestContext(tenant, clock.instant().plus(timeout));
        return query.period().isIntraday()
                ? minutes.bars(instrument.symbol(), query, context)
                : days.bars(instrument, query, context);
    }

    /**
     * Has the bars in memory that somebody gets who asks for days and nothing further; blocks for at most {@code patience}.
     *
     * @return why they are not all there; empty when they are
     */
    public Optional<Refusal> warm(Instrument instrument, String tenant, Duration timeout) {
        var now = LocalDateTime.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        var query = new BarQuery(BarPeriod.DAY, Optional.empty(), now, Optional.empty(), BarQuery.LIMIT_DEFAULT, true);
        return switch (bars(instrument, query, tenant, timeout)) {
            case Refused(Refusal refusal) -> Optional.of(refusal);
            case Found found ->
                found.next().isPresent() && found.bars().size() < query.limit()
                        ? Optional.of(DayBars.timeoutRefusal())
                        : Optional.empty();
        };
    }

    /** The bars where all of them are in memory: no call is needed, and no file. */
    Optional<Found> findCached(Instrument instrument, BarQuery query) {
        return query.period().isIntraday()
                ? minutes.findCached(instrument.symbol(), query)
                : days.findCached(instrument, query);
    }

    /** Calls to KIS that {@code query} takes at least when nothing of it is known. */
    int expectedCalls(BarQuery query) {
        return query.period().isIntraday() ? MinuteBars.expectedCalls(query) : DayBars.expectedCalls(query);
    }

    /** Of days and longer, and of minutes. */
    public List<CacheStats> stats() {
        return List.of(days.stats(), minutes.stats());
    }

    /** Bars in memory. */
    public long cachedBars() {
        return days.cachedBars() + minutes.cachedBars();
    }

    /** Calls made to KIS. */
    public long calls() {
        return days.calls() + minutes.calls();
    }

    /** Forgets what is in memory of, and what gateways share of, {@code symbol}: its files were written anew. */
    public void invalidate(Symbol symbol) {
        days.invalidate(symbol);
        minutes.invalidate(symbol);
        sharedCaches.invalidate(symbol);
    }
}
