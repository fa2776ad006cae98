package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history's Parquet files, written and read by DuckDB in this process: written on the thread {@code history}, read on
 * {@value #READERS} others with connections of their own, so that a slow reader delays no backfill.
 *
 * <p>{@code daily/market=KRX/year=2026/part-0.parquet} has days, {@code minute/market=KRX/date=2026-11-20/part-0.parquet}
 * minutes, each of one market, {@code coverage.parquet} the completely stored days of each symbol. A file is written under a
 * temporary name, forced to disk and renamed, and its content depends on its rows alone: sorted, one row for each symbol,
 * adjustment and period, written by one thread. So the same rows make the same bytes, in whatever order they were merged.
 *
 * <p>DuckDB is loaded with the first file that is read or written, not before.
 */
public final class HistoryStore implements History, AutoCloseable {
    /** Queued writes, and queued reads. */
    static final int WAITING_MAX = 256;
    /** Concurrent reads. */
    static final int READERS = 2;
    /** Conflicts that one merge reports; the others are counted. */
    static final int CONFLICTS_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");
    /** A longer read is cancelled. */
    static final Duration READ_LIMIT = Duration.ofSeconds(5);

    private static final String PART_FILE = "part-0.parquet";
    private static final String STAGED_COLUMNS = "{symbol: 'VARCHAR', day: 'DATE', ts: 'BIGINT', open: 'BIGINT',"
            + " high: 'BIGINT', low: 'BIGINT', close: 'BIGINT', volume: 'BIGINT', turnover: 'BIGINT',"
            + " adjusted: 'BOOLEAN', source: 'VARCHAR'}";
    private static final String PRICES = "open, high, low, close, volume, turnover, adjusted, source";
    /** Of the coverage, which is of all markets. */
    private static final String COVERAGE_FORMAT = " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)";

    /** The two tables, and the coverage of the exchange's complete lists. */
    enum Table {
        DAILY("daily", "year"),
        MINUTE("minute", "date"),
        /** In the coverage only; the lists' rows are in {@link #DAILY}. */
        LIST("", "");

        private final String folder;
        private final String partition;

        Table(String folder, String partition) {
            this.folder = folder;
            this.partition = partition;
        }
    }

    /** Coverage of a symbol, or of a list, in a table. */
    record CoverageKey(Table table, String subject, boolean adjusted) {
        CoverageKey(Table table, MarketSymbol symbol, boolean adjusted) {
            this(table, symbol.code(), adjusted);
        }
    }

    /**
     * A day with different figures of two sources.
     *
     * @param file the staged file of one of them
     * @param staged the figures of that file, with its source
     * @param written the table's figures before the merge
     * @param chosenSource the source whose figures the table has now
     */
    record Conflict(Path file, String symbol, LocalDate day, String staged, String written, String chosenSource) {}

    /**
     * The result of a merge.
     *
     * @param conflicts at most {@value #CONFLICTS_MAX}
     * @param uncollected the number of further conflicts
     */
    record MergeResult(List<Conflict> conflicts, long uncollected) {
        MergeResult {
            conflicts = List.copyOf(conflicts);
        }

        MergeResult plus(MergeResult other) {
            return new MergeResult(
                    Stream.concat(conflicts.stream(), other.conflicts.stream()).toList(),
                    uncollected + other.uncollected);
        }
    }

    private final Path folder;
    private final Path spill;
    private final ThreadPoolExecutor writer;
    private final ThreadPoolExecutor readers;
    private final AtomicLong merges = new AtomicLong();
    private final LongAdder lateReads = new LongAdder();
    /** Empty until the first read; afterwards changed by the thread alone. */
    private final AtomicReference<Optional<Map<CoverageKey, List<Span>>>> coverage =
            new AtomicReference<>(Optional.empty());
    /** Guards opening the connection. */
    private final ReentrantLock connectLock = new ReentrantLock();

    private Optional<DuckDBConnection> connection = Optional.empty();

    private HistoryStore(Path folder, Path spill) {
        this.folder = folder;
        this.spill = spill;
        this.writer = threads("history", 1);
        this.readers = threads("history-read", READERS);
    }

    private static ThreadPoolExecutor threads(String name, int count) {
        var pool = new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().name(name).daemon(true).factory());
        return pool;
    }

    /**
     * Opens {@code folder}, which need not exist. Before the first change it must be {@linkplain #recover recovered}.
     *
     * @param spill a folder for data beyond DuckDB's memory
     */
    public static HistoryStore open(Path folder, Path spill) {
        return new HistoryStore(folder, spill);
    }

    /**
     * Prepares the folder for changes, after this gateway has become its writer: removes files half-written at a kill.
     */
    public void recover() {
        runOnWriter(() -> {
            if (Files.isDirectory(folder)) {
                try (var files = Files.walk(folder)) {
                    for (Path file : files.filter(
                                    it -> it.getFileName().toString().matches("\\..*\\.tmp"))
                            .toList()) {
                        Files.delete(file);
                    }
                }
            }
            return true;
        });
    }

    /** Reads the coverage again, which the writer before this gateway may have changed since it was read. */
    public void readAgain() {
        runOnWriter(() -> {
            coverage.set(Optional.of(readCoverage()));
            return true;
        });
    }

    /** Folder of the files. */
    public Path folder() {
        return folder;
    }

    /** Folder of the files of {@code table} and {@code market}. */
    Path folder(Market market, Table table) {
        return folder.resolve(table.folder).resolve(Partitions.market(market)).toAbsolutePath();
    }

    /** A Korean symbol whose unadjusted bar of {@code day} is stored. */
    Optional<Symbol> symbolOn(LocalDate day) {
        return runRead(_ -> coverage().entrySet().stream()
                        .filter(entry -> entry.getKey().table() == Table.DAILY
                                && !entry.getKey().adjusted()
                                && entry.getValue().stream().anyMatch(span -> span.contains(day)))
                        .flatMap(entry -> Symbol.parse(entry.getKey().subject()).stream())
                        .sorted()
                        .findFirst())
                .flatMap(found -> found);
    }

    /** The newest stored bar of {@code symbol} within {@code span}. */
    Optional<Bar> newest(Table table, MarketSymbol symbol, Span span, boolean adjusted) {
        if (table == Table.DAILY) {
            return days(symbol, adjusted).segments().stream()
                    .flatMap(segment -> segment.bars().stream())
                    .filter(bar -> span.contains(bar.date()))
                    .reduce((_, later) -> later);
        }
        return Stream.iterate(span.to(), day -> !day.isBefore(span.from()), day -> day.minusDays(1))
                .filter(day -> Files.exists(partitionFile(symbol.market(), Table.MINUTE, day.toString())))
                .flatMap(day -> minutes(symbol, day).stream())
                .filter(bars -> !bars.isEmpty())
                .findFirst()
                .map(List::getLast);
    }

    @Override
    public Series days(MarketSymbol symbol, boolean adjusted) {
        return runRead(read -> {
                    List<Span> spans =
                            coverage().getOrDefault(new CoverageKey(Table.DAILY, symbol, adjusted), List.of());
                    if (spans.isEmpty()) {
                        return Series.EMPTY;
                    }
                    List<Bar> bars = read.select(
                            "SELECT date::VARCHAR, NULL::BIGINT, open, high, low, close, volume, turnover FROM read_parquet("
                                    + literal(folder(symbol.market(), Table.DAILY) + "/*/" + PART_FILE)
                                    + ", hive_partitioning = false) WHERE symbol = ? AND adjusted = " + adjusted
                                    + " ORDER BY date",
                            symbol);
                    Series series = Series.EMPTY;
                    for (Span span : spans) {
                        series = series.with(new Series.Segment(
                                span.from(),
                                span.to(),
                                bars.stream()
                                        .filter(bar -> !bar.date().isBefore(span.from())
                                                && !bar.date().isAfter(span.to()))
                                        .toList()));
                    }
                    return series;
                })
                .orElse(Series.EMPTY);
    }

    @Override
    public Optional<List<Bar>> minutes(MarketSymbol symbol, LocalDate day) {
        return runRead(read -> {
                    boolean covered =
                            coverage().getOrDefault(new CoverageKey(Table.MINUTE, symbol, false), List.of()).stream()
                                    .anyMatch(span -> span.contains(day));
                    if (!covered) {
                        return Optional.<List<Bar>>empty();
                    }
                    Path file = partitionFile(symbol.market(), Table.MINUTE, day.toString());
                    return Optional.of(
                            Partitions.exists(file)
                                    ? read.select(
                                            "SELECT " + literal(day.toString())
                                                    + ", ts, open, high, low, close, volume, turnover FROM read_parquet("
                                                    + literal(file)
                                                    + ", hive_partitioning = false) WHERE symbol = ? ORDER BY ts",
                                            symbol)
                                    : List.<Bar>of());
                })
                .orElse(Optional.empty());
    }

    /** Registers the meter of reads that took longer than {@link #READ_LIMIT}. */
    public void bindTo(Meters meters) {
        meters.counter("history.late.reads", "reads", "Reads of the files that were cancelled", lateReads::sum);
        meters.queue("history_reads", () -> readers.getQueue().size(), WAITING_MAX);
        meters.queue("history_writes", () -> writer.getQueue().size(), WAITING_MAX);
    }

    /** Days of {@code list} that were fetched completely. */
    List<Span> covered(DailyList list) {
        return coveredSpans(new CoverageKey(Table.LIST, list.name(), false));
    }

    /** Days of {@code symbol} that are stored completely. */
    List<Span> covered(Table table, MarketSymbol symbol, boolean adjusted) {
        return coveredSpans(new CoverageKey(table, symbol, adjusted));
    }

    private List<Span> coveredSpans(CoverageKey coverageKey) {
        return coverage.get()
                .map(all -> all.getOrDefault(coverageKey, List.of()))
                .orElseGet(() -> runOnWriter(() -> coverage().getOrDefault(coverageKey, List.of())));
    }

    /**
     * Merges the staged {@code files} of one market into the table, where their rows win, and then records {@code spans} as
     * covered. Idempotent. Of two sources KIS always wins, so that a bar is the same wherever it is requested and the files do
     * not depend on the order of backfills; different figures are reported.
     *
     * @param closed days on which the exchange was closed: coverage next to such days extends over them
     */
    MergeResult merge(
            Market market, Table table, List<Path> files, Map<CoverageKey, List<Span>> spans, Set<LocalDate> closed) {
        List<Path> sorted = files.stream().sorted().toList();
        var conflicts = new ArrayList<Conflict>();
        long more = 0;
        if (!sorted.isEmpty()) {
            // One step per file, so that waiting tasks wait for one file only.
            String staged = "staged_" + merges.incrementAndGet();
            runOnWriter(() -> {
                stage(table, sorted, staged);
                return true;
            });
            for (String partition : runOnWriter(() -> partitions(staged))) {
                more += runOnWriter(() -> {
                    long overflow = table == Table.DAILY ? conflicts(market, partition, staged, conflicts) : 0;
                    rewrite(market, table, partition, staged);
                    return overflow;
                });
            }
            runOnWriter(() -> {
                execute("DROP TABLE " + staged);
                return true;
            });
        }
        runOnWriter(() -> {
            addCoverage(spans, closed);
            return true;
        });
        return new MergeResult(conflicts, more);
    }

    MergeResult merge(Market market, Table table, List<Path> files, Map<CoverageKey, List<Span>> spans) {
        return merge(market, table, files, spans, Set.of());
    }

    /**
     * Deletes the minutes of all days before {@code first} and their coverage.
     *
     * @return days of markets deleted
     */
    public int deleteMinutesBefore(LocalDate first) {
        return runOnWriter(() -> {
            var all = new HashMap<CoverageKey, List<Span>>();
            coverage().forEach((coverageKey, spans) -> {
                List<Span> remaining = coverageKey.table() == Table.MINUTE
                        ? spans.stream()
                                .flatMap(span -> span.startingFrom(first).stream())
                                .toList()
                        : spans;
                if (!remaining.isEmpty()) {
                    all.put(coverageKey, remaining);
                }
            });
            // Coverage first: a kill in between leaves unused files, which the next run deletes.
            replaceCoverage(all);
            int deleted = 0;
            for (Path market : Partitions.markets(folder.resolve(Table.MINUTE.folder))) {
                deleted += Partitions.deleteBefore(market, Table.MINUTE.partition, first);
            }
            return deleted;
        });
    }

    @Override
    public void close() {
        readers.shutdown();
        try {
            if (!readers.awaitTermination(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("history_close_timed_out");
            }
            writer.submit(() -> {
                        if (connection.isPresent()) {
                            connection.get().close();
                        }
                        return true;
                    })
                    .get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.warn("history_close_failed cause=\"{}\"", e.getMessage());
        }
        writer.shutdown();
    }

    // Run on the thread {@code history}.

    private Map<CoverageKey, List<Span>> coverage() throws SQLException {
        if (coverage.get().isPresent()) {
            return coverage.get().get();
        }
        // The faster of this read and any write since wins.
        coverage.compareAndSet(Optional.empty(), Optional.of(readCoverage()));
        return coverage.get().orElseThrow();
    }

    private Map<CoverageKey, List<Span>> readCoverage() throws SQLException {
        var read = new HashMap<CoverageKey, List<Span>>();
        Path file = folder.resolve("coverage.parquet");
        if (Partitions.exists(file)) {
            try (var own = connect().duplicate();
                    var statement = own.createStatement();
                    ResultSet row = statement.executeQuery("SELECT \"table\", symbol, adjusted, first_day::VARCHAR,"
                            + " last_day::VARCHAR FROM read_parquet(" + literal(file) + ") ORDER BY ALL")) {
                while (row.next()) {
                    read.computeIfAbsent(
                                    new CoverageKey(
                                            Table.valueOf(row.getString(1)), row.getString(2), row.getBoolean(3)),
                                    _ -> new ArrayList<>())
                            .add(new Span(LocalDate.parse(row.getString(4)), LocalDate.parse(row.getString(5))));
                }
            }
        }
        return read;
    }

    private void addCoverage(Map<CoverageKey, List<Span>> more, Set<LocalDate> closed)
            throws SQLException, IOException {
        var all = new HashMap<>(coverage());
        more.forEach((coverageKey, spans) -> {
            var joined = new ArrayList<>(all.getOrDefault(coverageKey, List.of()));
            joined.addAll(spans);
            all.put(coverageKey, Span.merge(joined));
        });
        List<Span> closedSpans =
                Span.merge(closed.stream().map(day -> new Span(day, day)).toList());
        if (!closedSpans.isEmpty()) {
            all.replaceAll((coverageKey, spans) ->
                    coverageKey.table() == Table.DAILY ? Span.bridge(spans, closedSpans) : spans);
        }
        replaceCoverage(all);
    }

    private void replaceCoverage(Map<CoverageKey, List<Span>> all) throws SQLException, IOException {
        if (all.equals(coverage()) && Partitions.exists(folder.resolve("coverage.parquet"))) {
            return;
        }
        execute(
                "CREATE OR REPLACE TEMP TABLE covered (\"table\" VARCHAR, symbol VARCHAR, adjusted BOOLEAN, first_day DATE,"
                        + " last_day DATE)");
        try (var append = connect().createAppender("temp", "main", "covered")) {
            for (var each : all.entrySet()) {
                for (Span span : each.getValue()) {
                    append.beginRow();
                    append.append(each.getKey().table().name());
                    append.append(each.getKey().subject());
                    append.append(each.getKey().adjusted());
                    append.append(span.from());
                    append.append(span.to());
                    append.endRow();
                }
            }
        }
        writeParquet("SELECT * FROM covered ORDER BY ALL", folder.resolve("coverage.parquet"), COVERAGE_FORMAT);
        execute("DROP TABLE covered");
        coverage.set(Optional.of(all));
    }

    private void stage(Table table, List<Path> files, String staged) throws SQLException {
        String names = files.stream().map(HistoryStore::literal).collect(Collectors.joining(", "));
        execute("CREATE OR REPLACE TEMP TABLE " + staged + " AS SELECT *, "
                + (table == Table.DAILY ? "year(day)::VARCHAR" : "day::VARCHAR")
                + " AS partition FROM read_csv([" + names
                + "], auto_detect = false, header = false, delim = ',', parallel = false, filename = true, columns = "
                + STAGED_COLUMNS + ")");
    }

    private List<String> partitions(String staged) throws SQLException {
        var found = new ArrayList<String>();
        try (var statement = connect().createStatement();
                ResultSet row = statement.executeQuery("SELECT DISTINCT partition FROM " + staged + " ORDER BY ALL")) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    private void rewrite(Market market, Table table, String partition, String staged) throws SQLException, IOException {
        String own = table == Table.DAILY
                ? "symbol, day AS date, " + PRICES
                : "symbol, ts, (TIMESTAMP '1970-01-01 09:00:00' + to_seconds(ts)) AS kst, " + PRICES;
        String key = table == Table.DAILY ? "symbol, adjusted, date" : "symbol, adjusted, ts";
        Path file = partitionFile(market, table, partition);
        String rows = "SELECT " + own + " FROM " + staged + " WHERE partition = " + literal(partition);
        if (Partitions.exists(file)) {
            String old = "read_parquet(" + literal(file) + ", hive_partitioning = false)";
            rows = "WITH staged_rows AS (" + rows + "), news AS (SELECT staged_rows.* FROM staged_rows ANTI JOIN (FROM "
                    + old
                    + " WHERE source <> 'krx') AS better ON " + joinCondition("staged_rows", "better", key)
                    + " AND staged_rows.source = 'krx') SELECT * FROM news UNION ALL BY NAME (SELECT old.* FROM " + old
                    + " AS old ANTI JOIN news USING (" + key + "))";
        }
        writeParquet("SELECT * FROM (" + rows + ") ORDER BY " + key, file, Partitions.format(market));
    }

    private static String joinCondition(String one, String other, String key) {
        return Stream.of(key.split(", "))
                .map(column -> one + "." + column + " = " + other + "." + column)
                .collect(Collectors.joining(" AND "));
    }

    /** Collects rows where another source has other figures, up to the bound; the rest is counted. */
    private long conflicts(Market market, String partition, String staged, List<Conflict> found) throws SQLException {
        Path file = partitionFile(market, Table.DAILY, partition);
        if (!Partitions.exists(file)) {
            return 0;
        }
        long overflow = 0;
        String figures =
                "{0}.open || ' ' || {0}.high || ' ' || {0}.low || ' ' || {0}.close || ', volume ' || {0}.volume";
        try (var statement = connect().createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT news.filename, news.symbol, news.day::VARCHAR, news.source, "
                                + figures.replace("{0}", "news") + ", old.source, " + figures.replace("{0}", "old")
                                + " FROM "
                                + staged + " AS news JOIN read_parquet(" + literal(file)
                                + ", hive_partitioning = false) AS old ON news.symbol = old.symbol AND news.day = old.date"
                                + " AND news.adjusted = old.adjusted WHERE news.partition = " + literal(partition)
                                + " AND news.source <> old.source AND (news.open, news.high, news.low, news.close, news.volume)"
                                + " IS DISTINCT FROM (old.open, old.high, old.low, old.close, old.volume) ORDER BY 1, 2, 3")) {
            while (row.next()) {
                if (found.size() == CONFLICTS_MAX) {
                    overflow++;
                    continue;
                }
                String source = row.getString(4);
                found.add(new Conflict(
                        Path.of(row.getString(1)),
                        row.getString(2),
                        LocalDate.parse(row.getString(3)),
                        source + " " + row.getString(5),
                        row.getString(6) + " " + row.getString(7),
                        source.equals("krx") ? row.getString(6) : source));
            }
        }
        return overflow;
    }

    /** Writes the file atomically: complete under its name, or unchanged. */
    private void writeParquet(String rows, Path file, String format) throws SQLException, IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling("." + file.getFileName() + ".tmp");
        execute("COPY (" + rows + ") TO " + literal(part) + format);
        AtomicFile.replace(part, file);
    }

    private Path partitionFile(Market market, Table table, String partition) {
        return folder(market, table).resolve(table.partition + "=" + partition).resolve(PART_FILE);
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connect().createStatement()) {
            statement.execute(sql);
        }
    }

    /** DuckDB guesses nothing, downloads nothing from the network, and takes a quarter of a gigabyte at most. */
    private DuckDBConnection connect() throws SQLException {
        connectLock.lock();
        try {
            if (connection.isPresent()) {
                return connection.get();
            }
            var opened = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
            try (var statement = opened.createStatement()) {
                for (String setting : List.of(
                        "SET autoinstall_known_extensions = false",
                        "SET autoload_known_extensions = false",
                        "SET threads = 1",
                        "SET memory_limit = '256MB'",
                        "SET max_temp_directory_size = '2GB'",
                        "SET temp_directory = " + literal(spill))) {
                    statement.execute(setting);
                }
            }
            connection = Optional.of(opened);
            return opened;
        } finally {
            connectLock.unlock();
        }
    }

    private static String literal(Path path) {
        return literal(path.toAbsolutePath().toString());
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    // Run on other threads.

    private interface ReadOperation<T> {
        T from(CancellableRead read) throws SQLException;
    }

    /** One read on a connection of its own, which another thread may cancel. */
    private final class CancellableRead {
        private Optional<PreparedStatement> running = Optional.empty();
        private boolean late;

        private synchronized boolean start(PreparedStatement select) {
            running = Optional.of(select);
            return !late;
        }

        private synchronized void finish() {
            running = Optional.empty();
        }

        synchronized void cancel() {
            late = true;
            running.ifPresent(select -> {
                try {
                    select.cancel();
                } catch (SQLException e) {
                    LOG.warn("history_read_cancel_failed cause=\"{}\"", e.getMessage());
                }
            });
        }

        List<Bar> select(String sql, MarketSymbol symbol) throws SQLException {
            try (var own = connect().duplicate()) {
                return select(own, sql, symbol);
            } finally {
                finish();
            }
        }

        private List<Bar> select(DuckDBConnection own, String sql, MarketSymbol symbol) throws SQLException {
            var days = new TreeMap<String, LocalDate>();
            var bars = new ArrayList<Bar>();
            try (var select = own.prepareStatement(sql)) {
                if (!start(select)) {
                    throw new SQLException("the read was cancelled before it began");
                }
                select.setString(1, symbol.code());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        LocalDate day = days.computeIfAbsent(row.getString(1), LocalDate::parse);
                        long ts = row.getLong(2);
                        ts = row.wasNull() ? Bar.midnight(day, symbol.market().zone()) : ts;
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
    }

    /** Empty when the files cannot be read now: KIS is requested instead. */
    private <T> Optional<T> runRead(ReadOperation<T> work) {
        var read = new CancellableRead();
        try {
            var future = readers.submit(() -> work.from(read));
            try {
                return Optional.of(future.get(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                future.cancel(false);
                read.cancel();
                lateReads.increment();
                LOG.warn("history_read_late waiting={}", readers.getQueue().size());
            } catch (ExecutionException e) {
                LOG.warn("history_unreadable", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } catch (RejectedExecutionException e) {
            LOG.warn("history_read_refused waiting={}", readers.getQueue().size());
        }
        return Optional.empty();
    }

    private <T> T runOnWriter(Callable<T> work) {
        try {
            return writer.submit(work).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the history cannot be written or read: " + e.getCause(), e.getCause());
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the history's queue is full", e);
        }
    }
}
