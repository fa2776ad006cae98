package kr.kisgateway.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.bench.load.HistoricalTicks;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.market.Instruments;

/** A gateway whose files have the recorded trades of 100 symbols: of three days, of five weeks, and of a year. */
final class TickGrowth {
    private static final List<Integer> DAYS = List.of(3, 25, 250);
    private static final List<Integer> QUICK_DAYS = List.of(2, 4);
    private static final int SYMBOLS = 100;
    private static final int TRADES_A_DAY = 5_000;
    private static final int QUICK_TRADES_A_DAY = 200;
    private static final int READS = 50;
    private static final int WARMUP_READS = 5;

    private static final String START = "growth.ticks.start_ms";
    private static final String READ = "growth.ticks.read_of_a_symbols_day_ms";
    private static final String DISK = "growth.ticks.disk_bytes_a_thousand_trades";
    private static final String BACKUP = "growth.ticks.backup_ms_a_megabyte";

    private TickGrowth() {}

    static List<Result> measure(BenchEnvironment environment) throws IOException, InterruptedException, SQLException {
        var simulator = environment.start(environment.simulator());
        var figures = new GrowthFigures("days");
        for (int days : environment.isQuick() ? QUICK_DAYS : DAYS) {
            var launch = environment.gateway(simulator.simulatorPort()).withEnvironment("GATEWAY_KEEP_TICKS", "off");

            measure(new GrownGateway(environment, launch, days, "days", figures));
        }
        environment.stop(simulator);
        return List.of(
                figures.start(START),
                figures.flat(DISK, "bytes"),
                figures.flat(READ, "ms"),
                figures.flat(BACKUP, "ms"));
    }

    private static void measure(GrownGateway gateway) throws IOException, InterruptedException, SQLException {
        var environment = gateway.environment();
        environment.progress("writing the trades of " + gateway.label());
        OrderRestart.start(environment, gateway.launch(), "");
        var history = OrderRestart.journal(gateway.launch()).resolveSibling("history");
        int tradesADay = environment.normalOrQuick(TRADES_A_DAY, QUICK_TRADES_A_DAY);
        var symbols = symbols();
        var days = days(gateway.quantity());
        try (var ticks = HistoricalTicks.open(history, tradesADay)) {
            ticks.add(symbols, days);
            gateway.put(READ, readMillis(ticks, symbols, days, tradesADay));
        }
        long bytes = FolderSize.of(history.resolve("trade")).bytes();
        gateway.put(DISK, 1_000.0 * bytes / tradesADay / SYMBOLS / gateway.quantity());
        gateway.put(START, gateway.startMillis(""));
        gateway.put(BACKUP, gateway.historyBackupMillis(bytes));
    }

    private static List<String> symbols() {
        return Instruments.load().all().stream()
                .map(stock -> stock.symbol().code())
                .filter(code -> code.matches("\\d{6}"))
                .limit(SYMBOLS)
                .toList();
    }

    /** So many weekdays before yesterday, whose parts a gateway has merged. */
    private static List<LocalDate> days(int count) {
        var days = new ArrayList<LocalDate>();
        for (var day = Orders.today().minusDays(2); days.size() < count; day = day.minusDays(1)) {
            if (day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY) days.add(day);
        }
        return days;
    }

    /** The median time of reads of one symbol's day, another symbol and day each time. */
    private static double readMillis(HistoricalTicks ticks, List<String> symbols, List<LocalDate> days, int tradesADay)
            throws SQLException {
        var latency = new Latency();
        for (int n = 0; n < WARMUP_READS + READS; n++) {
            var symbol = symbols.get(n * 7 % symbols.size());
            var day = days.get(n * 11 % days.size());
            long startedAt = System.nanoTime();
            int count = ticks.read(symbol, day);
            long took = System.nanoTime() - startedAt;
            if (count != tradesADay) {
                throw new BenchException(String.format(
                        Locale.ROOT, "%d trades of %s on %s instead of %d", count, symbol, day, tradesADay));
            }
            if (n >= WARMUP_READS) latency.record(took);
        }
        return latency.ms(50);
    }
}
