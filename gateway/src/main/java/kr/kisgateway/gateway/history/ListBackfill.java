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
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.history.BackfillRequest.ListUnit;
import kr.kisgateway.gateway.history.DayListSource.Row;
import kr.kisgateway.gateway.history.HistoryStore.Covered;
import kr.kisgateway.gateway.history.HistoryStore.Merged;
import kr.kisgateway.gateway.history.HistoryStore.Table;
import kr.kisgateway.gateway.job.JobKind.Outcome;
import kr.kisgateway.gateway.job.JobKind.Run;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * The part of a backfill that takes the exchange's own lists: one call brings everything that one list has of one day, and all of
 * it is kept, because a call is dear and its rows are not. So stocks that are delisted by now come as well.
 *
 * <p>A symbol is known on a day when its row was in the list; who is missing in a list that came is not taken for one without a
 * trade, since it may have been in another list then.
 */
final class ListBackfill {
    /** A list of a day that is not older may be published yet. */
    private static final int DAYS_TO_PUBLISH = 7;

    private final HistoryStore store;
    private final Path staging;
    private final DayListSource source;
    private final InstantSource clock;
    private final KrxCalendar exchange = new KrxCalendar();
    /** By job and list: why a key is not taken, so that this is not asked again for thousands of days. */
    private final Map<String, Refusal> refused = new ConcurrentHashMap<>();

    ListBackfill(HistoryStore store, Path staging, DayListSource source, InstantSource clock) {
        this.store = store;
        this.staging = staging;
        this.source = source;
        this.clock = clock;
    }

    Outcome run(Run run, BackfillRequest request, String name) {
        ListUnit unit = request.listUnit(name);
        if (store.covered(unit.list()).stream().anyMatch(span -> span.has(unit.day()))) {
            return new Outcome.Done(Optional.empty());
        }
        String door = run.id() + "/" + unit.list();
        Refusal shut = refused.get(door);
        if (shut != null) {
            return new Outcome.Failed(shut.code().name(), shut.message());
        }
        List<Row> rows;
        try {
            rows = Patience.told(run, () -> source.day(unit.list(), unit.day()));
        } catch (RefusedException e) {
            if (e.refusal().code() == ErrorCode.CREDENTIALS_REFUSED
                    || e.refusal().code() == ErrorCode.CREDENTIALS_MISSING) {
                refused.put(door, e.refusal());
            }
            throw e;
        }
        if (rows.isEmpty() && mayCome(unit.day())) {
            return new Outcome.Done(
                    Optional.of("the exchange's list is empty on a trading day; it is asked for again next time"));
        }
        var lines = new StringBuilder(rows.size() * 80);
        var seen = new StringBuilder(rows.size() * 8);
        for (Row row : rows) {
            row.bar().ifPresent(bar -> Staged.line(lines, row.symbol(), bar, false, request.source()));
            seen.append(row.symbol().code()).append('\n');
        }
        Staged.write(Backfill.staged(staging, run, name), lines);
        // Last: that it is there means that all is.
        Staged.write(seen(run, name), seen);
        return new Outcome.Done(Optional.empty());
    }

    private boolean mayCome(LocalDate day) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        return exchange.isTradingDay(day) || day.isAfter(today.minusDays(DAYS_TO_PUBLISH));
    }

    /** @param written hears of each symbol that there are bars of */
    Merged settle(Run run, BackfillRequest request, List<String> names, Consumer<Symbol> written) {
        Map<Covered, List<Span>> spans = new HashMap<>();
        var closed = new HashSet<LocalDate>();
        var symbols = new HashSet<Symbol>();
        var files = new ArrayList<Path>();
        for (String name : names) {
            Path seen = seen(run, name);
            if (!Files.exists(seen)) {
                continue; // known before, or not published
            }
            ListUnit unit = request.listUnit(name);
            var day = new Span(unit.day(), unit.day());
            List<Symbol> there = symbols(seen);
            spans.computeIfAbsent(new Covered(Table.LIST, unit.list().name(), false), _ -> new ArrayList<>())
                    .add(day);
            if (there.isEmpty()) {
                closed.add(unit.day());
            }
            for (Symbol symbol : there) {
                spans.computeIfAbsent(new Covered(Table.DAILY, symbol, false), _ -> new ArrayList<>())
                        .add(day);
            }
            symbols.addAll(there);
            closedAround(unit.day(), request, closed);
            files.add(Backfill.staged(staging, run, name));
        }
        Merged merged = store.merge(Table.DAILY, files, spans, closed);
        symbols.forEach(written);
        return merged;
    }

    /** Weekends and holidays beside {@code day}, as far as they were asked for. */
    private void closedAround(LocalDate day, BackfillRequest request, Set<LocalDate> closed) {
        for (int step : new int[] {-1, 1}) {
            for (LocalDate beside = day.plusDays(step);
                    !beside.isBefore(request.from())
                            && !beside.isAfter(request.to())
                            && !BackfillRequest.mayHaveTraded(exchange, beside);
                    beside = beside.plusDays(step)) {
                closed.add(beside);
            }
        }
    }

    void ended(Run run) {
        refused.keySet().removeIf(door -> door.startsWith(run.id() + "/"));
    }

    private Path seen(Run run, String name) {
        Path bars = Backfill.staged(staging, run, name);
        return bars.resolveSibling(bars.getFileName().toString().replace(".csv", ".seen"));
    }

    private static List<Symbol> symbols(Path seen) {
        try (Stream<String> lines = Files.lines(seen)) {
            return lines.map(Symbol::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
