package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.history.BackfillRequest.ListUnit;
import kr.kisgateway.gateway.history.DailyListSource.Row;
import kr.kisgateway.gateway.history.HistoryStore.CoverageKey;
import kr.kisgateway.gateway.history.HistoryStore.MergeResult;
import kr.kisgateway.gateway.history.HistoryStore.Table;
import kr.kisgateway.gateway.job.JobKind.Outcome;
import kr.kisgateway.gateway.job.JobKind.Run;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * Backfill from the exchange's own lists: one call returns all rows of one list of one day, and all of them are stored,
 * because a call is expensive and its rows are not. So delisted stocks are included as well.
 *
 * <p>A symbol is covered on a day when its row was in the list; a symbol missing from a list is not taken for one without a
 * trade, since it may have been in another list then.
 */
final class DailyListBackfill {
    /** A more recent list may still be published. */
    private static final int DAYS_TO_PUBLISH = 7;

    private final HistoryStore store;
    private final Path staging;
    private final DailyListSource source;
    private final InstantSource clock;
    private final KrxCalendar exchange = new KrxCalendar();
    /** By job and list: why a key was refused, so that the request is not repeated for thousands of days. */
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

    DailyListBackfill(HistoryStore store, Path staging, DailyListSource source, InstantSource clock) {
        this.store = store;
        this.staging = staging;
        this.source = source;
        this.clock = clock;
    }

    Outcome run(Run run, BackfillRequest request, String name) {
        ListUnit unit = request.listUnit(name);
        if (store.covered(unit.list()).stream().anyMatch(span -> span.contains(unit.day()))) {
            return new Outcome.Done(Optional.empty());
        }
        String refusalKey = run.id() + "/" + unit.list();
        Refusal earlierRefusal = refusals.get(refusalKey);
        if (earlierRefusal != null) {
            return new Outcome.Failed(earlierRefusal.code().name(), earlierRefusal.message());
        }
        List<Row> rows;
        try {
            rows = RequestRetries.requestUntilAnswered(run, () -> source.requestDay(unit.list(), unit.day()));
        } catch (RefusedException e) {
            if (e.refusal().code() == ErrorCode.CREDENTIALS_REFUSED
                    || e.refusal().code() == ErrorCode.CREDENTIALS_MISSING) {
                refusals.put(refusalKey, e.refusal());
            }
            throw e;
        }
        if (rows.isEmpty() && mayBePublished(unit.day())) {
            return new Outcome.Done(
                    Optional.of("the exchange's list is empty on a trading day; the next backfill requests it again"));
        }
        var lines = new StringBuilder(rows.size() * 80);
        var listed = new StringBuilder(rows.size() * 8);
        for (Row row : rows) {
            row.bar().ifPresent(bar -> StagedBars.appendLine(lines, row.symbol(), bar, false, request.source()));
            listed.append(row.symbol().code()).append('\n');
        }
        StagedBars.write(Backfill.stagedFile(staging, run, name), lines);
        // Last: this file marks the others as complete.
        StagedBars.write(listedFile(run, name), listed);
        return new Outcome.Done(Optional.empty());
    }

    private boolean mayBePublished(LocalDate day) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        return exchange.isTradingDay(day) || day.isAfter(today.minusDays(DAYS_TO_PUBLISH));
    }

    /** @param written receives each symbol with bars */
    MergeResult settle(Run run, BackfillRequest request, List<String> names, Consumer<MarketSymbol> written) {
        Map<CoverageKey, List<Span>> spans = new HashMap<>();
        var closed = new HashSet<LocalDate>();
        var symbols = new HashSet<Symbol>();
        var files = new ArrayList<Path>();
        for (String name : names) {
            Path listed = listedFile(run, name);
            if (!Partitions.exists(listed)) {
                continue; // covered before, or not published
            }
            ListUnit unit = request.listUnit(name);
            var day = new Span(unit.day(), unit.day());
            List<Symbol> listedSymbols = readSymbols(listed);
            spans.computeIfAbsent(new CoverageKey(Table.LIST, unit.list().name(), false), _ -> new ArrayList<>())
                    .add(day);
            if (listedSymbols.isEmpty()) {
                closed.add(unit.day());
            }
            for (Symbol symbol : listedSymbols) {
                spans.computeIfAbsent(new CoverageKey(Table.DAILY, symbol, false), _ -> new ArrayList<>())
                        .add(day);
            }
            symbols.addAll(listedSymbols);
            addClosedDaysAround(unit.day(), request, closed);
            files.add(Backfill.stagedFile(staging, run, name));
        }
        MergeResult merged = store.merge(Market.KOREA, Table.DAILY, files, spans, closed);
        symbols.forEach(written);
        return merged;
    }

    /** Adds requested weekends and holidays next to {@code day}. */
    private void addClosedDaysAround(LocalDate day, BackfillRequest request, Set<LocalDate> closed) {
        for (int step : new int[] {-1, 1}) {
            for (LocalDate neighbour = day.plusDays(step);
                    !neighbour.isBefore(request.from())
                            && !neighbour.isAfter(request.to())
                            && !BackfillRequest.mayHaveTraded(exchange, neighbour);
                    neighbour = neighbour.plusDays(step)) {
                closed.add(neighbour);
            }
        }
    }

    void ended(Run run) {
        refusals.keySet().removeIf(refusalKey -> refusalKey.startsWith(run.id() + "/"));
    }

    private Path listedFile(Run run, String name) {
        Path bars = Backfill.stagedFile(staging, run, name);
        return bars.resolveSibling(bars.getFileName().toString().replace(".csv", ".seen"));
    }

    private static List<Symbol> readSymbols(Path listed) {
        try (Stream<String> lines = Files.lines(listed)) {
            return lines.map(Symbol::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
