package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Symbol;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history's Parquet files, written and read by DuckDB in this process: written on the thread {@code history}, read on
 * {@value #READERS} others with connections of their own, so that a slow reader holds up no backfill.
 *
 * <p>{@code daily/market=KRX/year=2026/part-0.parquet} holds days, {@code minute/market=KRX/date=2026-11-20/part-0.parquet}
 * minutes, {@code coverage.parquet} of which days of which symbol everything is known. A file is written beside its place,
 * forced to the disk and renamed, and its content follows from its rows alone: sorted, one row for each symbol, adjustment and
 * period, written by one thread. So whatever the way there, the same rows make the same bytes.
 *
 * <p>DuckDB is loaded with the first file that is read or written, not before.
 */
public final class HistoryStore implements History, AutoCloseable {
    /** Writes waiting for their thread, and reads for theirs. */
    static final int WAITING_MAX = 256;
    /** Reads at the same time. */
    static final int READERS = 2;
    /** Differences between two sources that one merge tells of; the others are counted. */
    static final int CONFLICTS_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");
    /** A read that takes longer is ended. */
    static final Duration READ_LIMIT = Duration.ofSeconds(5);

    private static final String PART = "part-0.parquet";
    private static final String STAGED_COLUMNS = "{symbol: 'VARCHAR', day: 'DATE', ts: 'BIGINT', open: 'BIGINT',"
            + " high: 'BIGINT', low: 'BIGINT', close: 'BIGINT', volume: 'BIGINT', turnover: 'BIGINT',"
            + " adjusted: 'BOOLEAN', source: 'VARCHAR'}";
    private static final String PRICES = "open, high, low, close, volume, turnover, adjusted, source";
    /** Small groups, so that a reader of one symbol skips the others: they are sorted by symbol. */
    private static final String FORM = " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)";

    /** The two tables, and of which whole lists of the exchange everything is known. */
    enum Table {
        DAILY("daily", "year"),
        MINUTE("minute", "date"),
        /** A word of the coverage alone; what the lists told is in {@link #DAILY}. */
        LIST("", "");

        private final String folder;
        private final String partition;

        Table(String folder, String partition) {
            this.folder = folder;
            this.partition = partition;
        }
    }

    /** Of which symbol, or of which list, and table. */
    record Covered(Table table, String subject, boolean adjusted) {
        Covered(Table table, Symbol symbol, boolean adjusted) {
            this(table, symbol.code(), adjusted);
        }
    }

    /**
     * A day of which two sources tell different figures.
     *
     * @param file the staged file that had one of them
     * @param staged what that file says, with its source
     * @param written what the table said before
     * @param kept the source whose figures the table has now
     */
    record Conflict(Path file, Symbol symbol, LocalDate day, String staged, String written, String kept) {}

    /**
     * What a merge found.
     *
     * @param conflicts at most {@value #CONFLICTS_MAX}
     * @param more those beyond
     */
    record Merged(List<Conflict> conflicts, long more) {
        Merged {
            conflicts = List.copyOf(conflicts);
        }
    }

    private final Path folder;
    private final Path spill;
    private final ThreadPoolExecutor thread;
    private final ThreadPoolExecutor readers;
    private final AtomicLong merges = new AtomicLong();
    private final AtomicLong lateReads = new AtomicLong();
    /** Empty until the first question; the thread alone changes it afterwards. */
    private final AtomicReference<Optional<Map<Covered, List<Span>>>> coverage =
            new AtomicReference<>(Optional.empty());
    /** Guards the opening. */
    private final ReentrantLock opening = new ReentrantLock();

    private Optional<DuckDBConnection> connection = Optional.empty();

    private HistoryStore(Path folder, Path spill) {
        this.folder = folder;
        this.spill = spill;
        this.thread = threads("history", 1);
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

    /** Where the files of {@code table} lie. */
    Path folder(Table table) {
        return folder.resolve(table.folder).resolve("market=KRX").toAbsolutePath();
    }

    /** A symbol of which {@code day} is known as it traded. */
    Optional<Symbol> symbolOn(LocalDate day) {
        return reading(_ -> coverage().entrySet().stream()
                        .filter(entry -> entry.getKey().table() == Table.DAILY
                                && !entry.getKey().adjusted()
                                && entry.getValue().stream().anyMatch(span -> span.has(day)))
                        .map(entry -> entry.getKey().subject())
                        .sorted()
                        .findFirst())
                .flatMap(found -> found)
                .map(Symbol::new);
    }

    /** The newest bar of {@code symbol} within {@code span} that the files have. */
    Optional<Bar> newest(Table table, Symbol symbol, Span span, boolean adjusted) {
        if (table == Table.DAILY) {
            return days(symbol, adjusted).stretches().stream()
                    .flatMap(stretch -> stretch.bars().stream())
                    .filter(bar -> span.has(bar.date()))
                    .reduce((_, later) -> later);
        }
        return Stream.iterate(span.to(), day -> !day.isBefore(span.from()), day -> day.minusDays(1))
                .filter(day -> Files.exists(place(Table.MINUTE, day.toString())))
                .flatMap(day -> minutes(symbol, day).stream())
                .filter(bars -> !bars.isEmpty())
                .findFirst()
                .map(List::getLast);
    }

    @Override
    public Series days(Symbol symbol, boolean adjusted) {
        return reading(read -> {
                    List<Span> spans = coverage().getOrDefault(new Covered(Table.DAILY, symbol, adjusted), List.of());
                    if (spans.isEmpty()) {
                        return Series.NOTHING;
                    }
                    List<Bar> bars = read.select(
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
        return reading(read -> {
                    boolean known =
                            coverage().getOrDefault(new Covered(Table.MINUTE, symbol, false), List.of()).stream()
                                    .anyMatch(span -> span.has(day));
                    if (!known) {
                        return Optional.<List<Bar>>empty();
                    }
                    Path file = place(Table.MINUTE, day.toString());
                    return Optional.of(
                            Files.exists(file)
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

    /** Reads that were ended because they took longer than {@link #READ_LIMIT}. */
    public long lateReads() {
        return lateReads.get();
    }

    /** The days of {@code list} that were fetched as a whole. */
    List<Span> covered(DayList list) {
        return known(new Covered(Table.LIST, list.name(), false));
    }

    /** The days of {@code symbol} of which everything is known. */
    List<Span> covered(Table table, Symbol symbol, boolean adjusted) {
        return known(new Covered(table, symbol, adjusted));
    }

    private List<Span> known(Covered of) {
        return coverage.get()
                .map(all -> all.getOrDefault(of, List.of()))
                .orElseGet(() -> await(() -> coverage().getOrDefault(of, List.of())));
    }

    /**
     * Puts the staged {@code files} into the table, where their rows win, and then says that {@code spans} are known. Doing it
     * again changes nothing. Of two sources KIS wins whichever came first, so that a bar is the same wherever it is asked for
     * and the files do not depend on the order of backfills; where the figures differ, that is told.
     *
     * @param closed days on which the exchange was closed: who is known up to or from such days is known on them
     */
    Merged merge(Table table, List<Path> files, Map<Covered, List<Span>> spans, Set<LocalDate> closed) {
        List<Path> there = files.stream().filter(Files::exists).sorted().toList();
        var conflicts = new ArrayList<Conflict>();
        long more = 0;
        if (!there.isEmpty()) {
            // A step for each file, so that who waits meanwhile waits for one of them only.
            String staged = "staged_" + merges.incrementAndGet();
            await(() -> {
                stage(table, there, staged);
                return true;
            });
            for (String partition : await(() -> partitions(staged))) {
                more += await(() -> {
                    long beyond = table == Table.DAILY ? conflicts(partition, staged, conflicts) : 0;
                    rewrite(table, partition, staged);
                    return beyond;
                });
            }
            await(() -> {
                run("DROP TABLE " + staged);
                return true;
            });
        }
        await(() -> {
            cover(spans, closed);
            return true;
        });
        return new Merged(conflicts, more);
    }

    Merged merge(Table table, List<Path> files, Map<Covered, List<Span>> spans) {
        return merge(table, files, spans, Set.of());
    }

    /**
     * Deletes the minutes of all days before {@code first} and knows them no longer.
     *
     * @return how many days' files
     */
    public int forgetMinutesBefore(LocalDate first) {
        return await(() -> {
            var all = new HashMap<Covered, List<Span>>();
            coverage().forEach((of, spans) -> {
                List<Span> left = of.table() == Table.MINUTE
                        ? spans.stream()
                                .flatMap(span -> span.since(first).stream())
                                .toList()
                        : spans;
                if (!left.isEmpty()) {
                    all.put(of, left);
                }
            });
            // First what is known: a kill in between leaves files that nobody asks for, and the next look deletes them.
            know(all);
            return Partitions.deleteBefore(
                    folder.resolve(Table.MINUTE.folder).resolve("market=KRX"), Table.MINUTE.partition, first);
        });
    }

    @Override
    public void close() {
        readers.shutdown();
        try {
            if (!readers.awaitTermination(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("history_still_read");
            }
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

    private Map<Covered, List<Span>> coverage() throws SQLException {
        if (coverage.get().isPresent()) {
            return coverage.get().get();
        }
        var read = new HashMap<Covered, List<Span>>();
        Path file = folder.resolve("coverage.parquet");
        if (Files.exists(file)) {
            try (var own = duck().duplicate();
                    var statement = own.createStatement();
                    ResultSet row = statement.executeQuery("SELECT \"table\", symbol, adjusted, first_day::VARCHAR,"
                            + " last_day::VARCHAR FROM read_parquet(" + literal(file) + ") ORDER BY ALL")) {
                while (row.next()) {
                    read.computeIfAbsent(
                                    new Covered(Table.valueOf(row.getString(1)), row.getString(2), row.getBoolean(3)),
                                    _ -> new ArrayList<>())
                            .add(new Span(LocalDate.parse(row.getString(4)), LocalDate.parse(row.getString(5))));
                }
            }
        }
        // Whoever was faster: what it read, or what was written since.
        coverage.compareAndSet(Optional.empty(), Optional.of(read));
        return coverage.get().orElseThrow();
    }

    private void cover(Map<Covered, List<Span>> more, Set<LocalDate> closed) throws SQLException, IOException {
        var all = new HashMap<>(coverage());
        more.forEach((of, spans) -> {
            var joined = new ArrayList<>(all.getOrDefault(of, List.of()));
            joined.addAll(spans);
            all.put(of, Span.joined(joined));
        });
        List<Span> gone =
                Span.joined(closed.stream().map(day -> new Span(day, day)).toList());
        if (!gone.isEmpty()) {
            all.replaceAll((of, spans) -> of.table() == Table.DAILY ? Span.bridged(spans, gone) : spans);
        }
        know(all);
    }

    private void know(Map<Covered, List<Span>> all) throws SQLException, IOException {
        if (all.equals(coverage()) && Files.exists(folder.resolve("coverage.parquet"))) {
            return;
        }
        run("CREATE OR REPLACE TEMP TABLE covered (\"table\" VARCHAR, symbol VARCHAR, adjusted BOOLEAN, first_day DATE,"
                + " last_day DATE)");
        try (var append = duck().createAppender("temp", "main", "covered")) {
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
        copy("SELECT * FROM covered ORDER BY ALL", folder.resolve("coverage.parquet"));
        run("DROP TABLE covered");
        coverage.set(Optional.of(all));
    }

    private void stage(Table table, List<Path> files, String staged) throws SQLException {
        String names = files.stream().map(HistoryStore::literal).collect(Collectors.joining(", "));
        run("CREATE OR REPLACE TEMP TABLE " + staged + " AS SELECT *, "
                + (table == Table.DAILY ? "year(day)::VARCHAR" : "day::VARCHAR")
                + " AS partition FROM read_csv([" + names
                + "], auto_detect = false, header = false, delim = ',', parallel = false, filename = true, columns = "
                + STAGED_COLUMNS + ")");
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
            String old = "read_parquet(" + literal(file) + ", hive_partitioning = false)";
            rows = "WITH staged_rows AS (" + rows + "), news AS (SELECT staged_rows.* FROM staged_rows ANTI JOIN (FROM "
                    + old
                    + " WHERE source <> 'krx') AS better ON " + same("staged_rows", "better", key)
                    + " AND staged_rows.source = 'krx') SELECT * FROM news UNION ALL BY NAME (SELECT old.* FROM " + old
                    + " AS old ANTI JOIN news USING (" + key + "))";
        }
        copy("SELECT * FROM (" + rows + ") ORDER BY " + key, file);
    }

    private static String same(String one, String other, String key) {
        return Stream.of(key.split(", "))
                .map(column -> one + "." + column + " = " + other + "." + column)
                .collect(Collectors.joining(" AND "));
    }

    /** Adds where another source said something else, as long as there is room; the rest is counted. */
    private long conflicts(String partition, String staged, List<Conflict> found) throws SQLException {
        Path file = place(Table.DAILY, partition);
        if (!Files.exists(file)) {
            return 0;
        }
        long beyond = 0;
        String figures =
                "{0}.open || ' ' || {0}.high || ' ' || {0}.low || ' ' || {0}.close || ', volume ' || {0}.volume";
        try (var statement = duck().createStatement();
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
                    beyond++;
                    continue;
                }
                String source = row.getString(4);
                found.add(new Conflict(
                        Path.of(row.getString(1)),
                        new Symbol(row.getString(2)),
                        LocalDate.parse(row.getString(3)),
                        source + " " + row.getString(5),
                        row.getString(6) + " " + row.getString(7),
                        source.equals("krx") ? row.getString(6) : source));
            }
        }
        return beyond;
    }

    /** The file appears whole under its name, or stays as it was. */
    private void copy(String rows, Path file) throws SQLException, IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling("." + file.getFileName() + ".tmp");
        run("COPY (" + rows + ") TO " + literal(part) + FORM);
        WholeFile.put(part, file);
    }

    private Path place(Table table, String partition) {
        return folder.resolve(table.folder)
                .resolve("market=KRX")
                .resolve(table.partition + "=" + partition)
                .resolve(PART);
    }

    private void run(String sql) throws SQLException {
        try (var statement = duck().createStatement()) {
            statement.execute(sql);
        }
    }

    /** It guesses nothing, fetches nothing from the network, and takes a quarter of a gigabyte at most. */
    private DuckDBConnection duck() throws SQLException {
        opening.lock();
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
                        "SET temp_directory = " + literal(spill))) {
                    statement.execute(setting);
                }
            }
            connection = Optional.of(opened);
            return opened;
        } finally {
            opening.unlock();
        }
    }

    private static String literal(Path path) {
        return literal(path.toAbsolutePath().toString());
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    // From other threads.

    private interface Reading<T> {
        T from(Read read) throws SQLException;
    }

    /** One read on a connection of its own, which another thread may end. */
    private final class Read {
        private Optional<PreparedStatement> running = Optional.empty();
        private boolean late;

        private synchronized boolean begin(PreparedStatement select) {
            running = Optional.of(select);
            return !late;
        }

        private synchronized void over() {
            running = Optional.empty();
        }

        synchronized void end() {
            late = true;
            running.ifPresent(select -> {
                try {
                    select.cancel();
                } catch (SQLException e) {
                    LOG.warn("history_read_not_ended cause=\"{}\"", e.getMessage());
                }
            });
        }

        List<Bar> select(String sql, Symbol symbol) throws SQLException {
            try (var own = duck().duplicate()) {
                return select(own, sql, symbol);
            } finally {
                over();
            }
        }

        private List<Bar> select(DuckDBConnection own, String sql, Symbol symbol) throws SQLException {
            var days = new TreeMap<String, LocalDate>();
            var bars = new ArrayList<Bar>();
            try (var select = own.prepareStatement(sql)) {
                if (!begin(select)) {
                    throw new SQLException("it is too late to begin");
                }
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
    }

    /** Empty when the files cannot be read now: KIS is asked instead. */
    private <T> Optional<T> reading(Reading<T> work) {
        var read = new Read();
        try {
            var reading = readers.submit(() -> work.from(read));
            try {
                return Optional.of(reading.get(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                reading.cancel(false);
                read.end();
                lateReads.incrementAndGet();
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
