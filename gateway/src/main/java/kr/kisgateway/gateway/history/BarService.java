package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * Answers bars of any period. Closed periods do not change and are requested once: bars of closed days come from memory or
 * from the files of the history, the rest from KIS, page by page through the call budget. A page from KIS is cached even when
 * the whole query fails, so the next query continues where this one ended.
 */
public final class BarService {
    /** How long the running day is served without another request. */
    private static final Duration DEFAULT_LIFE = Duration.ofSeconds(1);

    private final DayBars days;
    private final MinuteBars minutes;
    private final ChartCaches sharedCaches;
    private final InstantSource clock;

    /**
     * @param history bars written to files, if any
     * @param calendar which days are over, and which of them traded
     */
    public BarService(BarSource source, History history, TradingCalendar calendar, InstantSource clock) {
        this(source, history, calendar, defaultLifetime(calendar, Optional.empty()), clock);
    }

    /** @param life how long the bar of the running day, and its minutes, are served from memory */
    public BarService(
            BarSource source, History history, TradingCalendar calendar, AnswerLifetime life, InstantSource clock) {
        this(source, history, calendar, life, ChartCaches.none(), clock);
    }

    /**
     * @param life how long the bar of the running day, and its minutes, are served from memory
     * @param sharedCaches other gateways' charts
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

    /** Lifetime of the running day where {@code configured} is empty. */
    public static AnswerLifetime defaultLifetime(TradingCalendar calendar, Optional<Duration> configured) {
        return AnswerLifetime.ofTrades(calendar, DEFAULT_LIFE, configured);
    }

    /** Blocks for at most ten seconds. {@code tenant} shares the call budget. */
    public Result<BarPage> bars(Instrument instrument, BarQuery query, String tenant) {
        return bars(instrument, query, tenant, DayBars.LIMIT);
    }

    /** Blocks for at most {@code timeout}. */
    Result<BarPage> bars(Instrument instrument, BarQuery query, String tenant, Duration timeout) {
        if (query.from().isPresent() && query.from().get().isAfter(query.to())) {
            return Result.refused(Refusal.of(ErrorCode.INVALID_FIELD, "The value \"from\" must not be after \"to\"."));
        }
        var context = new RequestContext(tenant, clock.instant().plus(timeout));
        return query.period().isIntraday()
                ? minutes.bars(instrument.symbol(), query, context)
                : days.bars(instrument, query, context);
    }

    /**
     * Caches the bars of a query for days without parameters; blocks for at most {@code timeout}.
     *
     * @return the refusal when they are incomplete; otherwise empty
     */
    public Optional<Refusal> warm(Instrument instrument, String tenant, Duration timeout) {
        var now = LocalDateTime.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        var query = new BarQuery(BarPeriod.DAY, Optional.empty(), now, Optional.empty(), BarQuery.LIMIT_DEFAULT, true);
        return switch (bars(instrument, query, tenant, timeout)) {
            case Result.Refused<BarPage>(Refusal refusal) -> Optional.of(refusal);
            case Result.Success<BarPage>(BarPage page) ->
                page.isCutShort(query) ? Optional.of(DayBars.timeoutRefusal()) : Optional.empty();
        };
    }

    /** The bars where all of them are in memory: no call is needed, and no file. */
    Optional<BarPage> findCached(Instrument instrument, BarQuery query) {
        return query.period().isIntraday()
                ? minutes.findCached(instrument.symbol(), query)
                : days.findCached(instrument, query);
    }

    /** Minimum calls to KIS for {@code query} when nothing is cached. */
    int expectedCalls(BarQuery query) {
        return query.period().isIntraday() ? MinuteBars.expectedCalls(query) : DayBars.expectedCalls(query);
    }

    /** Statistics for days and longer, and for minutes. */
    public List<CacheStats> stats() {
        return List.of(days.stats(), minutes.stats());
    }

    /** Bars in memory. */
    public long cachedBars() {
        return days.cachedBars() + minutes.cachedBars();
    }

    /** Calls to KIS. */
    public long calls() {
        return days.calls() + minutes.calls();
    }

    /** Drops the cached and shared bars of {@code symbol}: its files were rewritten. */
    public void invalidate(Symbol symbol) {
        days.invalidate(symbol);
        minutes.invalidate(symbol);
        sharedCaches.invalidate(symbol);
    }
}
