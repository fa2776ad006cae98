package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.history.ChartCaches.PageKey;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;

/**
 * Answers the bars of one market, of any period. Closed periods do not change and are requested once: bars of closed days come
 * from memory or from the files of the history, the rest from KIS, page by page through the call
 * budget. A page from KIS is cached even when the whole query fails, so the next query continues where this one ended.
 */
public final class BarService {
    /** How long the running day is served without another request. */
    private static final Duration DEFAULT_LIFE = Duration.ofSeconds(1);

    private final Function<Instant, LocalDateTime> newest;
    private final BarCollector days;
    private final BarCollector minutes;
    private final ClosedBars closedBars;
    private final ClosedDays closedDays;
    private final InstantSource clock;

    private BarService(
            Function<Instant, LocalDateTime> newest,
            BarCollector days,
            BarCollector minutes,
            ClosedBars closedBars,
            ClosedDays closedDays,
            InstantSource clock) {
        this.newest = newest;
        this.days = days;
        this.minutes = minutes;
        this.closedBars = closedBars;
        this.closedDays = closedDays;
        this.clock = clock;
    }

    /**
     * The bars of a market of which KIS has ranges.
     *
     * @param history bars written to files, if any
     * @param calendar which days are over, and which of them traded
     * @param listedOn day of a listing, where it is known
     * @param life how long the bar of the running day, and its minutes, are served from memory
     * @param shared other gateways' charts
     */
    public static BarService ofRanges(
            BarSource source,
            History history,
            MarketCalendar calendar,
            Function<MarketSymbol, Optional<LocalDate>> listedOn,
            AnswerLifetime life,
            ChartCaches shared,
            InstantSource clock) {
        var closed = new ClosedDays(calendar, clock);
        return new BarService(
                now -> LocalDateTime.ofInstant(now, calendar.zone()),
                new DayBars(source, history, closed, listedOn, life, shared.days(), clock),
                new MinuteBars(source, history, closed, life, shared.minutes(), clock),
                ClosedBars.ofRanges(source, calendar.zone()),
                closed,
                clock);
    }

    /**
     * The bars of a market of which KIS has pages. Its trading day may begin on the evening before.
     *
     * @param name of the cached bars, for the metrics
     * @param history bars written to files, if any
     * @param shared other gateways' pages
     */
    public static BarService ofPages(
            String name,
            BarPageSource source,
            History history,
            MarketCalendar calendar,
            SharedCache<PageKey, BarPageSource.Page> shared,
            InstantSource clock) {
        var pages = new PagedBars(name, source, history, calendar, shared, clock);
        return new BarService(
                now -> endOfDay(calendar, now),
                pages,
                pages,
                ClosedBars.ofPages(source, calendar.zone()),
                new ClosedDays(calendar, clock),
                clock);
    }

    /** The last moment of the trading day of {@code now}, or {@code now} where that is later: nothing newer has a bar. */
    private static LocalDateTime endOfDay(MarketCalendar calendar, Instant now) {
        LocalDateTime end = calendar.tradingDay(now).atTime(LocalTime.of(23, 59, 59));
        LocalDateTime present = LocalDateTime.ofInstant(now, calendar.zone());
        return present.isAfter(end) ? present : end;
    }

    /** Lifetime of the running day where {@code configured} is empty. */
    public static AnswerLifetime defaultLifetime(MarketCalendar calendar, Optional<Duration> configured) {
        return AnswerLifetime.ofTrades(calendar, DEFAULT_LIFE, configured);
    }

    /** Time zone of the market's clock. */
    public ZoneId zone() {
        return closedDays.zone();
    }

    /** The city of the market's clock. */
    String city() {
        String id = zone().getId();
        return id.substring(id.lastIndexOf('/') + 1).replace('_', ' ');
    }

    /** Days of the market that are over. */
    ClosedDays closedDays() {
        return closedDays;
    }

    /** Source of closed days, for files. */
    ClosedBars closedBars() {
        return closedBars;
    }

