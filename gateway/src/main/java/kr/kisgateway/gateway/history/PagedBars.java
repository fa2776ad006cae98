package kr.kisgateway.gateway.history;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.cache.CacheCounters;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SharedCache.Timestamped;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarPageSource.Page;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.history.ChartCaches.PageKey;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Bars;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketSymbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bars of any period of a market whose source has pages: from pages received or read within an hour, else from the files, else
 * page by page from the source, the newest first. Pages of running periods are served for a second, and for an hour while no
 * trading changes them. Weeks, months and bars of several minutes are the source's own, except minutes of days in the files.
 */
final class PagedBars implements BarCollector {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");
    /** Bars in memory, about 120 bytes each. */
    static final int CACHED_MAX = 100_000;
    /** How long closed periods are served without another request: a split changes adjusted prices of the past. */
    private static final Duration CLOSED_LIFE = Duration.ofHours(1);
    /** How long running periods are served without another request. */
    private static final Duration RUNNING_LIFE = Duration.ofSeconds(1);

    private static final int RUNNING_MAX = 1_000;
    /** Maximum days and longer, and maximum minutes, per call. */
    private static final int PAGE_SIZE = 100;

    private static final int MINUTES_PER_PAGE = 120;
    /** Nothing older is requested. */
    private static final LocalDateTime EARLIEST = LocalDateTime.of(1900, 1, 1, 0, 0);

    private final String name;
    private final BarPageSource source;
    private final History history;
    private final MarketCalendar calendar;
    private final InstantSource clock;
    private final SharedCache<PageKey, Page> sharedCache;
    private final Cache<PageKey, Page> cachedPages;
    private final Cache<PageKey, Timestamped<Page>> running;
    private final CoalescedRequests<PageKey, Timestamped<Page>> requests;
    private final CacheCounters counters = new CacheCounters();

