package kr.kisgateway.gateway.history;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
import kr.kisgateway.gateway.history.BarSource.Page;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.history.ChartCaches.DaysKey;
import kr.kisgateway.gateway.history.Series.Segment;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketSymbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bars of days and longer. Weeks and months are KIS's own, years are made of its months. */
final class DayBars implements BarCollector {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");

    /** Time limit of an answer. */
    static final Duration LIMIT = Duration.ofSeconds(10);
    /** Bars of closed days in memory, about 100 bytes each: twenty years of thirty stocks. */
    static final int CACHED_MAX = 150_000;
    /** Pages of running periods in memory. */
    private static final int RUNNING_MAX = 1_000;
    /** Bars of KIS per call. */
    private static final int PAGE_SIZE = 100;

    /** Nothing older is requested: the exchange's records begin here. */
    private static final LocalDate EARLIEST_DAY = LocalDate.of(1980, 1, 1);

    private record Key(MarketSymbol symbol, BarPeriod base, boolean adjusted) {}

    private final BarSource source;
    private final History history;
    private final ClosedDays closed;
    private final Function<MarketSymbol, Optional<LocalDate>> listedOn;
    private final InstantSource clock;
    private final Cache<Key, Series> cachedBars;
    private final AnswerLifetime lifetime;
    private final AnswerLifetime sharedLifetime;
    /** Of these pages only those of running periods are retained; closed ones are merged into {@link #cachedBars}. */
    private final AnswerCache<DaysKey, Page> pages;