    /** The latest moment of a query: nothing newer has a bar. */
    public LocalDateTime newest() {
        return newest.apply(clock.instant());
    }

    /** Blocks for at most ten seconds. {@code tenant} shares the call budget. */
    public Result<BarPage> bars(MarketSymbol symbol, BarQuery query, String tenant) {
        return bars(symbol, query, tenant, DayBars.LIMIT);
    }

    /** Blocks for at most {@code timeout}. */
    Result<BarPage> bars(MarketSymbol symbol, BarQuery query, String tenant, Duration timeout) {
        if (query.from().isPresent() && query.from().get().isAfter(query.to())) {
            return Result.refused(Refusal.of(ErrorCode.INVALID_FIELD, "The value \"from\" must not be after \"to\"."));
        }
        return collector(query)
                .bars(symbol, query, new RequestContext(tenant, clock.instant().plus(timeout)));
    }

    /**
     * The minutes of one day; blocks for at most ten seconds.
     *
     * @param code of the symbol
     * @param tenant shares the call budget
     * @return all that the day has, at least one, oldest first
     */
    public Result<List<Bar>> minutesOfDay(String code, LocalDate day, String tenant) {
        var symbol = Symbol.parse(code);
        if (symbol.isEmpty()) {
            return Result.refused(Refusal.of(ErrorCode.INVALID_SYMBOL, "No stock of Korea has this code.")
                    .with("symbol", code));
        }
        var query = new BarQuery(
                BarPeriod.M1,
                Optional.of(day.atStartOfDay()),
                day.atTime(LocalTime.of(23, 59)),
                Optional.empty(),
                BarQuery.LIMIT_MAX,
                true);
        return switch (bars(symbol.get(), query, tenant)) {
            case Result.Refused<BarPage>(Refusal refusal) -> Result.refused(refusal);
            case Result.Success<BarPage>(BarPage page)
            when page.isCutShort(query) -> Result.refused(BarCollector.timeoutRefusal());
            case Result.Success<BarPage>(BarPage page)
            when page.bars().isEmpty() ->
                Result.refused(
                        Refusal.of(ErrorCode.INVALID_FIELD, "There are no minutes of " + code + " on " + day + "."));
            case Result.Success<BarPage>(BarPage page) ->
                Result.success(page.bars().reversed());
        };
    }

    /**
     * Caches the bars of a query for days without parameters; blocks for at most {@code timeout}.
     *
     * @return the refusal when they are incomplete; otherwise empty
     */
    public Optional<Refusal> warm(MarketSymbol symbol, String tenant, Duration timeout) {
        var query =
                new BarQuery(BarPeriod.DAY, Optional.empty(), newest(), Optional.empty(), BarQuery.LIMIT_DEFAULT, true);
        return switch (bars(symbol, query, tenant, timeout)) {
            case Result.Refused<BarPage>(Refusal refusal) -> Optional.of(refusal);
            case Result.Success<BarPage>(BarPage page) ->
                page.isCutShort(query) ? Optional.of(BarCollector.timeoutRefusal()) : Optional.empty();
        };
    }

    /** The bars where all of them are in memory: no call is needed, and no file. */
    Optional<BarPage> findCached(MarketSymbol symbol, BarQuery query) {
        return collector(query).findCached(symbol, query);
    }

    /** Minimum calls to KIS for {@code query} when nothing is cached. */
    int expectedCalls(BarQuery query) {
        return collector(query).expectedCalls(query);
    }

    /** Registers the meters of each cache: for days and longer, and for minutes, or for both. */
    public void bindTo(Meters meters) {
        collectors().forEach(collector -> collector.bindTo(meters));
    }

    /** Drops the cached and shared bars of {@code symbol}: its files were rewritten. */
    public void invalidate(MarketSymbol symbol) {
        collectors().forEach(collector -> collector.invalidate(symbol));
    }

    private BarCollector collector(BarQuery query) {
        return query.period().isIntraday() ? minutes : days;
    }

    private Stream<BarCollector> collectors() {
        return Stream.of(days, minutes).distinct();
    }
}
