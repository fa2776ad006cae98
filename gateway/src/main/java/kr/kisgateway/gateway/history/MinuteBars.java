package kr.kisgateway.gateway.history;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.AnswerCache.AfterInvalidation;
import kr.kisgateway.gateway.cache.AnswerCache.Memory;
import kr.kisgateway.gateway.cache.AnswerCache.Servable;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.Cached;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarSource.Minute;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.history.ChartCaches.MinutesKey;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Bars;
import kr.kisgateway.market.MarketSymbol;

/** Bars of minutes, a day at a time: KIS sends turnover from the beginning of the day, so a day has to be complete. */
final class MinuteBars implements BarCollector {
    /** Bars of closed days in memory, about 100 bytes each: some 250 days. */
    static final int CACHED_MAX = 100_000;
    /** Minutes of KIS per call, and those of a day. */
    private static final int PAGE_SIZE = 120;

    private static final int MINUTES_PER_DAY = 381;

    /** How long the running day is cached, so that only later minutes are requested. */
    private static final Duration RUNNING_DAY_LIFE = Duration.ofHours(1);

    private static final int RUNNING_MAX = 200;

    private final BarSource source;
    private final History history;
    private final ClosedDays closed;
    private final InstantSource clock;
    private final Cache<MinutesKey, List<Bar>> cachedBars;
    private final AnswerLifetime lifetime;
    private final AnswerLifetime sharedLifetime;
    /** Of these days only the running one is retained; the bars of closed ones are in {@link #cachedBars}. */
    private final AnswerCache<MinutesKey, List<Minute>> days;

    /**
     * @param life lifetime of the running day
     * @param sharedCache other gateways' days
     */
    MinuteBars(
            BarSource source,
            History history,
            ClosedDays closed,
            AnswerLifetime life,
            SharedCache<MinutesKey, List<Minute>> sharedCache,
            InstantSource clock) {
        this.lifetime = life;
        this.sharedLifetime = life.extendedBy(sharedCache);
        this.source = source;
        this.history = history;
        this.closed = closed;
        this.clock = clock;
        this.cachedBars = Caffeine.newBuilder()
                .maximumWeight(CACHED_MAX)
                .weigher((MinutesKey key, List<Bar> bars) -> bars.size() + 1)
                .build();
        Duration retained = RUNNING_DAY_LIFE.compareTo(life.longest()) > 0 ? RUNNING_DAY_LIFE : life.longest();
        var memory = new Memory<MinutesKey, List<Minute>>(
                life.longest(), retained, AfterInvalidation.KEEP_LAST, RUNNING_MAX, _ -> 1, MinutesKey::symbol);
        this.days = new AnswerCache<>("bars_minutes", memory, Duration.ZERO, sharedCache, clock);
    }

    @Override
    public Result<BarPage> bars(MarketSymbol symbol, BarQuery query, RequestContext context) {
        return collect(symbol, query, Optional.of(context));
    }

    @Override
    public Optional<BarPage> findCached(MarketSymbol symbol, BarQuery query) {
        return collect(symbol, query, Optional.empty()).toOptional();
    }

    /** @param context empty: no request and no file; anything not in memory is a refusal */
    private Result<BarPage> collect(MarketSymbol symbol, BarQuery query, Optional<RequestContext> context) {
        LocalDateTime newest = query.to();
        if (query.before().isPresent() && !query.before().get().isAfter(newest)) {
            newest = query.before().get().minusSeconds(1);
        }
        LocalDateTime oldest = query.from().map(query.period()::begin).orElse(LocalDateTime.MIN);
        LocalDate today = closed.today();
        LocalDate since = source.minutesAvailableSince(today);
        var found = new ArrayList<Bar>();
        boolean anyFound = false;
        for (LocalDate day = newest.toLocalDate(); found.size() <= query.limit(); day = day.minusDays(1)) {
            if (day.isBefore(oldest.toLocalDate())) {
                return Result.success(BarPage.of(found, query.limit(), false, Optional.empty()));
            }
            if (!closed.mayHaveTraded(day)) {
                continue;
            }
            var key = new MinutesKey(symbol, day);
            Optional<List<Bar>> cached =
                    day.isAfter(closed.lastClosedDay()) ? Optional.empty() : closedDay(key, context.isPresent());
            if (cached.isEmpty() && day.isBefore(since)) {
                // No source has any of the requested minutes: the answer includes the first available day.
                return Result.success(
                        BarPage.of(found, query.limit(), false, Optional.of(anyFound ? day.plusDays(1) : since)));
            }
            Result<List<Bar>> result = cached.map(Result::success).orElseGet(() -> requestDay(key, context));
            switch (result) {
                case Result.Refused<List<Bar>>(Refusal refusal) -> {
                    return found.isEmpty() || context.isEmpty()
                            ? Result.refused(refusal)
                            : Result.success(BarPage.of(found, query.limit(), true, Optional.empty()));
                }
                case Result.Success<List<Bar>>(List<Bar> bars) -> {
                    anyFound = true;
                    add(bars, query, oldest, newest, found);
                }
            }
        }
        return Result.success(BarPage.of(found, query.limit(), true, Optional.empty()));
    }

    @Override
    public int expectedCalls(BarQuery query) {
        long requested = (long) query.limit() * query.period().minutes();
        long minutes = query.from()
                .map(from -> Math.min(requested, ChronoUnit.MINUTES.between(from, query.to()) + 1))
                .orElse(requested);
        // A day is requested completely.
        long days = (minutes + MINUTES_PER_DAY - 1) / MINUTES_PER_DAY;
        return (int) Math.max(1, days * ((MINUTES_PER_DAY + PAGE_SIZE - 1) / PAGE_SIZE));
    }

