package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history's Parquet files, written and read by DuckDB in this process, on the thread {@code history} alone.
 *
 * <p>{@code daily/market=KRX/year=2026/part-0.parquet} holds days, {@code minute/market=KRX/date=2026-11-20/part-0.parquet}
 * minutes, {@code coverage.parquet} of which days of which symbol everything is known. A file is written beside its place,
 * forced to the disk and renamed, and its content follows from its rows alone: sorted, one row for each symbol, adjustment and
 * period, written by one thread. So whatever the way there, the same rows make the same bytes.
 *
 * <p>DuckDB is loaded with the first file that is read or written, not before.
 */
public final class HistoryStore implements History, AutoCloseable {
    /** Reads and writes waiting for the thread. */
    static final int WAITING_MAX = 256;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");
    private static final Duration READ_LIMIT = Duration.ofSeconds(5);
    private static final String PART = "part-0.parquet";
    private static final String STAGED_COLUMNS = "{symbol: 'VARCHAR', day: 'DATE', ts: 'BIGINT', open: 'BIGINT',"
            + " high: 'BIGINT', low: 'BIGINT', close: 'BIGINT', volume: 'BIGINT', turnover: 'BIGINT',"
            + " adjusted: 'BOOLEAN', source: 'VARCHAR'}";
    private static final String PRICES = "open, high, low, close, volume, turnover, adjusted, source";
    /** Small groups, so that a reader of one symbol skips the others: they are sorted by symbol. */
    private static final String FORM = " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)";

    /** The two tables. */
    enum Table {
        DAILY("daily", "year"),
        MINUTE("minute", "date");

        private final String folder;
        private final String partition;

        Table(String folder, String partition) {
            this.folder = folder;
            this.partition = partition;
        }
    }

    /** Of which symbol and table. */
    record Covered(Table table, Symbol symbol, boolean adjusted) {}

    private final Path folder;
    private final Path spill;
    private final ThreadPoolExecutor thread;
    private final AtomicLong merges = new AtomicLong();
    // Of the thread alone.
    private Optional<Connection> connection = Optional.empty();
    private Optional<Map<Covered, List<Span>>> coverage = Optional.empty();

