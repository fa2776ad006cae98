package kr.kisgateway.gateway.history;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.history.BackfillRequest.Unit;
import kr.kisgateway.gateway.history.BarSource.Page;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.history.HistoryStore.CoverageKey;
import kr.kisgateway.gateway.history.HistoryStore.MergeResult;
import kr.kisgateway.gateway.history.HistoryStore.Table;
import kr.kisgateway.gateway.job.JobKind;
import kr.kisgateway.gateway.job.WrittenFiles;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.PerMarket;

/**
 * Loads days or minutes into the history. Each unit's bars are first staged in a file of their own and, many units at a time,
 * merged into the tables; data already in the tables is not requested again. A unit that failed for a temporary reason is
 * retried for minutes; trading days of the exchange's calendar without an answer are listed in its note.
 */
public final class Backfill implements JobKind {
    /** Its name in the API. */
    public static final String NAME = "backfill";

    /** Missing trading days listed for each unit; the others are counted. */
    private static final int MISSING_LISTED = 20;

    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);
    private static final LocalDate EARLIEST_DAY = LocalDate.of(1980, 1, 1);

    private final HistoryStore store;
    private final Path staging;
    private final PerMarket<BarService> bars;
    private final Markets markets;
    private final Function<MarketSymbol, Optional<LocalDate>> listedOn;
    private final InstantSource clock;
    private final DailyListBackfill lists;

    /**
     * @param lists the exchange's own lists, for backfills with its figures
     * @param staging a folder for bars fetched and not yet in the history; on the same disk
     * @param bars sources of the bars of each market; those cached are dropped when files changed
     * @param listedOn day of the listing, where it is known
     */
    public Backfill(
            HistoryStore store,
            Path staging,
            PerMarket<BarService> bars,
            Markets markets,
            DailyListSource lists,
            Function<MarketSymbol, Optional<LocalDate>> listedOn,
            InstantSource clock) {
        this.store = store;
        this.staging = staging;
        this.bars = bars;
        this.markets = markets;
        this.listedOn = listedOn;
        this.clock = clock;
        this.lists = new DailyListBackfill(store, staging, lists, clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Enough that the call budget never idles for lack of requests; the budget gives them what others leave. */
    @Override
    public int concurrentUnits() {
        return 8;
    }

    @Override
    public boolean needsDiskSpace() {
        return true;
    }

    @Override
    public int unitsPerSettlement() {
        return 100;
    }

    @Override
    public Outcome run(Run run, String name) {
        var request = BackfillRequest.parse(run.request());
        try {
            if (request.usesExchangeLists()) {
                return lists.run(run, request, name);
            }
            Unit unit = request.unit(name, markets);
            return request.period() == BarPeriod.DAY
                    ? backfillDays(run, request, unit, name)
                    : backfillMinutes(run, request, unit, name);
        } catch (RefusedException refused) {
            return new Outcome.Failed(
                    refused.refusal().code().name(), refused.refusal().message());
        } catch (RequestRetries.StoppedException stop) {
            return new Outcome.Stopped();
        }
    }

    @Override
    public Map<String, String> settle(Run run, List<String> names) {
        var request = BackfillRequest.parse(run.request());
        Map<Path, String> files = names.stream().collect(Collectors.toMap(name -> stagedFile(run, name), name -> name));
        if (request.usesExchangeLists()) {
            return SourceConflicts.notes(lists.settle(run, request, names, this::invalidate), files);
        }
        var merged = new MergeResult(List.of(), 0);
        var byMarket = names.stream()
                .collect(Collectors.groupingBy(
                        name -> request.unit(name, markets).symbol().market()));
        for (var market : byMarket.entrySet()) {
            Map<CoverageKey, List<Span>> spans = new HashMap<>();
            var staged = new ArrayList<Path>();
            for (String name : market.getValue()) {
                Path file = stagedFile(run, name);
                if (!Partitions.exists(file)) {
                    continue; // covered before; or lost, and then a later backfill requests it
                }
                staged.add(file);
                Unit unit = request.unit(name, markets);
                spans.computeIfAbsent(coverageKey(request, unit), _ -> new ArrayList<>())
                        .add(unit.span());
            }
            merged = merged.plus(store.merge(market.getKey(), request.table(), staged, spans));
        }
        names.stream()
                .map(name -> request.unit(name, markets).symbol())
                .distinct()
                .forEach(this::invalidate);
        return SourceConflicts.notes(merged, files);
    }

    @Override
    public Optional<WrittenFiles> files(String request, String name) {
        var requested = BackfillRequest.parse(request);
        Table table = requested.table();
        boolean adjusted = table == Table.DAILY && requested.adjusted();
        var span = requested.usesExchangeLists()
                ? new Span(
                        requested.listUnit(name).day(), requested.listUnit(name).day())
                : requested.unit(name, markets).span();
        Optional<? extends MarketSymbol> symbol = requested.usesExchangeLists()
                ? store.symbolOn(span.to())
                : Optional.of(requested.unit(name, markets).symbol());
        Market market = symbol.map(MarketSymbol::market).orElse(Market.KOREA);
        return Optional.of(new WrittenFiles(
                store.folder(market, table),
                market.currency(),
                symbol.flatMap(listedSymbol -> store.newest(table, listedSymbol, span, adjusted)
                        .map(bar -> new WrittenFiles.Sample(listedSymbol, bar)))));
    }

    @Override
    public void onEnded(Run run) {
        lists.ended(run);
        StagedBars.deleteFolder(staging.resolve(run.id()));
    }

    private void invalidate(MarketSymbol symbol) {
        bars.of(symbol).invalidate(symbol);
    }

    private Outcome backfillDays(Run run, BackfillRequest request, Unit unit, String name) {
        List<Span> covered = store.covered(Table.DAILY, unit.symbol(), request.adjusted());
        List<Span> requested = unit.span().subtract(covered);
        if (requested.isEmpty()) {
            return new Outcome.Done(Optional.empty());
        }
        if (request.adjusted() && !covered.isEmpty() && havePricesChanged(run, unit.symbol())) {
            // The written bars were adjusted otherwise: all of them are requested again, not only the missing ones.
            requested = Span.merge(
                    Stream.concat(covered.stream(), Stream.of(unit.span())).toList());
        }
        var found = new ArrayList<Bar>();
        var daysWithoutTrade = new HashSet<LocalDate>();
        for (Span span : requested) {
            fetch(run, request, unit.symbol(), span, found, daysWithoutTrade);
        }
        found.sort(Comparator.comparing(Bar::date));
        StagedBars.write(stagedFile(run, name), unit.symbol(), found, request.adjusted(), request.source());
        return new Outcome.Done(missingDaysNote(unit.symbol(), requested, found, daysWithoutTrade));
    }

    private void fetch(
            Run run,
            BackfillRequest request,
            MarketSymbol symbol,
            Span span,
            List<Bar> found,
            Set<LocalDate> daysWithoutTrade) {
        Optional<LocalDate> listed = listedOn.apply(symbol);
        LocalDate cursor = span.to();
        while (!cursor.isBefore(span.from()) && listed.filter(cursor::isBefore).isEmpty()) {
            LocalDate end = cursor;
            Page page = RequestRetries.requestUntilAnswered(
                    run,
                    () -> closedBars(symbol).days(symbol, span.from(), end, request.adjusted(), requestContext(run)));
            page.bars().stream()
                    .filter(bar ->
                            !bar.date().isBefore(span.from()) && !bar.date().isAfter(end))
                    .forEach(found::add);
            daysWithoutTrade.addAll(page.daysWithoutTrade());
            if (page.oldest().isEmpty() || !page.oldest().get().isBefore(cursor.plusDays(1))) {
                return;
            }
            cursor = page.oldest().get().minusDays(1);
        }
    }

    /** Whether KIS returns other prices of the newest written days than the files: there was a split since. */
    private boolean havePricesChanged(Run run, MarketSymbol symbol) {
        Series written = store.days(symbol, true);
        if (written.segments().isEmpty()) {
            return true;
        }
        var last = written.segments().getLast();
        Page page = RequestRetries.requestUntilAnswered(
                run, () -> closedBars(symbol).days(symbol, EARLIEST_DAY, last.to(), true, requestContext(run)));
        return !DayBars.hasSamePrices(last, page.bars());
    }

    private ClosedBars closedBars(MarketSymbol symbol) {
        return bars.of(symbol).closedBars();
    }

    private MarketCalendar exchange(MarketSymbol symbol) {
        return bars.of(symbol).closedDays().exchange();
    }

    private Outcome backfillMinutes(Run run, BackfillRequest request, Unit unit, String name) {
        List<Span> requested = unit.span().subtract(store.covered(Table.MINUTE, unit.symbol(), false));
        Optional<LocalDate> listed = listedOn.apply(unit.symbol());
        MarketCalendar exchange = exchange(unit.symbol());
        var found = new ArrayList<Bar>();
        var daysWithoutTrade = new HashSet<LocalDate>();
        for (Span span : requested) {
            for (LocalDate day = span.from(); !day.isAfter(span.to()); day = day.plusDays(1)) {
                if (day.getDayOfWeek().getValue() > 5 && !exchange.isTradingDay(day)
                        || listed.filter(day::isBefore).isPresent()) {
                    continue;
                }
                LocalDate currentDay = day;
                found.addAll(RequestRetries.requestUntilAnswered(
                        run, () -> closedBars(unit.symbol()).minutes(unit.symbol(), currentDay, requestContext(run))));
            }
        }
        if (!requested.isEmpty()) {
            StagedBars.write(stagedFile(run, name), unit.symbol(), found, false, request.source());
        }
        return new Outcome.Done(missingDaysNote(unit.symbol(), requested, found, daysWithoutTrade));
    }

    /**
     * Trading days without an answer. Days before the listing and days confirmed to be without a trade are not missing;
     * before the calendar's first day trading days are unknown.
     */
    private Optional<String> missingDaysNote(
            MarketSymbol symbol, List<Span> spans, List<Bar> found, Set<LocalDate> daysWithoutTrade) {
        MarketCalendar exchange = exchange(symbol);
        LocalDate first = listedOn.apply(symbol)
                .filter(exchange.firstCoveredDay()::isBefore)
                .orElse(exchange.firstCoveredDay());
        Set<LocalDate> received = found.stream().map(Bar::date).collect(Collectors.toCollection(HashSet::new));
        received.addAll(daysWithoutTrade);
        var missing = new TreeSet<LocalDate>();
        for (Span span : spans) {
            for (LocalDate day = span.from().isBefore(first) ? first : span.from();
                    !day.isAfter(span.to());
                    day = day.plusDays(1)) {
                if (exchange.isTradingDay(day) && !received.contains(day)) {
                    missing.add(day);
                }
            }
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(missing.size() + " trading days without an answer: "
                        + missing.stream()
                                .limit(MISSING_LISTED)
                                .map(LocalDate::toString)
                                .collect(Collectors.joining(", "))
                        + (missing.size() > MISSING_LISTED ? ", …" : ""));
    }

    /** A tenant of its own: requests for charts take turns with it. */
    private RequestContext requestContext(Run run) {
        return new RequestContext("job:" + run.tenant(), clock.instant().plus(CALL_LIMIT));
    }

    private Path stagedFile(Run run, String name) {
        return stagedFile(staging, run, name);
    }

    /** Staged file of a unit. */
    static Path stagedFile(Path staging, Run run, String name) {
        return staging.toAbsolutePath().resolve(run.id()).resolve(name.replace('/', '-') + ".csv");
    }

    private static CoverageKey coverageKey(BackfillRequest request, Unit unit) {
        return new CoverageKey(request.table(), unit.symbol(), request.period() == BarPeriod.DAY && request.adjusted());
    }
}
