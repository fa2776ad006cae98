package kr.kisgateway.gateway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.gateway.history.Partitions;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Trade;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ticks as Parquet files: {@code trade/market=KRX/date=2026-11-20/part-….parquet}, the same for {@code book} and, for gaps,
 * {@code gap}, with a folder for each market, for prices beside its main ones ({@code market=US_DAY_MARKET}), and for each
 * trading day of its exchange. Each write adds a part, written under a temporary name, forced to disk and renamed, so that a
 * part is complete or absent and no part ever changes. The parts of a day are merged into one file two days later.
 *
 * <p>It has a DuckDB of its own: a write must not wait behind a year's bars.
 */
public final class TickStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.recording");
    private static final String TRADE = "trade";
    private static final String BOOK = "book";
    private static final String GAP = "gap";
    private static final String COMPACTED_FILE = "part-0.parquet";
    private static final String KST = "(TIMESTAMP '1970-01-01 09:00:00' + to_milliseconds(ts_ms)) AS kst";
    private static final String DATE = "date";
    private static final String OLD = ".old";
    private static final List<String> TABLES = List.of(TRADE, BOOK, GAP);

    /** A day of a market in a table. */
    private record Day(String table, Market market, Path marketFolder, LocalDate date) {
        Path folder() {
            return marketFolder.resolve(DATE + "=" + date);
        }

        /** Name of its folder of work: {@code trade-US-2026-11-20}. */
        String workName() {
            String name = marketFolder.getFileName().toString();
            return table + "-" + name.substring(name.indexOf('=') + 1) + "-" + date;
        }
    }

    private final Path folder;
    private final Path work;
    private final Path spill;
    private final PerMarket<MarketCalendar> calendars;
    /** Calendar of each market's exchange, by which days are named, also those of a simulated market. */
    private final PerMarket<MarketCalendar> exchanges;

    private final ReentrantLock opening = new ReentrantLock();
    private Optional<DuckDBConnection> connection = Optional.empty();
    private long lastPart;

    private TickStore(Path folder, Path work, Path spill, PerMarket<MarketCalendar> calendars) {
        this.folder = folder;
        this.work = work;
        this.spill = spill;
        this.calendars = calendars;
        this.exchanges = calendars.map((_, calendar) -> calendar.exchange());
    }

    /**
     * Opens the store. Before the first change it must be {@linkplain #recover recovered}.
     *
     * @param folder the history's folder
     * @param work a folder on the same disk, for nothing else
     * @param spill a folder for data beyond DuckDB's memory
     */
    public static TickStore open(Path folder, Path work, Path spill, PerMarket<MarketCalendar> calendars) {
        return new TickStore(folder, work, spill, calendars);
    }

    /** Repairs what a kill left unfinished, after this gateway has become the folder's writer. */
    public void recover() {
        try {
            repair();
        } catch (IOException e) {
            throw new TickStoreException(work + " cannot be repaired: " + e.getMessage(), e);
        }
    }

    private void repair() throws IOException {
        for (Day day : days()) {
            try (var files = Files.list(day.folder())) {
                for (Path file : files.filter(it -> it.getFileName().toString().endsWith(".tmp"))
                        .toList()) {
                    Files.delete(file);
                }
            }
        }
        if (!Files.isDirectory(work)) {
            return;
        }
        try (var leftovers = Files.list(work)) {
            for (Path leftover : leftovers.filter(Files::isDirectory).sorted().toList()) {
                String name = leftover.getFileName().toString();
                if (!name.endsWith(OLD)) {
                    Partitions.deleteFolder(leftover);
                    continue;
                }
                Path target = dayFolder(name.substring(0, name.length() - OLD.length()));
                if (Files.isDirectory(target)) {
                    Partitions.deleteFolder(leftover);
                } else {
                    Files.move(leftover, target, StandardCopyOption.ATOMIC_MOVE);
                    AtomicFile.syncFolder(target);
                }
            }
        }
    }

    /** The folder of the day of which {@code name} is that of work; without a market it is of an earlier release, and KRX's. */
    private Path dayFolder(String name) {
        int table = name.indexOf('-');
        int date = name.length() - "2026-11-20".length();
        String market = date == table + 1 ? "KRX" : name.substring(table + 1, date - 1);
        return folder.resolve(name.substring(0, table))
                .resolve("market=" + market)
                .resolve(DATE + "=" + name.substring(date));
    }

    private List<Day> days() throws IOException {
        var days = new ArrayList<Day>();
        for (String table : TABLES) {
            for (Market market : calendars.markets()) {
                for (PriceSeries series : PriceSeries.values()) {
                    Path marketFolder = folder.resolve(table).resolve(Partitions.market(market, series));
                    Partitions.days(marketFolder, DATE)
                            .forEach(date -> days.add(new Day(table, market, marketFolder, date)));
                }
            }
        }
        return days;
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
            Map<String, List<Tick>> parts =
                    rows.stream().collect(Collectors.groupingBy(this::folder, TreeMap::new, Collectors.toList()));
            for (var part : parts.entrySet()) {
                Tick first = part.getValue().getFirst();
                stage(duck, table(first), part.getValue());
                writeParquet(
                        duck,
                        "SELECT " + columns(table(first)) + " FROM staged ORDER BY " + sortColumns(table(first)),
                        folder.resolve(part.getKey()).resolve("part-" + lastPart + ".parquet"),
                        first.symbol().market());
            }
            return parts.size();
        } catch (SQLException | IOException e) {
            throw new TickStoreException("ticks cannot be written: " + e.getMessage(), e);
        }
    }

    private static String table(Tick tick) {
        return switch (tick) {
            case Tick.TradeTick _ -> TRADE;
            case Tick.BookTick _ -> BOOK;
            case Tick.GapTick _ -> GAP;
        };
    }

    /** The folder in the history that a tick belongs to. */
    private String folder(Tick tick) {
        var market = tick.symbol().market();
        var at = Instant.ofEpochMilli(tick.atMs());
        var series = switch (tick) {
            case Tick.TradeTick trade -> series(trade.feed(), market, at);
            case Tick.BookTick book -> series(book.feed(), market, at);
            case Tick.GapTick _ -> PriceSeries.MAIN;
        };
        return table(tick) + "/" + Partitions.market(market, series) + "/" + DATE + "="
                + exchanges.of(market).tradingDay(at);
    }

    /** The series of pushed prices by their feed, of polled ones by the session. */
    private PriceSeries series(Optional<PushFeed> feed, Market market, Instant at) {
        return feed.map(PushFeed::series)
                .orElseGet(() -> calendars.of(market).session(at).series());
    }

    private static void stage(DuckDBConnection duck, String table, List<Tick> rows) throws SQLException {
        execute(
                duck,
                "CREATE OR REPLACE TEMP TABLE staged ("
                        + switch (table) {
                            case TRADE ->
                                "symbol VARCHAR, ts_ms BIGINT, n BIGINT, time INTEGER, price BIGINT, qty BIGINT, side"
                                        + " VARCHAR, volume BIGINT, turnover BIGINT, bid BIGINT, ask BIGINT)";
                            case BOOK ->
                                "symbol VARCHAR, ts_ms BIGINT, n BIGINT, time INTEGER, pushed BOOLEAN"
                                        + levels(" BIGINT") + ", total_ask_qty BIGINT, total_bid_qty BIGINT)";
                            default -> "symbol VARCHAR, channel VARCHAR, since_ms BIGINT, ts_ms BIGINT, cause VARCHAR)";
                        });
        try (var appender = duck.createAppender("temp", "main", "staged")) {
            for (Tick row : rows) {
                switch (row) {
                    case Tick.TradeTick trade -> append(appender, trade);
                    case Tick.BookTick book -> append(appender, book);
                    case Tick.GapTick(MarketSymbol symbol, TickKind kind, long sinceMs, long atMs, String mark) -> {
                        appender.beginRow();
                        appender.append(symbol.code());
                        appender.append(kind.wireName());
                        appender.append(sinceMs);
                        appender.append(atMs);
                        appender.append(mark);
                        appender.endRow();
                    }
                }
            }
        }
    }

    private static void append(DuckDBAppender appender, Tick.TradeTick tick) throws SQLException {
        Trade trade = tick.trade();
        appender.beginRow();
        appender.append(trade.symbol().code());
        appender.append(tick.atMs());
        appender.append(tick.sequence());
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
            case TRADE -> "symbol, ts_ms, " + KST + ", n, time, price, qty, side, volume, turnover, bid, ask";
            case BOOK -> "symbol, ts_ms, " + KST + ", n, time, pushed" + levels("") + ", total_ask_qty, total_bid_qty";
            default -> "symbol, channel, since_ms, ts_ms, " + KST + ", cause";
        };
    }

    private static String sortColumns(String table) {
        return table.equals(GAP) ? "symbol, channel, ts_ms, since_ms, cause" : "symbol, ts_ms, n";
    }

    /**
     * Merges the parts of each day before yesterday into one file. Nothing is written to such a day any more, so this may run
     * concurrently with {@link #write}.
     *
     * @return days of tables and markets
     */
    public int compact(LocalDate today) {
        int compacted = 0;
        try {
            for (Day day : days()) {
                if (day.date().isBefore(today.minusDays(1)) && hasMultipleParts(day.folder())) {
                    compact(day);
                    compacted++;
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

    private void compact(Day day) throws SQLException, IOException {
        Path target = day.folder();
        Path replacement = work.resolve(day.workName());
        Path old = work.resolve(day.workName() + OLD);
        try (var ownConnection = connect().duplicate()) {
            writeParquet(
                    ownConnection,
                    "SELECT * FROM read_parquet(" + literal(target.resolve("*.parquet"))
                            + ", hive_partitioning = false) ORDER BY " + sortColumns(day.table()),
                    replacement.resolve(COMPACTED_FILE),
                    day.market());
        }
        // A reader in between finds no such day, never the same tick twice; the next start repairs a kill in between.
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.syncFolder(old);
        Files.move(replacement, target, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.syncFolder(target);
        Partitions.deleteFolder(old);
        LOG.info("ticks_compacted table={} date={}", day.table(), day.date());
    }

    /**
     * Deletes all days before {@code first}.
     *
     * @return days of tables and markets
     */
    public int deleteBefore(LocalDate first) {
        int deleted = 0;
        try {
            for (String table : TABLES) {
                for (Path market : Partitions.markets(folder.resolve(table))) {
                    deleted += Partitions.deleteBefore(market, DATE, first);
                }
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

    private static void writeParquet(DuckDBConnection duck, String rows, Path file, Market market)
            throws SQLException, IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling("." + file.getFileName() + ".tmp");
        execute(duck, "COPY (" + rows + ") TO " + literal(part) + Partitions.format(market));
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
                    "SET max_temp_directory_size = '2GB'",
                    "SET temp_directory = " + literal(spill))) {
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
