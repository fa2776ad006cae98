package kr.kisgateway.gateway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.history.AtomicFile;
import kr.kisgateway.gateway.history.Partitions;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ticks as Parquet files: {@code trade/market=KRX/date=2026-11-20/part-….parquet}, the same for {@code book} and, for gaps,
 * {@code gap}. Each write adds a part, written under a temporary name, forced to disk and renamed, so that a part is complete
 * or absent and no part ever changes. The parts of a day are merged into one file two days later.
 *
 * <p>It has a DuckDB of its own: a write must not wait behind a year's bars.
 */
public final class TickStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.recording");
    private static final String GAP = "gap";
    private static final String COMPACTED_FILE = "part-0.parquet";
    private static final String COPY_FORMAT = " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)";
    private static final String TIME_COLUMN = "(TIMESTAMP '1970-01-01 09:00:00' + to_milliseconds(%1$s)) AS %2$s";
    private static final List<String> TABLES = List.of("trade", "book", GAP);

    private final Path folder;
    private final Path work;
    private final ReentrantLock opening = new ReentrantLock();
    private Optional<DuckDBConnection> connection = Optional.empty();
    private long lastPart;

    private TickStore(Path folder, Path work) {
        this.folder = folder;
        this.work = work;
    }

    /**
     * Opens the store and repairs what a kill left unfinished.
     *
     * @param folder the history's folder
     * @param work a folder on the same disk, for nothing else
     */
    public static TickStore open(Path folder, Path work) {
        var store = new TickStore(folder, work);
        try {
            store.recover();
        } catch (IOException e) {
            throw new TickStoreException(work + " cannot be repaired: " + e.getMessage(), e);
        }
        return store;
    }

    private void recover() throws IOException {
        for (String table : TABLES) {
            for (LocalDate day : Partitions.days(marketFolder(table), "date")) {
                try (var files = Files.list(dayFolder(table, day))) {
                    for (Path file : files.filter(
                                    it -> it.getFileName().toString().endsWith(".tmp"))
                            .toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
        if (!Files.isDirectory(work)) {
            return;
        }
        try (var leftovers = Files.list(work)) {
            for (Path leftover : leftovers.filter(Files::isDirectory).sorted().toList()) {
                String name = leftover.getFileName().toString();
                if (!name.endsWith(".old")) {
                    Partitions.deleteFolder(leftover);
                    continue;
                }
                int dash = name.indexOf('-');
                Path target = dayFolder(
                        name.substring(0, dash),
                        LocalDate.parse(name.substring(dash + 1, name.length() - ".old".length())));
                if (Files.isDirectory(target)) {
                    Partitions.deleteFolder(leftover);
                } else {
                    Files.move(leftover, target, StandardCopyOption.ATOMIC_MOVE);
                    AtomicFile.syncFolder(target);
                }
            }
        }
    }

    /**
     * Writes {@code rows}, all of them or, when it throws, those of some tables and days.
     *
     * @param nowMs names the parts
     * @return files written
     */
    int write(List<Tick> rows, long nowMs) {
        if (rows.isEmpty()) {
            return 0;
        }
        lastPart = Math.max(lastPart + 1, nowMs);
        try {
            var duck = connect();
            stage(duck, rows);
            int parts = 0;
            for (String table : TABLES) {
                for (LocalDate day : days(duck, table)) {
                    writeParquet(
                            duck,
                            "SELECT " + columns(table) + " FROM " + table + " WHERE date = DATE '" + day + "' ORDER BY "
                                    + sortColumns(table),
                            dayFolder(table, day).resolve("part-" + lastPart + ".parquet"));
                    parts++;
                }
            }
            return parts;
        } catch (SQLException | IOException e) {
            throw new TickStoreException("ticks cannot be written: " + e.getMessage(), e);
        }
    }

    private static void stage(DuckDBConnection duck, List<Tick> rows) throws SQLException {
        execute(
                duck,
                "CREATE OR REPLACE TEMP TABLE rows_trade (symbol VARCHAR, ts_ms BIGINT, n BIGINT, time INTEGER, price BIGINT,"
                        + " qty BIGINT, side VARCHAR, volume BIGINT, turnover BIGINT, bid BIGINT, ask BIGINT)");
        execute(
                duck,
                "CREATE OR REPLACE TEMP TABLE rows_book (symbol VARCHAR, ts_ms BIGINT, n BIGINT, time INTEGER, pushed BOOLEAN"
                        + levels(" BIGINT") + ", total_ask_qty BIGINT, total_bid_qty BIGINT)");
        execute(
                duck,
                "CREATE OR REPLACE TEMP TABLE rows_gap (symbol VARCHAR, channel VARCHAR, since_ms BIGINT, ts_ms BIGINT, cause"
                        + " VARCHAR)");
        try (var trades = duck.createAppender("temp", "main", "rows_trade");
                var books = duck.createAppender("temp", "main", "rows_book");
                var gaps = duck.createAppender("temp", "main", "rows_gap")) {
            for (Tick row : rows) {
                switch (row) {
                    case Tick.TradeTick(Trade trade, long atMs, long sequence) -> append(trades, trade, atMs, sequence);
                    case Tick.BookTick bookTick -> append(books, bookTick);
                    case Tick.GapTick(String code, TickKind kind, long sinceMs, long atMs, String mark) -> {
                        gaps.beginRow();
                        gaps.append(code);
                        gaps.append(kind.wireName());
                        gaps.append(sinceMs);
                        gaps.append(atMs);
                        gaps.append(mark);
                        gaps.endRow();
                    }
                }
            }
        }
        for (String table : TABLES) {
            execute(
                    duck,
                    "CREATE OR REPLACE TEMP VIEW " + table + " AS SELECT *, " + TIME_COLUMN.formatted("ts_ms", "kst")
                            + ", kst::DATE AS date FROM rows_" + table);
        }
    }

    private static void append(DuckDBAppender appender, Trade trade, long atMs, long sequence) throws SQLException {
        appender.beginRow();
        appender.append(trade.symbol().code());
        appender.append(atMs);
        appender.append(sequence);
        appender.append(trade.timeOfDay());
        appender.append(trade.price());
        appender.append(trade.qty());
        appender.append(String.valueOf(trade.aggressor()));
        appender.append(trade.volume());
        appender.append(trade.turnover());
        appender.append(trade.bid());
        appender.append(trade.ask());
        appender.endRow();
    }

    private static void append(DuckDBAppender appender, Tick.BookTick bookTick) throws SQLException {
        OrderBook book = bookTick.book();
        appender.beginRow();
        appender.append(book.symbol().code());
        appender.append(bookTick.atMs());
        appender.append(bookTick.sequence());
        appender.append(book.timeOfDay());
        appender.append(bookTick.pushed());
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            appender.append(book.askPrice(level));
            appender.append(book.askQty(level));
            appender.append(book.bidPrice(level));
            appender.append(book.bidQty(level));
        }
        appender.append(book.totalAskQty());
        appender.append(book.totalBidQty());
        appender.endRow();
    }

    private static String levels(String type) {
        var columns = new StringBuilder();
        for (int level = 1; level <= OrderBook.LEVELS; level++) {
            for (String column : List.of("ask_price_", "ask_qty_", "bid_price_", "bid_qty_")) {
                columns.append(", ").append(column).append(level).append(type);
            }
        }
        return columns.toString();
    }

    private static String columns(String table) {
        return switch (table) {
            case "trade" -> "symbol, ts_ms, kst, n, time, price, qty, side, volume, turnover, bid, ask";
            case "book" -> "symbol, ts_ms, kst, n, time, pushed" + levels("") + ", total_ask_qty, total_bid_qty";
            default -> "symbol, channel, since_ms, ts_ms, kst, cause";
        };
    }

    private static String sortColumns(String table) {
        return table.equals(GAP) ? "symbol, channel, ts_ms, since_ms, cause" : "symbol, ts_ms, n";
    }

    private static List<LocalDate> days(DuckDBConnection duck, String table) throws SQLException {
        var days = new ArrayList<LocalDate>();
        try (var statement = duck.createStatement();
                ResultSet row = statement.executeQuery("SELECT DISTINCT date::VARCHAR FROM " + table + " ORDER BY 1")) {
            while (row.next()) {
                days.add(LocalDate.parse(row.getString(1)));
            }
        }
        return days;
    }

    /**
     * Merges the parts of each day before yesterday into one file. Nothing is written to such a day any more, so this may run
     * concurrently with {@link #write}.
     *
     * @return days of tables
     */
    public int compact(LocalDate today) {
        int compacted = 0;
        try {
            for (String table : TABLES) {
                for (LocalDate day : Partitions.days(marketFolder(table), "date")) {
                    if (day.isBefore(today.minusDays(1)) && hasMultipleParts(dayFolder(table, day))) {
                        compact(table, day);
                        compacted++;
                    }
                }
            }
        } catch (SQLException | IOException e) {
            throw new TickStoreException("ticks cannot be merged: " + e.getMessage(), e);
        }
        return compacted;
    }

    private static boolean hasMultipleParts(Path day) throws IOException {
        try (var files = Files.list(day)) {
            return files.limit(2).count() > 1;
        }
    }

    private void compact(String table, LocalDate day) throws SQLException, IOException {
        Path target = dayFolder(table, day);
        Path replacement = work.resolve(table + "-" + day);
        Path old = work.resolve(table + "-" + day + ".old");
        try (var ownConnection = connect().duplicate()) {
            writeParquet(
                    ownConnection,
                    "SELECT * FROM read_parquet(" + literal(target.resolve("*.parquet"))
                            + ", hive_partitioning = false) ORDER BY " + sortColumns(table),
                    replacement.resolve(COMPACTED_FILE));
        }
        // A reader in between finds no such day, never the same tick twice; the next start repairs a kill in between.
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.syncFolder(old);
        Files.move(replacement, target, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.syncFolder(target);
        Partitions.deleteFolder(old);
        LOG.info("ticks_compacted table={} date={}", table, day);
    }

    /**
     * Deletes all days before {@code first}.
     *
     * @return days of tables
     */
    public int deleteBefore(LocalDate first) {
        int deleted = 0;
        try {
            for (String table : TABLES) {
                deleted += Partitions.deleteBefore(marketFolder(table), "date", first);
            }
        } catch (IOException e) {
            throw new TickStoreException("old ticks cannot be deleted: " + e.getMessage(), e);
        }
        return deleted;
    }

    @Override
    public void close() {
        opening.lock();
        try {
            if (connection.isPresent()) {
                connection.get().close();
            }
        } catch (SQLException e) {
            LOG.warn("ticks_close_failed cause=\"{}\"", e.getMessage());
        } finally {
            opening.unlock();
        }
    }

    private Path marketFolder(String table) {
        return folder.resolve(table).resolve("market=KRX");
    }

    private Path dayFolder(String table, LocalDate day) {
        return marketFolder(table).resolve("date=" + day);
    }

    private static void writeParquet(DuckDBConnection duck, String rows, Path file) throws SQLException, IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling("." + file.getFileName() + ".tmp");
        execute(duck, "COPY (" + rows + ") TO " + literal(part) + COPY_FORMAT);
        AtomicFile.replace(part, file);
    }

    private DuckDBConnection connect() throws SQLException {
        opening.lock();
        try {
            if (connection.isPresent()) {
                return connection.get();
            }
            var opened = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
            for (String setting : List.of(
                    "SET autoinstall_known_extensions = false",
                    "SET autoload_known_extensions = false",
                    "SET threads = 1",
                    "SET memory_limit = '128MB'",
                    "SET temp_directory = " + literal(work.resolveSibling("spill-ticks")))) {
                execute(opened, setting);
            }
            connection = Optional.of(opened);
            return opened;
        } finally {
            opening.unlock();
        }
    }

    private static void execute(DuckDBConnection duck, String sql) throws SQLException {
        try (var statement = duck.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String literal(Path path) {
        return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
    }
}