    /** Hits and misses by closed days. */
    @Override
    public void bindTo(Meters meters) {
        days.bindTo(
                meters,
                () -> {
                    cachedBars.cleanUp();
                    return cachedBars.asMap().values().stream()
                            .mapToLong(List::size)
                            .sum();
                },
                CACHED_MAX);
    }

    @Override
    public void invalidate(MarketSymbol symbol) {
        cachedBars.asMap().keySet().removeIf(key -> key.symbol().equals(symbol));
        days.invalidate(new MinutesKey(symbol, LocalDate.EPOCH));
    }

    private void add(List<Bar> minutes, BarQuery query, LocalDateTime oldest, LocalDateTime newest, List<Bar> found) {
        List<Bar> bars =
                query.period() == BarPeriod.M1 ? minutes : Bars.aggregate(query.period(), minutes, closed.zone());
        long last = newest.atZone(closed.zone()).toEpochSecond();
        long first = oldest.equals(LocalDateTime.MIN)
                ? Long.MIN_VALUE
                : oldest.atZone(closed.zone()).toEpochSecond();
        for (Bar bar : bars.reversed()) {
            if (bar.ts() <= last && bar.ts() >= first) {
                found.add(bar);
            }
        }
    }

    /** A closed day from memory or from the files. */
    private Optional<List<Bar>> closedDay(MinutesKey key, boolean readFiles) {
        List<Bar> bars = cachedBars.getIfPresent(key);
        if (bars != null) {
            days.counters().hits.increment();
            return Optional.of(bars);
        }
        if (!readFiles) {
            return Optional.empty();
        }
        days.counters().misses.increment();
        Optional<List<Bar>> written = history.minutes(key.symbol(), key.day());
        written.ifPresent(found -> cachedBars.put(key, found));
        return written;
    }

    private Result<List<Bar>> requestDay(MinutesKey key, Optional<RequestContext> requester) {
        if (requester.isEmpty()) {
            return days.fresh(key, this::isFresh)
                    .map(day -> Result.success(bars(day.value(), closed.zone())))
                    .orElseGet(() -> Result.refused(BarCollector.timeoutRefusal()));
        }
        RequestContext context = requester.get();
        boolean isClosed = !key.day().isAfter(closed.lastClosedDay());
        Servable servable = isClosed
                ? new Servable(Optional.empty(), Optional.of(at -> sharedLifetime.isSameSession(at, clock.instant())))
                : new Servable(
                        Optional.of(this::isFresh), Optional.of(at -> sharedLifetime.isFresh(at, clock.instant())));
        return days.fetch(
                        key,
                        servable,
                        BarCollector.waitOf(context, clock),
                        () -> isClosed ? requestClosedDay(key, context) : requestRunningDay(key, context))
                .map(day -> {
                    List<Bar> bars = bars(day.value(), closed.zone());
                    if (isClosed) {
                        cachedBars.put(key, bars);
                    }
                    return bars;
                });
    }

    private boolean isFresh(Instant at) {
        return lifetime.isFresh(at, clock.instant());
    }

    private Result<Timestamped<List<Minute>>> requestClosedDay(MinutesKey key, RequestContext context) {
        return source.requestMinutes(
                        key.symbol(), key.day().atStartOfDay(), key.day().atTime(LocalTime.MAX), context)
                .map(minutes -> new Timestamped<>(minutes, clock.instant()));
    }

    /**
     * The running day: after the first request only from the last cached minute on, which may have been incomplete. Its time is
     * that of the request, so that a day requested before its end is not complete.
     */
    private Result<Timestamped<List<Minute>>> requestRunningDay(MinutesKey key, RequestContext context) {
        Instant at = clock.instant();
        LocalDateTime now = LocalDateTime.ofInstant(at, closed.zone());
        List<Minute> previous = days.last(key).map(Cached::value).orElse(List.of());
        LocalDateTime from = previous.isEmpty()
                ? key.day().atStartOfDay()
                : previous.getLast().at().minusMinutes(1);
        return source.requestMinutes(
                        key.symbol(),
                        from.isBefore(key.day().atStartOfDay()) ? key.day().atStartOfDay() : from,
                        now.isAfter(key.day().atTime(LocalTime.MAX)) ? key.day().atTime(LocalTime.MAX) : now,
                        context)
                .map(newMinutes -> {
                    var all = new TreeMap<LocalDateTime, Minute>();
                    previous.forEach(minute -> all.put(minute.at(), minute));
                    newMinutes.forEach(minute -> all.put(minute.at(), minute));
                    return new Timestamped<>(List.copyOf(all.values()), at);
                });
    }

    /** Minutes with trades; a falling total of the day would give a minute a negative turnover. */
    static List<Bar> bars(List<Minute> minutes, ZoneId zone) {
        var bars = new ArrayList<Bar>(minutes.size());
        long previous = 0;
        for (Minute minute : minutes) {
            long turnover = minute.dayTurnover() - previous;
            previous = minute.dayTurnover();
            if (minute.volume() > 0) {
                bars.add(Bar.of(
                        minute.at(),
                        zone,
                        minute.open(),
                        minute.high(),
                        minute.low(),
                        minute.close(),
                        minute.volume(),
                        turnover < 0 ? OptionalLong.empty() : OptionalLong.of(turnover)));
            }
        }
        return List.copyOf(bars);
    }
}
