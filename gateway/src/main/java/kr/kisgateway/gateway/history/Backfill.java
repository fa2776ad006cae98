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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.history.BackfillRequest.Unit;
import kr.kisgateway.gateway.history.BarSource.Asking;
import kr.kisgateway.gateway.history.BarSource.Minute;
import kr.kisgateway.gateway.history.BarSource.Page;
import kr.kisgateway.gateway.history.BarSource.Told;
import kr.kisgateway.gateway.history.HistoryStore.Covered;
import kr.kisgateway.gateway.history.HistoryStore.Table;
import kr.kisgateway.gateway.job.JobKind;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
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

    private static final int TRIES = 8;
    private static final Duration CALL_LIMIT = Duration.ofSeconds(60);
    private static final LocalDate BEGINNING = LocalDate.of(1980, 1, 1);

    private final HistoryStore store;
    private final Path staging;
    private final BarSource source;
    private final Function<Symbol, Optional<Instrument>> listing;
    private final Consumer<Symbol> written;
    private final InstantSource clock;
    private final KrxCalendar exchange = new KrxCalendar();

    /**
     * @param staging a folder for what is fetched and not yet in the history; on the same disk
     * @param written hears of each symbol whose files changed
     */
    public Backfill(
            HistoryStore store,
            Path staging,
            BarSource source,
            Function<Symbol, Optional<Instrument>> listing,
            Consumer<Symbol> written,
            InstantSource clock) {
        this.store = store;
        this.staging = staging;
        this.source = source;
        this.listing = listing;
        this.written = written;
        this.clock = clock;
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
    public int settleEvery() {
        return 100;
    }

    @Override
    public Outcome run(Run run, String name) {
        var request = BackfillRequest.parse(run.request());
        Unit unit = request.unit(name);
        try {
            return request.period() == BarPeriod.DAY
                    ? days(run, request, unit, name)
                    : minutes(run, request, unit, name);
        } catch (RefusedException refused) {
            return new Outcome.Failed(
                    refused.refusal().code().name(), refused.refusal().message());
        } catch (Stop stop) {
            return new Outcome.Stopped();
        }
    }

    @Override
    public void settle(Run run, List<String> names) {
        var request = BackfillRequest.parse(run.request());
        Map<Covered, List<Span>> spans = new HashMap<>();
        for (String name : names) {
            Unit unit = request.unit(name);
            spans.computeIfAbsent(covered(request, unit), _ -> new ArrayList<>())
                    .add(unit.span());
        }
        store.merge(
                request.table(), names.stream().map(name -> staged(run, name)).toList(), spans);
        names.stream().map(name -> request.unit(name).symbol()).distinct().forEach(written);
    }

    @Override
    public void ended(Run run) {
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
            Page page = told(
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
        Page page = told(run, () -> source.days(symbol, BarPeriod.DAY, BEGINNING, last.to(), true, asking(run)));
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
                List<Minute> told = told(
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

    private <T> T told(Run run, Supplier<Told<T>> question) {
        Duration pause = Duration.ofSeconds(1);
        for (int tries = 1; ; tries++) {
            if (run.stopped()) {
                throw new Stop();
            }
            switch (question.get()) {
                case Told.Got<T>(T value) -> {
                    return value;
                }
                case Told.Failed<T>(Refusal refusal) -> {
                    if (!refusal.code().retryable() || tries == TRIES) {
                        throw new RefusedException(refusal);
                    }
                    run.pause(pause);
                    pause = pause.multipliedBy(2);
                }
            }
        }
    }

    /** A tenant of its own: whoever asks for a chart meanwhile takes turns with it. */
    private Asking asking(Run run) {
        return new Asking("job:" + run.tenant(), clock.instant().plus(CALL_LIMIT));
    }

    private Path staged(Run run, String name) {
        return staging.resolve(run.id()).resolve(name.replace('/', '-') + ".csv");
    }

    private static Covered covered(BackfillRequest request, Unit unit) {
        return new Covered(request.table(), unit.symbol(), request.period() == BarPeriod.DAY && request.adjusted());
    }

    /** A unit that need not be done now. Only within this class. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
