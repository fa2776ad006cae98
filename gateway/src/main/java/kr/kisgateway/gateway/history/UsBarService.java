package kr.kisgateway.gateway.history;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.gateway.cache.SingleFlight;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.history.ChartCaches.UsChartKey;
import kr.kisgateway.gateway.history.UsBarSource.Page;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Bars;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsWindow;

/**
 * Answers US bars: from pages received from KIS within an hour, else page by page from KIS, the newest first. Pages of
 * running periods are served for a second, and for an hour while no trading changes them. Weeks, months and bars of several
 * minutes are KIS's own, years are merged from its months. Nothing is written to files.
 */
public final class UsBarService {
    /** Bars in memory, about 300 bytes each. */
    static final int CACHED_MAX = 100_000;
    /** How long closed periods are served without another request: a split changes adjusted prices of the past. */
    private static final Duration CLOSED_LIFE = Duration.ofHours(1);
    /** How long running periods are served without another request. */
    private static final Duration RUNNING_LIFE = Duration.ofSeconds(1);

    private static final int RUNNING_MAX = 1_000;
    /** Maximum minutes per call. */
    private static final int MINUTES_PER_PAGE = 120;
    /** Nothing older is requested. */
    private static final LocalDateTime EARLIEST = LocalDateTime.of(1900, 1, 1, 0, 0);

    private final UsHours hours;
    private final UsBarSource source;
    private final InstantSource clock;
    private final SharedCache<UsChartKey, Page> sharedCache;
    private final Cache<UsChartKey, Page> cachedPages;
    private final Cache<UsChartKey, Timestamped<Page>> running;
    private final SingleFlight<UsChartKey, Result<Timestamped<Page>>> flights = new SingleFlight<>();

    /** @param hours gives the trading day in New York */
    public UsBarService(UsHours hours, UsBarSource source, InstantSource clock) {
        this(hours, source, SharedCache.none(), clock);
    }