    /**
     * @param name of the cached bars, for the metrics
     * @param calendar gives the trading day by the market's clock
     * @param sharedCache other gateways' pages
     */
    PagedBars(
            String name,
            BarPageSource source,
            History history,
            MarketCalendar calendar,
            SharedCache<PageKey, Page> sharedCache,
            InstantSource clock) {
        this.name = name;
        this.source = source;
        this.history = history;
        this.calendar = calendar;
        this.sharedCache = sharedCache;
        this.clock = clock;
        this.requests = new CoalescedRequests<>(clock);
        this.cachedPages = Caffeine.newBuilder()
                .maximumWeight(CACHED_MAX)
                .weigher((PageKey key, Page page) -> page.bars().size() + 1)
                .expireAfterWrite(CLOSED_LIFE)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
        this.running = Caffeine.newBuilder()
                .maximumSize(RUNNING_MAX)
                .expireAfter(Expiry.<PageKey, Timestamped<Page>>writing(
                        (_, run) -> ClosedDays.hasBars(calendar.session(run.at())) ? RUNNING_LIFE : CLOSED_LIFE))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    @Override
    public Result<BarPage> bars(MarketSymbol symbol, BarQuery query, RequestContext context) {
        return new Search(symbol, query, Optional.of(context)).answer();
    }

    @Override
    public Optional<BarPage> findCached(MarketSymbol symbol, BarQuery query) {
        var search = new Search(symbol, query, Optional.empty());
        return search.answer().toOptional().filter(_ -> !search.found.hasFailed());
    }

    @Override
    public int expectedCalls(BarQuery query) {
        if (!query.period().isIntraday()) {
            return query.dayPages(PAGE_SIZE);
        }
        long bars = query.from()
                .map(from -> ChronoUnit.MINUTES.between(from, query.to())
                                / query.period().minutes()
                        + 1)
                .map(possible -> Math.min(possible, query.limit()))
                .orElse((long) query.limit());
        return (int) Math.max(1, (bars + MINUTES_PER_PAGE - 1) / MINUTES_PER_PAGE);
    }

    /** Hits and misses by pages. */
    @Override
    public void bindTo(Meters meters) {
        counters.bindTo(meters, name, () -> {
            cachedPages.cleanUp();
            return cachedPages.asMap().values().stream()
                    .mapToLong(page -> page.bars().size())
                    .sum();
        });
    }

    @Override
    public void invalidate(MarketSymbol symbol) {
        cachedPages.asMap().keySet().removeIf(key -> key.symbol().equals(symbol));
        running.asMap().keySet().removeIf(key -> key.symbol().equals(symbol));
        sharedCache.invalidate(new PageKey(symbol, BarPeriod.DAY, false, EARLIEST));
    }

    /** Whether a page of running periods received at {@code at} may still be served. */
    private boolean isFresh(Instant at) {
        Instant now = clock.instant();
        return Duration.between(at, now).compareTo(RUNNING_LIFE) < 0
                || calendar.tradingDay(at).equals(calendar.tradingDay(now))
                        && !ClosedDays.hasBars(calendar.session(at))
                        && !ClosedDays.hasBars(calendar.session(now));
    }

    /** Another gateway's page of this session; for running periods a recent one. */
    private Optional<Timestamped<Page>> findShared(PageKey question, boolean isOver) {
        Instant now = clock.instant();
        return sharedCache
                .find(question)
                .filter(cached -> calendar.isSameSession(cached.at(), now)
                        && (isOver
                                || isFresh(cached.at())
                                || Duration.between(cached.at(), now).compareTo(sharedCache.tradingLife()) < 0));
    }

    private Result<Timestamped<Page>> callKis(PageKey question, RequestContext context) {
        counters.calls.increment();
        return sharedCache.share(
                question,
                clock,
                () -> source.requestPage(
                        question.symbol(), question.period(), question.last(), question.adjusted(), context));
    }

    /** Collects one answer, from the newest bar backwards. */
    private final class Search {
        private final MarketSymbol symbol;
        private final BarQuery query;
        /** Tenant and deadline of requests to KIS; empty where only memory is used. */
        private final Optional<RequestContext> context;

        private final BarPeriod base;
        private final Optional<LocalDateTime> oldestRequested;
        private final LocalDate today = calendar.tradingDay(clock.instant());
        private final FoundBars found;

        private Optional<LocalDateTime> oldestReceived;
        /** Whether older bars are requested and KIS has none. */
        private boolean exhausted;

        Search(MarketSymbol symbol, BarQuery query, Optional<RequestContext> context) {
            this.symbol = symbol;
            this.query = query;
            this.context = context;
            this.base = query.base();
            this.oldestRequested = query.from().map(query.period()::begin);
            this.oldestReceived = query.before();
            this.found = new FoundBars(query, calendar.zone());
        }

        Result<BarPage> answer() {
            LocalDateTime last = newestRequested();
            if (query.before().isPresent() && !query.before().get().isAfter(last)) {
                last = before(query.before().get());
            }
            while (found.needsMore()) {
                if (isTooOld(last) || last.isBefore(EARLIEST)) {
                    found.setComplete(true);
                    break;
                }
                switch (findPage(last)) {
                    case Result.Refused<Page>(Refusal refusal) -> found.fail(refusal);
                    case Result.Success<Page>(Page page) -> {
                        addFrom(page, last);
                        // KIS repeats itself for a time without bars.
                        LocalDateTime until = last;
                        Optional<LocalDateTime> oldest = page.oldest().filter(at -> !at.isAfter(until));
                        if (oldest.isEmpty()) {
                            exhausted = !found.isComplete();
                            found.setComplete(true);
                        } else {
                            oldestReceived = oldest;
                            last = before(oldest.get());
                        }
                    }
                }
            }
            return found.page(
                    exhausted && base.isIntraday()
                            ? Optional.of(oldestReceived
                                    .map(LocalDateTime::toLocalDate)
                                    .orElseGet(() -> source.minutesAvailableSince(today)))
                            : Optional.empty());
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

        private boolean isTooOld(LocalDateTime begin) {
            return oldestRequested.filter(begin::isBefore).isPresent();
        }

        private void addFrom(Page page, LocalDateTime last) {
            for (Bar bar : page.bars().reversed()) {
                LocalDateTime begin = bar.begin(calendar.zone());
                if (isTooOld(begin)) {
                    found.setComplete(true);
                    return;
                }
                if (found.hasEnough()) {
                    return;
                }
                if (!begin.isAfter(last)) {
                    found.add(bar);
                }
            }
        }

        private Result<Page> findPage(LocalDateTime last) {
            var key = new PageKey(symbol, base, query.adjusted(), last);
            boolean isOver = base.last(last.toLocalDate()).isBefore(today);
            Optional<Page> available = isOver
                    ? Optional.ofNullable(cachedPages.getIfPresent(key))
                    : Optional.ofNullable(running.getIfPresent(key))
                            .filter(run -> isFresh(run.at()))
                            .map(Timestamped::value);
            if (available.isPresent()) {
                counters.hits.increment();
                return Result.success(available.get());
            }
            counters.misses.increment();
            return context.map(requester -> (isOver ? findWritten(key, requester) : Optional.<Page>empty())
                            .map(Result::success)
                            .orElseGet(() -> request(key, isOver, requester)))
                    .orElseGet(() -> Result.refused(DayBars.timeoutRefusal()));
        }

        /** A page of the files that ends at {@code key}. Adjusted days count only while KIS adjusts them in the same way. */
        private Optional<Page> findWritten(PageKey key, RequestContext requester) {
            LocalDate day = key.last().toLocalDate();
            Optional<Page> written = Optional.empty();
            if (base.isIntraday()) {
                written = history.minutes(symbol, day)
                        .map(minutes -> new Page(
                                Bars.aggregate(base, minutes, calendar.zone()), Optional.of(day.atStartOfDay())));
            } else if (base == BarPeriod.DAY) {
                Series days = history.days(symbol, query.adjusted());
                written = days.segmentAt(day)
                        .filter(_ -> !query.adjusted()
                                || isAdjustedAsByKis(days.segments().getLast(), requester))
                        .map(segment -> page(segment, day));
            }
            written.ifPresent(page -> cachedPages.put(key, page));
            // Also without a page of the files: the adjustment was compared with one of KIS.
            return written.or(() -> Optional.ofNullable(cachedPages.getIfPresent(key)));
        }

        private static Page page(Series.Segment segment, LocalDate day) {
            List<Bar> bars = segment.bars().subList(0, segment.countUntil(day));
            boolean isWhole = bars.size() <= BarQuery.LIMIT_MAX;
            bars = isWhole ? bars : bars.subList(bars.size() - BarQuery.LIMIT_MAX, bars.size());
            return new Page(
                    bars,
                    Optional.of((isWhole ? segment.from() : bars.getFirst().date()).atStartOfDay()));
        }

        private boolean isAdjustedAsByKis(Series.Segment newest, RequestContext requester) {
            var key = new PageKey(symbol, BarPeriod.DAY, true, newest.to().atStartOfDay());
            Optional<Page> page = Optional.ofNullable(cachedPages.getIfPresent(key))
                    .or(() -> request(key, true, requester).toOptional());
            boolean same = page.filter(kis -> DayBars.hasSamePrices(newest, kis.bars()))
                    .isPresent();
            if (page.isPresent() && !same) {
                LOG.warn("history_adjustment_outdated symbol={} until={}", symbol, newest.to());
            }
            return same;
        }

        private Result<Page> request(PageKey key, boolean isOver, RequestContext requester) {
            Result<Timestamped<Page>> result = requests.request(
                    key,
                    requester,
                    () -> findShared(key, isOver).map(Result::success).orElseGet(() -> callKis(key, requester)));
            return result.map(cached -> {
                if (isOver) {
                    cachedPages.put(key, cached.value());
                } else {
                    running.put(key, cached);
                }
                return cached.value();
            });
        }
    }
}
