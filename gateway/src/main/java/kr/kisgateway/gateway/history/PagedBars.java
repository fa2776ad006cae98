package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.AnswerCache.AfterInvalidation;
import kr.kisgateway.gateway.cache.AnswerCache.Memory;
import kr.kisgateway.gateway.cache.AnswerCache.Servable;
import kr.kisgateway.gateway.cache.Cached;
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

    /** Maximum days and longer, and maximum minutes, per call. */
    private static final int PAGE_SIZE = 100;

    private static final int MINUTES_PER_PAGE = 120;
    /** Nothing older is requested. */
    private static final LocalDateTime EARLIEST = LocalDateTime.of(1900, 1, 1, 0, 0);

    private final BarPageSource source;
    private final History history;
    private final MarketCalendar calendar;
    private final InstantSource clock;
    private final Duration sharedLife;
    private final AnswerCache<PageKey, Page> pages;

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
        this.source = source;
        this.history = history;
        this.calendar = calendar;
        this.sharedLife = sharedCache.tradingLife();
        this.clock = clock;
        var memory = new Memory<PageKey, Page>(
                CLOSED_LIFE,
                CLOSED_LIFE,
                AfterInvalidation.DROP_LAST,
                CACHED_MAX,
                page -> page.bars().size() + 1,
                PageKey::symbol);
        this.pages = new AnswerCache<>(name, memory, Duration.ZERO, sharedCache, clock);
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
        pages.bindTo(meters, () -> {
            var bars = new long[1];
            pages.forEachLast((key, page) ->
                    bars[0] += isOver(key, page.at()) ? page.value().bars().size() : 0);
            return bars[0];
        });
    }

    @Override
    public void invalidate(MarketSymbol symbol) {
        pages.invalidate(new PageKey(symbol, BarPeriod.DAY, false, EARLIEST));
    }

    /** Whether a page of running periods received at {@code at} may still be served. */
    private boolean isFresh(Instant at) {
        Instant now = clock.instant();
        return Duration.between(at, now).compareTo(RUNNING_LIFE) < 0
                || calendar.tradingDay(at).equals(calendar.tradingDay(now))
                        && !ClosedDays.hasBars(calendar.session(at))
                        && !ClosedDays.hasBars(calendar.session(now));
    }

    /** Whether all periods of a page were over at {@code at}. */
    private boolean isOver(PageKey key, Instant at) {
        return key.period().last(key.last().toLocalDate()).isBefore(calendar.tradingDay(at));
    }

    /** Another gateway's page is served in its session; one of running periods while it is recent. */
    private Servable servable(PageKey key) {
        return new Servable(
                Optional.of(at -> isOver(key, at) || isFresh(at)),
                Optional.of(at -> calendar.isSameSession(at, clock.instant())
                        && (isOver(key, clock.instant())
                                || isFresh(at)
                                || Duration.between(at, clock.instant()).compareTo(sharedLife) < 0)));
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
            var cached = pages.find(key, servable(key));
            if (cached.isPresent()) {
                return Result.success(cached.get().value());
            }
            return context.map(requester ->
                            findWritten(key, requester).map(Result::success).orElseGet(() -> request(key, requester)))
                    .orElseGet(() -> Result.refused(BarCollector.timeoutRefusal()));
        }

        /** A page of the files that ends at {@code key}. Adjusted days count only while KIS adjusts them in the same way. */
        private Optional<Page> findWritten(PageKey key, RequestContext requester) {
            LocalDate day = key.last().toLocalDate();
            Optional<Page> written = Optional.empty();
            if (!isOver(key, clock.instant())) {
                return written;
            }
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
            written.ifPresent(page -> pages.put(key, page, clock.instant()));
            return written;
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
            Optional<Page> page = request(key, requester).toOptional();
            boolean same = page.filter(kis -> DayBars.hasSamePrices(newest, kis.bars()))
                    .isPresent();
            if (page.isPresent() && !same) {
                LOG.warn("history_adjustment_outdated symbol={} until={}", symbol, newest.to());
            }
            return same;
        }

        private Result<Page> request(PageKey key, RequestContext requester) {
            return pages.fetch(
                            key,
                            servable(key),
                            BarCollector.waitOf(requester, clock),
                            () -> source.requestPage(key.symbol(), key.period(), key.last(), key.adjusted(), requester)
                                    .map(page -> new Timestamped<>(page, clock.instant())))
                    .map(Cached::value);
        }
    }
}