    private HistoryStore(Path folder, Path spill) {
        this.folder = folder;
        this.spill = spill;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().name("history").daemon(true).factory());
    }

    /**
     * Opens {@code folder}, which need not exist, and removes what a kill left half-written.
     *
     * @param spill a folder for what does not fit DuckDB's memory
     */
    public static HistoryStore open(Path folder, Path spill) {
        if (Files.isDirectory(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.filter(it -> it.getFileName().toString().matches("\\..*\\.tmp"))
                        .toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new HistoryStore(folder, spill);
    }

    /** Where the files lie. */
    public Path folder() {
        return folder;
    }

    @Override
    public Series days(Symbol symbol, boolean adjusted) {
        return reading(() -> {
                    List<Span> spans = covered(new Covered(Table.DAILY, symbol, adjusted));
                    if (spans.isEmpty()) {
                        return Series.NOTHING;
                    }
                    List<Bar> bars = select(
                            "SELECT date::VARCHAR, NULL::BIGINT, open, high, low, close, volume, turnover FROM read_parquet("
                                    + literal(folder.resolve("daily/market=KRX/*/" + PART))
                                    + ", hive_partitioning = false) WHERE symbol = ? AND adjusted = " + adjusted
                                    + " ORDER BY date",
                            symbol);
                    Series series = Series.NOTHING;
                    for (Span span : spans) {
                        series = series.with(new Series.Stretch(
                                span.from(),
                                span.to(),
                                bars.stream()
                                        .filter(bar -> !bar.date().isBefore(span.from())
                                                && !bar.date().isAfter(span.to()))
                                        .toList()));
                    }
                    return series;
                })
                .orElse(Series.NOTHING);
    }

    @Override
    public Optional<List<Bar>> minutes(Symbol symbol, LocalDate day) {
        return reading(() -> {
                    boolean known = covered(new Covered(Table.MINUTE, symbol, false)).stream()
                            .anyMatch(span -> !day.isBefore(span.from()) && !day.isAfter(span.to()));
                    if (!known) {
                        return Optional.<List<Bar>>empty();
                    }
                    Path file = place(Table.MINUTE, day.toString());
                    return Optional.of(
                            Files.exists(file)
                                    ? select(
                                            "SELECT " + literal(day.toString())
                                                    + ", ts, open, high, low, close, volume, turnover FROM read_parquet("
                                                    + literal(file)
                                                    + ", hive_partitioning = false) WHERE symbol = ? ORDER BY ts",
                                            symbol)
                                    : List.<Bar>of());
                })
                .orElse(Optional.empty());
    }

    /** The days of {@code symbol} of which everything is known. */
    List<Span> covered(Table table, Symbol symbol, boolean adjusted) {
        return await(() -> covered(new Covered(table, symbol, adjusted)));
    }

    /**
     * Puts the staged {@code files} into the table, where their rows win, and then says that {@code spans} are known. Doing it
     * again changes nothing.
     */
    void merge(Table table, List<Path> files, Map<Covered, List<Span>> spans) {
        List<Path> there = files.stream().filter(Files::exists).sorted().toList();
        if (!there.isEmpty()) {
            // A step for each file, so that who reads meanwhile waits for one of them only.
            String staged = "staged_" + merges.incrementAndGet();
            await(() -> {
                stage(table, there, staged);
                return true;
            });
            for (String partition : await(() -> partitions(staged))) {
                await(() -> {
                    rewrite(table, partition, staged);
                    return true;
                });
            }
            await(() -> {
                run("DROP TABLE " + staged);
                return true;
            });
        }
        await(() -> {
            cover(spans);
            return true;
        });
    }

    @Override
    public void close() {
        try {
            thread.submit(() -> {
                        if (connection.isPresent()) {
                            connection.get().close();
                        }
                        return true;
                    })
                    .get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.warn("history_not_closed cause=\"{}\"", e.getMessage());
        }
        thread.shutdown();
    }

    // On the thread.

    private List<Span> covered(Covered of) throws SQLException {
        return coverage().getOrDefault(of, List.of());
    }

    private Map<Covered, List<Span>> coverage() throws SQLException {
        if (coverage.isPresent()) {
            return coverage.get();
        }
        var read = new HashMap<Covered, List<Span>>();
        Path file = folder.resolve("coverage.parquet");
        if (Files.exists(file)) {
            try (var statement = duck().createStatement();
                    ResultSet row = statement.executeQuery("SELECT \"table\", symbol, adjusted, first_day::VARCHAR,"
                            + " last_day::VARCHAR FROM read_parquet(" + literal(file) + ") ORDER BY ALL")) {
                while (row.next()) {
                    read.computeIfAbsent(
                                    new Covered(
                                            Table.valueOf(row.getString(1)),
                                            new Symbol(row.getString(2)),
                                            row.getBoolean(3)),
                                    _ -> new ArrayList<>())
                            .add(new Span(LocalDate.parse(row.getString(4)), LocalDate.parse(row.getString(5))));
                }
            }
        }
        coverage = Optional.of(read);
        return read;
    }

    private void cover(Map<Covered, List<Span>> more) throws SQLException, IOException {
        var all = new HashMap<>(coverage());
        more.forEach((of, spans) -> {
            var joined = new ArrayList<>(all.getOrDefault(of, List.of()));
            joined.addAll(spans);
            all.put(of, Span.joined(joined));
        });
        if (all.equals(coverage()) && Files.exists(folder.resolve("coverage.parquet"))) {
            return;
        }
        run("CREATE OR REPLACE TEMP TABLE covered (\"table\" VARCHAR, symbol VARCHAR, adjusted BOOLEAN, first_day DATE,"
                + " last_day DATE)");
        try (var insert = duck().prepareStatement("INSERT INTO covered VALUES (?, ?, ?, ?::DATE, ?::DATE)")) {
            for (var each : all.entrySet()) {
                for (Span span : each.getValue()) {
                    insert.setString(1, each.getKey().table().name());
                    insert.setString(2, each.getKey().symbol().code());
                    insert.setBoolean(3, each.getKey().adjusted());
                    insert.setString(4, span.from().toString());
                    insert.setString(5, span.to().toString());
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
        copy("SELECT * FROM covered ORDER BY ALL", folder.resolve("coverage.parquet"));
        run("DROP TABLE covered");
        coverage = Optional.of(all);
    }

    private void stage(Table table, List<Path> files, String staged) throws SQLException {
        String names = files.stream().map(HistoryStore::literal).collect(Collectors.joining(", "));
        run("CREATE OR REPLACE TEMP TABLE " + staged + " AS SELECT *, "
                + (table == Table.DAILY ? "year(day)::VARCHAR" : "day::VARCHAR")
                + " AS partition FROM read_csv([" + names
                + "], auto_detect = false, header = false, delim = ',', parallel = false, columns = " + STAGED_COLUMNS
                + ")");
    }

    private List<String> partitions(String staged) throws SQLException {
        var found = new ArrayList<String>();
        try (var statement = duck().createStatement();
                ResultSet row = statement.executeQuery("SELECT DISTINCT partition FROM " + staged + " ORDER BY ALL")) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    private void rewrite(Table table, String partition, String staged) throws SQLException, IOException {
        String own = table == Table.DAILY
                ? "symbol, day AS date, " + PRICES
                : "symbol, ts, (TIMESTAMP '1970-01-01 09:00:00' + to_seconds(ts)) AS kst, " + PRICES;
        String key = table == Table.DAILY ? "symbol, adjusted, date" : "symbol, adjusted, ts";
        Path file = place(table, partition);
        String rows = "SELECT " + own + " FROM " + staged + " WHERE partition = " + literal(partition);
        if (Files.exists(file)) {
            rows = "WITH news AS (" + rows + ") SELECT * FROM news UNION ALL BY NAME (SELECT old.* FROM read_parquet("
                    + literal(file) + ", hive_partitioning = false) AS old ANTI JOIN news USING (" + key + "))";
        }
        copy("SELECT * FROM (" + rows + ") ORDER BY " + key, file);
    }

    /** The file appears whole under its name, or stays as it was. */
    private void copy(String rows, Path file) throws SQLException, IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling("." + file.getFileName() + ".tmp");
        run("COPY (" + rows + ") TO " + literal(part) + FORM);
        Staged.sync(part);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        Staged.syncFolder(file);
    }

    private Path place(Table table, String partition) {
        return folder.resolve(table.folder)
                .resolve("market=KRX")
                .resolve(table.partition + "=" + partition)
                .resolve(PART);
    }

    private List<Bar> select(String sql, Symbol symbol) throws SQLException {
        var days = new TreeMap<String, LocalDate>();
        var bars = new ArrayList<Bar>();
        try (var select = duck().prepareStatement(sql)) {
            select.setString(1, symbol.code());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    LocalDate day = days.computeIfAbsent(row.getString(1), LocalDate::parse);
                    long ts = row.getLong(2);
                    ts = row.wasNull() ? Bar.midnight(day) : ts;
                    long traded = row.getLong(8);
                    var turnover = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(traded);
                    bars.add(new Bar(
                            day,
                            ts,
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6),
                            row.getLong(7),
                            turnover));
                }
            }
        }
        return bars;
    }

    private void run(String sql) throws SQLException {
        try (var statement = duck().createStatement()) {
            statement.execute(sql);
        }
    }

    /** It guesses nothing, fetches nothing from the network, and takes a quarter of a gigabyte at most. */
    private Connection duck() throws SQLException {
        if (connection.isPresent()) {
            return connection.get();
        }
        Connection opened = DriverManager.getConnection("jdbc:duckdb:");
        connection = Optional.of(opened);
        for (String setting : List.of(
                "SET autoinstall_known_extensions = false",
                "SET autoload_known_extensions = false",
                "SET threads = 1",
                "SET memory_limit = '256MB'",
                "SET temp_directory = " + literal(spill))) {
            run(setting);
        }
        return opened;
    }

    private static String literal(Path path) {
        return literal(path.toAbsolutePath().toString());
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    // From other threads.

    /** Empty when the files cannot be read now: KIS is asked instead. */
    private <T> Optional<T> reading(Callable<T> work) {
        try {
            var reading = thread.submit(work);
            try {
                return Optional.of(reading.get(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                reading.cancel(false);
                LOG.warn("history_read_late waiting={}", thread.getQueue().size());
            } catch (ExecutionException e) {
                LOG.warn("history_unreadable", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } catch (RejectedExecutionException e) {
            LOG.warn("history_read_refused waiting={}", thread.getQueue().size());
        }
        return Optional.empty();
    }

    private <T> T await(Callable<T> work) {
        try {
            return thread.submit(work).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the history cannot be written or read: " + e.getCause(), e.getCause());
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("too much waits for the history", e);
        }
    }
}