    /**
     * @param hours gives the trading day in New York
     * @param sharedCache other gateways' pages
     */
    public UsBarService(
            UsHours hours, UsBarSource source, SharedCache<UsChartKey, Page> sharedCache, InstantSource clock) {
        this.sharedCache = sharedCache;
        this.hours = hours;
        this.source = source;
        this.clock = clock;
        this.cachedPages = Caffeine.newBuilder()
                .maximumWeight(CACHED_MAX)
                .weigher((UsChartKey key, Page page) -> page.bars().size() + 1)
                .expireAfterWrite(CLOSED_LIFE)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
        this.running = Caffeine.newBuilder()
                .maximumSize(RUNNING_MAX)
                .expireAfter(Expiry.<UsChartKey, Timestamped<Page>>writing(
                        (_, run) -> isOutsideTrading(hours.at(run.at())) ? CLOSED_LIFE : RUNNING_LIFE))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /** The current or next trading day: in New York's evening the next one. */
    LocalDate today() {
        return hours.at(clock.instant()).date();
    }

    /** The last moment of {@link #today}, or now where that is later: nothing newer has a bar. */
    LocalDateTime newest() {
        Instant now = clock.instant();
        LocalDateTime end = hours.at(now).date().atTime(LocalTime.of(23, 59, 59));
        LocalDateTime candidate = LocalDateTime.ofInstant(now, UsHours.NEW_YORK);
        return candidate.isAfter(end) ? candidate : end;
    }

    /** Blocks for at most ten seconds. {@code tenant} shares the call budget. */
    public Result<BarPage> bars(UsSymbol symbol, BarQuery query, String tenant) {
        return bars(symbol, query, tenant, DayBars.LIMIT);
    }

    /** Blocks for at most {@code timeLeft}. */
    Result<BarPage> bars(UsSymbol symbol, BarQuery query, String tenant, Duration timeLeft) {
        if (query.from().isPresent() && query.from().get().isAfter(query.to())) {
            return Result.refused(Refusal.of(ErrorCode.INVALID_FIELD, "The value \"from\" must not be after \"to\"."));
        }
        return new BarCollector(
                        symbol,
                        query,
                        Optional.of(new RequestContext(tenant, clock.instant().plus(timeLeft))))
                .answer();
    }

    /** The bars where all of them are in memory: no call is needed. */
    Optional<BarPage> findCached(UsSymbol symbol, BarQuery query) {
        var collector = new BarCollector(symbol, query, Optional.empty());
        return collector.answer().toOptional().filter(_ -> collector.failure.isEmpty());
    }

    /** Minimum calls to KIS for {@code query} when nothing is cached. */
    int expectedCalls(BarQuery query) {
        if (!query.period().isIntraday()) {
            return DayBars.expectedCalls(query);
        }
        long bars = query.from()
                .map(from -> ChronoUnit.MINUTES.between(from, query.to())
                                / query.period().minutes()
                        + 1)
                .map(candidate -> Math.min(candidate, query.limit()))
                .orElse((long) query.limit());
        return (int) Math.max(1, (bars + MINUTES_PER_PAGE - 1) / MINUTES_PER_PAGE);
    }

    /**
     * Caches the bars of a query for days without parameters; blocks for at most {@code timeLeft}.
     *
     * @return the refusal when they are incomplete; otherwise empty
     */
    public Optional<Refusal> warm(UsSymbol symbol, String tenant, Duration timeLeft) {
        var query =
                new BarQuery(BarPeriod.DAY, Optional.empty(), newest(), Optional.empty(), BarQuery.LIMIT_DEFAULT, true);
        return switch (bars(symbol, query, tenant, timeLeft)) {
            case Result.Refused<BarPage>(Refusal refusal) -> Optional.of(refusal);
            case Result.Success<BarPage>(BarPage page) ->
                page.isCutShort(query) ? Optional.of(DayBars.timeoutRefusal()) : Optional.empty();
        };
    }

    /** Whether a page of running periods received at {@code at} may still be served. */
    private boolean isFresh(Instant at) {
        Instant now = clock.instant();
        if (Duration.between(at, now).compareTo(RUNNING_LIFE) < 0) {
            return true;
        }
        UsWindow pageWindow = hours.at(at);
        UsWindow window = hours.at(now);
        return pageWindow.date().equals(window.date()) && isOutsideTrading(pageWindow) && isOutsideTrading(window);
    }

    /** Whether there is no trading that makes bars; the day market makes none. */
    private static boolean isOutsideTrading(UsWindow window) {
        return switch (window.session()) {
            case CLOSED, DAY_MARKET -> true;
            case PRE, REGULAR, AFTER -> false;
        };
    }

    /** Another gateway's page of this session of New York's; for running periods a recent one. */
    private Optional<Timestamped<Page>> findShared(UsChartKey question, boolean isOver) {
        Instant now = clock.instant();
        UsWindow window = hours.at(now);
        return sharedCache.find(question).filter(cached -> {
            UsWindow pageWindow = hours.at(cached.at());
            return pageWindow.date().equals(window.date())
                    && pageWindow.session() == window.session()
                    && (isOver
                            || isFresh(cached.at())
                            || Duration.between(cached.at(), now).compareTo(sharedCache.tradingLife()) < 0);
        });
    }

    private Result<Timestamped<Page>> callKis(UsChartKey question, RequestContext requestContext) {
        var edition = sharedCache.edition(question);
        return source.requestPage(
                        question.symbol(), question.period(), question.last(), question.adjusted(), requestContext)
                .map(page -> {
                    var cached = new Timestamped<>(page, clock.instant());
                    sharedCache.store(question, cached, edition);
                    return cached;
                });
    }

    /** Collects one answer, from the newest bar backwards. */
    private final class BarCollector {
        private final UsSymbol symbol;
        private final BarQuery query;
        /** Tenant and deadline of requests to KIS; empty where only memory is used. */
        private final Optional<RequestContext> context;

        private final BarPeriod base;
        private final Optional<LocalDateTime> oldestRequested;
        private final LocalDate today = today();
        /** Newest first. */
        private final List<Bar> found = new ArrayList<>();

        private Optional<LocalDateTime> oldestReceived;
        private Optional<Refusal> failure = Optional.empty();
        private int periods;
        /** Whether no older requested bars can exist. */
        private boolean complete;
        /** Whether older bars are requested and KIS has none. */
        private boolean exhausted;

        BarCollector(UsSymbol symbol, BarQuery query, Optional<RequestContext> context) {
            this.symbol = symbol;
            this.query = query;
            this.context = context;
            this.base = query.period() == BarPeriod.YEAR ? BarPeriod.MONTH : query.period();
            this.oldestRequested = query.from().map(query.period()::begin);
            this.oldestReceived = query.before();
        }

        Result<BarPage> answer() {
            LocalDateTime last = newestRequested();
            if (query.before().isPresent() && !query.before().get().isAfter(last)) {
                last = before(query.before().get());
            }
            while (!hasEnough() && !complete) {
                if (isTooOld(last) || last.isBefore(EARLIEST)) {
                    complete = true;
                    break;
                }
                switch (findPage(last)) {
                    case Result.Refused<Page>(Refusal refusal) -> {
                        failure = Optional.of(refusal);
                        return result();
                    }
                    case Result.Success<Page>(Page page) -> {
                        addFrom(page, last);
                        // KIS repeats itself for a time without bars.
                        LocalDateTime until = last;
                        Optional<LocalDateTime> oldest = page.oldest().filter(at -> !at.isAfter(until));
                        if (oldest.isEmpty()) {
                            exhausted = !complete;
                            complete = true;
                        } else {
                            oldestReceived = oldest;
                            last = before(oldest.get());
                        }
                    }
                }
            }
            return result();
        }

        /** Start of the newest requested bar: a running year is complete up to now. */
        private LocalDateTime newestRequested() {
            if (base.isIntraday()) {
                return base.begin(query.to());
            }
            LocalDate end = query.period().last(query.to().toLocalDate());
            return base.first(end.isAfter(today) ? today : end).atStartOfDay();
        }

        /** The beginning of the period before the one that begins at {@code begin}, or a moment after it. */
        private LocalDateTime before(LocalDateTime begin) {
            return base.begin(base.isIntraday() ? begin.minusMinutes(1) : begin.minusDays(1));
        }

        private LocalDateTime begin(Bar bar) {
            return LocalDateTime.ofInstant(Instant.ofEpochSecond(bar.ts()), hours.zone());
        }

        private boolean isTooOld(LocalDateTime begin) {
            return oldestRequested.filter(begin::isBefore).isPresent();
        }

        private boolean hasEnough() {
            // A period merged from several bars is complete only once the one before it has begun.
            return query.period() == base ? periods >= query.limit() : periods > query.limit();
        }

        private void addFrom(Page page, LocalDateTime last) {
            for (Bar bar : page.bars().reversed()) {
                if (isTooOld(begin(bar))) {
                    complete = true;
                    return;
                }
                if (hasEnough()) {
                    return;
                }
                if (!begin(bar).isAfter(last)) {
                    add(bar);
                }
            }
        }

        private void add(Bar bar) {
            LocalDate first = query.period().first(bar.date());
            if (base.isIntraday()
                    || found.isEmpty()
                    || !query.period().first(found.getLast().date()).equals(first)) {
                periods++;
            }
            found.add(bar);
        }

        private Result<Page> findPage(LocalDateTime last) {
            var key = new UsChartKey(symbol, base, query.adjusted(), last);
            boolean isOver = base.last(last.toLocalDate()).isBefore(today);
            Optional<Page> available = isOver
                    ? Optional.ofNullable(cachedPages.getIfPresent(key))
                    : Optional.ofNullable(running.getIfPresent(key))
                            .filter(run -> isFresh(run.at()))
                            .map(Timestamped::value);
            return available
                    .map(Result::success)
                    .orElseGet(() -> context.map(requestContext -> request(key, isOver, requestContext))
                            .orElseGet(BarCollector::timeoutResult));
        }

        private Result<Page> request(UsChartKey key, boolean isOver, RequestContext requestContext) {
            var timeLeft = Duration.between(clock.instant(), requestContext.deadline());
            if (!timeLeft.isPositive()) {
                return timeoutResult();
            }
            Result<Timestamped<Page>> result = flights.run(
                    key,
                    timeLeft,
                    () -> findShared(key, isOver).map(Result::success).orElseGet(() -> callKis(key, requestContext)),
                    BarCollector::timeoutResult,
                    BarCollector::timeoutResult);
            return result.map(cached -> {
                if (isOver) {
                    cachedPages.put(key, cached.value());
                } else {
                    running.put(key, cached);
                }
                return cached.value();
            });
        }

        private static <T> Result<T> timeoutResult() {
            return Result.refused(DayBars.timeoutRefusal());
        }

        private Result<BarPage> result() {
            List<Bar> bars = found;
            if (query.period() != base) {
                bars = Bars.aggregate(query.period(), found.reversed(), hours.zone())
                        .reversed();
                if (!complete && !bars.isEmpty()) {
                    bars = bars.subList(0, bars.size() - 1); // its beginning is missing
                }
            }
            if (failure.isPresent() && bars.isEmpty()) {
                return Result.refused(failure.get());
            }
            boolean truncated = bars.size() > query.limit();
            bars = truncated ? bars.subList(0, query.limit()) : bars;
            return Result.success(new BarPage(
                    bars,
                    (truncated || !complete) && !bars.isEmpty()
                            ? OptionalLong.of(bars.getLast().ts())
                            : OptionalLong.empty(),
                    exhausted && !truncated && base.isIntraday()
                            ? Optional.of(oldestReceived
                                    .map(LocalDateTime::toLocalDate)
                                    .orElseGet(() -> source.minutesAvailableSince(today)))
                            : Optional.empty()));
        }
    }
}
