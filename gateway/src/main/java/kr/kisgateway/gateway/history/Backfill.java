package kr.kisgateway.gateway.history;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.history.BackfillRequest.Unit;
import kr.kisgateway.gateway.history.BarSource.Asking;
import kr.kisgateway.gateway.history.BarSource.Minute;
import kr.kisgateway.gateway.history.BarSource.Page;
import kr.kisgateway.gateway.history.HistoryStore.Covered;
import kr.kisgateway.gateway.history.HistoryStore.Merged;
import kr.kisgateway.gateway.history.HistoryStore.Table;
import kr.kisgateway.gateway.job.JobKind;
import kr.kisgateway.gateway.job.WrittenFiles;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;

/**
 * Fetches days or minutes into the history. Each unit's bars are first staged in a file of their own and, many units at a time,
 * put into the tables; of what the tables know nothing is asked again. A unit that failed for a moment's reason is tried again
 * for minutes, and days that the exchange's calendar has and nobody told of are named in its note.
 */
public final class Backfill implements JobKind {
    static final String NAME = "backfill";

    /** Trading days that are missing and named for each unit; the others are counted. */
    private static final int MISSING_LISTED = 20;

    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);
    private static final LocalDate BEGINNING = LocalDate.of(1980, 1, 1);

    private final HistoryStore store;
    private final Path staging;
    private final BarSource source;
    private final Function<Symbol, Optional<Instrument>> listing;
    private final Consumer<Symbol> written;
    private final InstantSource clock;
    private final KrxCalendar exchange = new KrxCalendar();
    private final ListBackfill lists;

    /**
     * @param lists the exchange's own lists, for those who want its figures
     * @param staging a folder for what is fetched and not yet in the history; on the same disk
     * @param written hears of each symbol whose files changed
     */
    public Backfill(
            HistoryStore store,
            Path staging,
            BarSource source,
            DayListSource lists,
            Function<Symbol, Optional<Instrument>> listing,
            Consumer<Symbol> written,
            InstantSource clock) {
        this.store = store;
        this.staging = staging;
        this.source = source;
        this.listing = listing;
        this.written = written;
        this.clock = clock;
        this.lists = new ListBackfill(store, staging, lists, clock);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Enough that the call budget is never idle for want of questions; the budget gives them what nobody else wants. */
    @Override
    public int atOnce() {
        return 8;
    }

    @Override
    public boolean needsRoom() {
        return true;
    }

    @Override
    public int settleEvery() {
        return 100;
    }

    @Override
    public Outcome run(Run run, String name) {
        var request = BackfillRequest.parse(run.request());
        try {
            if (request.isOfLists()) {
                return lists.run(run, request, name);
            }
            Unit unit = request.unit(name);
            return request.period() == BarPeriod.DAY
                    ? days(run, request, unit, name)
                    : minutes(run, request, unit, name);
        } catch (RefusedException refused) {
            return new Outcome.Failed(
                    refused.refusal().code().name(), refused.refusal().message());
        } catch (Patience.Stop stop) {
            return new Outcome.Stopped();
        }
    }

    @Override
    public Map<String, String> settle(Run run, List<String> names) {
        var request = BackfillRequest.parse(run.request());
        Map<Path, String> files = names.stream().collect(Collectors.toMap(name -> staged(run, name), name -> name));
        Merged merged;
        if (request.isOfLists()) {
            merged = lists.settle(run, request, names, written);
        } else {
            Map<Covered, List<Span>> spans = new HashMap<>();
            for (String name : names) {
                Unit unit = request.unit(name);
                spans.computeIfAbsent(covered(request, unit), _ -> new ArrayList<>())
                        .add(unit.span());
            }
            merged = store.merge(request.table(), List.copyOf(files.keySet()), spans);
            names.stream().map(name -> request.unit(name).symbol()).distinct().forEach(written);
        }
        return Conflicts.notes(merged, files);
    }

    @Override
    public Optional<WrittenFiles> files(String request, String name) {
        var wanted = BackfillRequest.parse(request);
        Table table = wanted.table();
        boolean adjusted = table == Table.DAILY && wanted.adjusted();
        var span = wanted.isOfLists()
                ? new Span(wanted.listUnit(name).day(), wanted.listUnit(name).day())
                : wanted.unit(name).span();
        var symbol = wanted.isOfLists()
                ? store.symbolOn(span.to())
                : Optional.of(wanted.unit(name).symbol());
        return Optional.of(new WrittenFiles(
                store.folder(table),
                Currency.KRW.name(),
                symbol.flatMap(of ->
                        store.newest(table, of, span, adjusted).map(bar -> new WrittenFiles.Sample(of.code(), bar)))));
    }

    @Override
    public void ended(Run run) {
        lists.ended(run);
        Staged.remove(staging.resolve(run.id()));
    }

    private Outcome days(Run run, BackfillRequest request, Unit unit, String name) {
        List<Span> known = store.covered(Table.DAILY, unit.symbol(), request.adjusted());
        List<Span> wanted = unit.span().without(known);
        if (wanted.isEmpty()) {
            return new Outcome.Done(Optional.empty());
        }
        if (request.adjusted() && !known.isEmpty() && adjustedAnew(run, unit.symbol())) {
            // What was written was adjusted otherwise: all of it is asked for again, not only what is missing.
            wanted = Span.joined(
                    Stream.concat(known.stream(), Stream.of(unit.span())).toList());
        }
        var bars = new ArrayList<Bar>();
        var quiet = new HashSet<LocalDate>();
        for (Span span : wanted) {
            fetch(run, request, unit.symbol(), span, bars, quiet);
        }
        bars.sort(Comparator.comparing(Bar::date));
        Staged.write(staged(run, name), unit.symbol(), bars, request.adjusted(), request.source());
        return new Outcome.Done(missing(unit.symbol(), wanted, bars, quiet));
    }

    private void fetch(
            Run run, BackfillRequest request, Symbol symbol, Span span, List<Bar> bars, Set<LocalDate> quiet) {
        Optional<LocalDate> listed = listing.apply(symbol).flatMap(Instrument::listedOn);
        LocalDate at = span.to();
        while (!at.isBefore(span.from()) && listed.filter(at::isBefore).isEmpty()) {
            LocalDate end = at;
            Page page = Patience.told(
                    run, () -> source.days(symbol, BarPeriod.DAY, span.from(), end, request.adjusted(), asking(run)));
            page.bars().stream()
                    .filter(bar ->
                            !bar.date().isBefore(span.from()) && !bar.date().isAfter(end))
                    .forEach(bars::add);
            quiet.addAll(page.quiet());
            if (page.oldest().isEmpty() || !page.oldest().get().isBefore(at.plusDays(1))) {
                return;
            }
            at = page.oldest().get().minusDays(1);
        }
    }

    /** Whether KIS tells other prices of the newest written days than the files: there was a split since. */
    private boolean adjustedAnew(Run run, Symbol symbol) {
        Series written = store.days(symbol, true);
        if (written.stretches().isEmpty()) {
            return true;
        }
        var last = written.stretches().getLast();
        Page page =
                Patience.told(run, () -> source.days(symbol, BarPeriod.DAY, BEGINNING, last.to(), true, asking(run)));
        return !Days.samePrices(last, page);
    }

    private Outcome minutes(Run run, BackfillRequest request, Unit unit, String name) {
        List<Span> wanted = unit.span().without(store.covered(Table.MINUTE, unit.symbol(), false));
        Optional<LocalDate> listed = listing.apply(unit.symbol()).flatMap(Instrument::listedOn);
        var bars = new ArrayList<Bar>();
        var quiet = new HashSet<LocalDate>();
        for (Span span : wanted) {
            for (LocalDate day = span.from(); !day.isAfter(span.to()); day = day.plusDays(1)) {
                if (day.getDayOfWeek().getValue() > 5 && !exchange.isTradingDay(day)
                        || listed.filter(day::isBefore).isPresent()) {
                    continue;
                }
                LocalDate on = day;
                List<Minute> told = Patience.told(
                        run,
                        () -> source.minutes(unit.symbol(), on.atStartOfDay(), on.atTime(LocalTime.MAX), asking(run)));
                bars.addAll(Minutes.bars(told));
            }
        }
        if (!wanted.isEmpty()) {
            Staged.write(staged(run, name), unit.symbol(), bars, false, request.source());
        }
        return new Outcome.Done(missing(unit.symbol(), wanted, bars, quiet));
    }

    /**
     * The trading days of which nothing was told. Days before the listing and those told to be without a trade are none; before
     * the calendar's first day nobody knows.
     */
    private Optional<String> missing(Symbol symbol, List<Span> spans, List<Bar> bars, Set<LocalDate> quiet) {
        LocalDate first = listing.apply(symbol)
                .flatMap(Instrument::listedOn)
                .filter(exchange.firstKnownDay()::isBefore)
                .orElse(exchange.firstKnownDay());
        Set<LocalDate> told = bars.stream().map(Bar::date).collect(Collectors.toCollection(HashSet::new));
        told.addAll(quiet);
        var missing = new TreeSet<LocalDate>();
        for (Span span : spans) {
            for (LocalDate day = span.from().isBefore(first) ? first : span.from();
                    !day.isAfter(span.to());
                    day = day.plusDays(1)) {
                if (exchange.isTradingDay(day) && !told.contains(day)) {
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

    /** A tenant of its own: whoever asks for a chart meanwhile takes turns with it. */
    private Asking asking(Run run) {
        return new Asking("job:" + run.tenant(), clock.instant().plus(CALL_LIMIT));
    }

    private Path staged(Run run, String name) {
        return staged(staging, run, name);
    }

    /** Where the bars of a unit wait. */
    static Path staged(Path staging, Run run, String name) {
        return staging.toAbsolutePath().resolve(run.id()).resolve(name.replace('/', '-') + ".csv");
    }

    private static Covered covered(BackfillRequest request, Unit unit) {
        return new Covered(request.table(), unit.symbol(), request.period() == BarPeriod.DAY && request.adjusted());
    }
}