    /**
     * @param listedOn day of the listing, where it is known
     * @param life lifetime of the running day
     * @param sharedCache other gateways' pages
     */
    DayBars(
            BarSource source,
            History history,
            ClosedDays closed,
            Function<MarketSymbol, Optional<LocalDate>> listedOn,
            AnswerLifetime life,
            SharedCache<DaysKey, Page> sharedCache,
            InstantSource clock) {
        this.lifetime = life;
        this.sharedLifetime = life.extendedBy(sharedCache);
        this.source = source;
        this.history = history;
        this.closed = closed;
        this.listedOn = listedOn;
        this.clock = clock;
        this.cachedBars = Caffeine.newBuilder()
                .maximumWeight(CACHED_MAX)
                .weigher((Key key, Series series) -> series.size() + 1)
                .build();
        var memory = new Memory<DaysKey, Page>(
                life.longest(), life.longest(), AfterInvalidation.DROP_LAST, RUNNING_MAX, _ -> 1, DaysKey::symbol);
        this.pages = new AnswerCache<>("bars_days", memory, Duration.ZERO, sharedCache, clock);
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

    /** Hits and misses by symbol: whether anything of an answer was in memory. */
    @Override
    public void bindTo(Meters meters) {
        pages.bindTo(
                meters,
                () -> {
                    cachedBars.cleanUp();
                    return cachedBars.asMap().values().stream()
                            .mapToLong(Series::size)
                            .sum();
                },
                CACHED_MAX);
    }

    @Override
    public int expectedCalls(BarQuery query) {
        return query.dayPages(PAGE_SIZE);
    }

    @Override
    public void invalidate(MarketSymbol symbol) {
        cachedBars.asMap().keySet().removeIf(key -> key.symbol().equals(symbol));
        pages.invalidate(new DaysKey(symbol, BarPeriod.DAY, false, LocalDate.EPOCH, LocalDate.EPOCH));
    }

    /** Collects one answer, from the newest bar backwards. */
    private final class Search {
        private final BarQuery query;
        /** Empty: no request and no file; anything not in memory is a refusal. */
        private final Optional<RequestContext> context;

        private final Key key;
        private final LocalDate oldestRequested;
        private final FoundBars found;

        Search(MarketSymbol symbol, BarQuery query, Optional<RequestContext> context) {
            this.found = new FoundBars(query, closed.zone());
            this.query = query;
            this.context = context;
            this.key = new Key(symbol, query.base(), query.adjusted());
            this.oldestRequested = query.from()
                    .map(from -> query.period().first(from.toLocalDate()))
                    .orElse(LocalDate.MIN);
        }

        Result<BarPage> answer() {
            LocalDate newest = query.to().toLocalDate();
            if (query.before().isPresent()) {
                LocalDate before = query.before().get().toLocalDate().minusDays(1);
                newest = before.isBefore(newest) ? before : newest;
            }
            LocalDate over = lastClosedPeriodEnd();
            if (newest.isAfter(over)) {
                addRunning(over, newest);
                newest = over;
            }
            if (found.needsMore()) {
                addClosed(newest);
            }
            return found.page(Optional.empty());
        }

        /** Last day of the last closed period. */
        private LocalDate lastClosedPeriodEnd() {
            LocalDate day = closed.lastClosedDay();
            return key.base().last(day).equals(day)
                    ? day
                    : key.base().first(day).minusDays(1);
        }

        private void addRunning(LocalDate over, LocalDate newest) {
            LocalDate today = closed.today();
            var running = new DaysKey(key.symbol(), key.base(), key.adjusted(), over.plusDays(1), today);
            var cached = pages.fresh(running, at -> lifetime.isFresh(at, clock.instant()));
            Page page;
            if (cached.isPresent()) {
                page = cached.get().value();
            } else {
                Optional<LocalDate> extendedFrom = extendedStart(over);
                if (found.hasFailed()) {
                    return;
                }
                switch (requestPage(extendedFrom.orElse(over.plusDays(1)), today)) {
                    case Result.Refused<Cached<Page>>(Refusal refusal) -> {
                        found.fail(refusal);
                        return;
                    }
                    case Result.Success<Cached<Page>>(Cached<Page> received) -> {
                        extendedFrom.ifPresent(from -> cacheSegment(segment(received.value(), from, over)));
                        page = after(received.value(), over);
                        pages.put(running, page, received.at());
                    }
                }
            }
            for (Bar bar : page.bars().reversed()) {
                // A recent page may include periods that are over by now: those come from the closed ones.
                if (!bar.date().isAfter(newest) && bar.date().isAfter(over) && !found.hasEnough()) {
                    found.add(bar);
                }
            }
        }

        private static Page after(Page page, LocalDate over) {
            return new Page(
                    page.bars().stream().filter(bar -> bar.date().isAfter(over)).toList(), page.oldest(), Set.of());
        }

        /** Start of the running period's page that also returns the periods before it; empty when they are cached. */
        private Optional<LocalDate> extendedStart(LocalDate over) {
            if (query.limit() == 1 && query.period() == key.base()) {
                return Optional.empty();
            }
            Series available = cachedSeries();
            LocalDate from = pageStart(available, over);
            return available.segmentAt(over).isPresent() || from.isAfter(over) ? Optional.empty() : Optional.of(from);
        }

        private void addClosed(LocalDate newest) {
            Series series = cachedSeries();
            LocalDate at = newest;
            while (found.needsMore()) {
                if (at.isBefore(oldestRequested)) {
                    found.setComplete(true);
                    return;
                }
                Optional<Segment> available = series.segmentAt(at);
                if (available.isEmpty()) {
                    series = extendedByPage(series, at);
                    continue;
                }
                addFrom(available.get(), at);
                if (available.get().from().equals(LocalDate.MIN)) {
                    found.setComplete(!found.hasEnough()
                            || found.endsWith(available.get().bars().getFirst()));
                    return;
                }
                at = available.get().from().minusDays(1);
            }
        }

        private void addFrom(Segment segment, LocalDate at) {
            for (int i = segment.countUntil(at) - 1; i >= 0 && !found.hasEnough(); i--) {
                Bar bar = segment.bars().get(i);
                if (bar.date().isBefore(oldestRequested)) {
                    found.setComplete(true);
                    return;
                }
                found.add(bar);
            }
        }

        /** The series extended by one page of KIS that ends on {@code at}. */
        private Series extendedByPage(Series series, LocalDate at) {
            boolean unlisted = listedOn.apply(key.symbol())
                    .filter(listed -> key.base().last(at).isBefore(listed))
                    .isPresent();
            if (unlisted || at.isBefore(EARLIEST_DAY)) {
                return cacheSegment(new Segment(LocalDate.MIN, at, List.of()));
            }
            LocalDate from = pageStart(series, at);
            return switch (requestPage(from, at)) {
                case Result.Refused<Cached<Page>>(Refusal refusal) -> {
                    found.fail(refusal);
                    yield series;
                }
                case Result.Success<Cached<Page>>(Cached<Page> page) -> cacheSegment(segment(page.value(), from, at));
            };
        }

        /** Not before the requested or cached days: KIS returns the newest bars first, and those are cached. */
        private LocalDate pageStart(Series series, LocalDate at) {
            LocalDate from =
                    series.lastCoveredBefore(at).map(day -> day.plusDays(1)).orElse(EARLIEST_DAY);
            if (from.isBefore(oldestRequested)) {
                from = oldestRequested;
            }
            return from.isBefore(EARLIEST_DAY) ? EARLIEST_DAY : from;
        }

        private Segment segment(Page page, LocalDate from, LocalDate to) {
            LocalDate since = page.oldest().map(day -> key.base().first(day)).orElse(from);
            if (page.oldest().isEmpty() && from.equals(EARLIEST_DAY)) {
                since = LocalDate.MIN;
            }
            LocalDate begin = since.isAfter(to) ? to : since;
            return new Segment(
                    begin,
                    to,
                    page.bars().stream()
                            .filter(bar ->
                                    !bar.date().isAfter(to) && !bar.date().isBefore(begin))
                            .toList());
        }

        /** From memory, else from the files. Adjusted bars of the files count only while KIS adjusts them in the same way. */
        private Series cachedSeries() {
            Series available = cachedBars.getIfPresent(key);
            if (available != null) {
                pages.counters().hits.increment();
                return available;
            }
            pages.counters().misses.increment();
            if (key.base() != BarPeriod.DAY || context.isEmpty()) {
                return Series.EMPTY;
            }
            Series written = history.days(key.symbol(), query.adjusted());
            if (written.segments().isEmpty()) {
                return Series.EMPTY;
            }
            if (query.adjusted()) {
                LocalDate end = written.segments().getLast().to();
                switch (requestPage(EARLIEST_DAY, end)) {
                    case Result.Refused<Cached<Page>>(Refusal refusal) -> {
                        found.fail(refusal);
                        return Series.EMPTY;
                    }
                    case Result.Success<Cached<Page>>(Cached<Page> page) -> {
                        if (!hasSamePrices(
                                written.segments().getLast(), page.value().bars())) {
                            LOG.warn("history_adjustment_outdated symbol={} until={}", key.symbol(), end);
                            return cacheSegment(segment(page.value(), EARLIEST_DAY, end));
                        }
                    }
                }
            }
            written.segments().forEach(this::cacheSegment);
            return Optional.ofNullable(cachedBars.getIfPresent(key)).orElse(written);
        }

        private Series cacheSegment(Segment segment) {
            return cachedBars.asMap().merge(key, Series.EMPTY.with(segment), (available, _) -> available.with(segment));
        }

        private Result<Cached<Page>> requestPage(LocalDate from, LocalDate to) {
            if (context.isEmpty()) {
                return Result.refused(BarCollector.timeoutRefusal());
            }
            var requester = context.get();
            return pages.fetch(
                    new DaysKey(key.symbol(), key.base(), key.adjusted(), from, to),
                    new Servable(Optional.empty(), Optional.of(at -> isSharedServable(to, at))),
                    BarCollector.waitOf(requester, clock),
                    () -> source.requestDays(key.symbol(), key.base(), from, to, key.adjusted(), requester)
                            .map(page -> new Timestamped<>(page, clock.instant())));
        }
    }

    /** Whether a page of another gateway may be served: closed days in their session, the running day for its lifetime. */
    private boolean isSharedServable(LocalDate to, Instant at) {
        return to.isAfter(closed.lastClosedDay())
                ? sharedLifetime.isFresh(at, clock.instant())
                : sharedLifetime.isSameSession(at, clock.instant());
    }

    /** Whether the days in both have the same prices: a split in between changes all earlier ones. */
    static boolean hasSamePrices(Segment written, List<Bar> bars) {
        for (Bar bar : bars) {
            int index = written.countUntil(bar.date()) - 1;
            if (written.covers(bar.date())
                    && (index < 0
                            || !written.bars().get(index).date().equals(bar.date())
                            || written.bars().get(index).close() != bar.close()
                            || written.bars().get(index).open() != bar.open())) {
                return false;
            }
        }
        return true;
    }
}
