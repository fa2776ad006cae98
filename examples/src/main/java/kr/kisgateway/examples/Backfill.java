package kr.kisgateway.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.batch.Batch;
import kr.kisgateway.client.batch.BatchOptions;
import kr.kisgateway.client.batch.BatchResult;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.parse.DayBar;

/** Daily bars of the last year into one CSV file a stock; the next run adds only what has come since. */
public final class Backfill {
    private Backfill() {}

    /** @param args the stocks' codes, two well-known ones when left out */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of("data", "bars"));
        LocalDate to = LocalDate.now(TradingCalendar.SEOUL).minusDays(1); // today's bar still changes
        List<Symbol> symbols = Stream.of(args.length > 0 ? args : new String[] {"005930", "000660"})
                .map(Symbol::new)
                .toList();
        Map<Symbol, LocalDate> from = new HashMap<>();
        for (Symbol symbol : symbols) {
            from.put(symbol, firstMissing(folder.resolve(symbol + ".csv"), to.minusYears(1)));
        }
        symbols = symbols.stream()
                .filter(it -> !from.getOrDefault(it, to).isAfter(to))
                .toList();
        try (KisClient kis = Kis.connect()) {
            BatchResult<List<DayBar>> result = Batch.over(kis)
                    .each(
                            symbols,
                            (it, call) ->
                                    kis.domestic().chart(it, BarPeriod.DAY, from.getOrDefault(it, to), to, true, call),
                            BatchOptions.standard());
            for (var entry : result.values().entrySet()) {
                List<String> lines =
                        entry.getValue().stream().map(Backfill::line).toList();
                if (lines.isEmpty()) {
                    continue; // weekends and holidays since the last run
                }
                Path file = folder.resolve(entry.getKey() + ".csv");
                Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                IO.println(file + ": " + lines.size() + " days more");
            }
            result.failures().forEach((symbol, why) -> IO.println(symbol + ": " + why.code() + ", " + why.remedy()));
        }
    }

    private static LocalDate firstMissing(Path file, LocalDate otherwise) throws IOException {
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.isEmpty()
                ? otherwise
                : LocalDate.parse(lines.getLast().split(",")[0]).plusDays(1);
    }

    private static String line(DayBar bar) {
        return "%s,%d,%d,%d,%d,%d".formatted(bar.date(), bar.open(), bar.high(), bar.low(), bar.close(), bar.volume());
    }
}
