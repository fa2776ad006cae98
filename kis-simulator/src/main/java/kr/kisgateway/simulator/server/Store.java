package kr.kisgateway.simulator.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.broker.AccountId;
import kr.kisgateway.simulator.broker.Change;
import kr.kisgateway.simulator.broker.OrderKind;
import kr.kisgateway.simulator.broker.RestingPlace;
import kr.kisgateway.simulator.broker.StoredChanges;
import kr.kisgateway.simulator.exchange.StoredMinutes;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.MinuteCodec;
import kr.kisgateway.simulator.us.UsRecord;

/**
 * The simulator's SQLite file: one table for each kind of {@link Change}, each row the newest state of its entity. Used
 * by the desk's platform thread only, because SQLite pins virtual threads to their carriers.
 */
public final class Store implements AutoCloseable {
    /** From layout 1 to 2: orders have their resting place, prices their venue and the day's close. */
    private static final String TO_2 = """
            ALTER TABLE user_order ADD COLUMN venue TEXT NOT NULL DEFAULT 'KRX';
            ALTER TABLE user_order ADD COLUMN resting TEXT NOT NULL DEFAULT 'NOWHERE';
            ALTER TABLE user_order ADD COLUMN condition_price INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE user_order ADD COLUMN triggered_at INTEGER NOT NULL DEFAULT 0;
            UPDATE user_order SET resting = 'BOOK' WHERE is_open = 1 AND rest_price > 0;
            ALTER TABLE price RENAME TO price_1;
            CREATE TABLE price (symbol TEXT, venue TEXT, base INTEGER NOT NULL, last INTEGER NOT NULL, open INTEGER NOT NULL,
                high INTEGER NOT NULL, low INTEGER NOT NULL, open_at INTEGER NOT NULL, high_at INTEGER NOT NULL,
                low_at INTEGER NOT NULL, volume INTEGER NOT NULL, turnover INTEGER NOT NULL, buy_volume INTEGER NOT NULL,
                sell_volume INTEGER NOT NULL, buy_count INTEGER NOT NULL, sell_count INTEGER NOT NULL,
                close INTEGER NOT NULL, PRIMARY KEY (symbol, venue)) WITHOUT ROWID;
            INSERT INTO price SELECT symbol, 'KRX', base, last, open, high, low, open_at, high_at, low_at, volume,
                turnover, buy_volume, sell_volume, buy_count, sell_count, 0 FROM price_1;
            DROP TABLE price_1;
            """;

    /**
     * From layout 2 to 3: prices have the instant up to which they are played; the first day, the recorded days since, and the
     * minutes of the last of them; and all tables of US stocks.
     */
    private static final String TO_3 = """
            ALTER TABLE price ADD COLUMN played_to INTEGER NOT NULL DEFAULT 0;
            CREATE TABLE first_day (one INTEGER PRIMARY KEY CHECK (one = 1), day TEXT NOT NULL);
            CREATE TABLE traded_day (symbol TEXT, venue TEXT, day TEXT, base INTEGER NOT NULL, open INTEGER NOT NULL,
                high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL, volume INTEGER NOT NULL,
                turnover INTEGER NOT NULL, PRIMARY KEY (symbol, venue, day)) WITHOUT ROWID;
            CREATE TABLE traded_minutes (symbol TEXT, venue TEXT, slot INTEGER, day TEXT NOT NULL, bars BLOB NOT NULL,
                PRIMARY KEY (symbol, venue, slot)) WITHOUT ROWID;
            """ + UsTables.SCHEMA;

    /** From layout 3 to 4: sales have the cost basis of their shares; older ones count as without profit. */
    private static final String TO_4 = """
            ALTER TABLE user_order ADD COLUMN basis INTEGER NOT NULL DEFAULT 0;
            UPDATE user_order SET basis = filled_amount WHERE side = 'SELL';
            """;

    /** From layout 4 to 5: the minutes of today of stocks that are traded order by order. */
    private static final String TO_5 = """
            CREATE TABLE todays_minutes (symbol TEXT, venue TEXT, day TEXT NOT NULL, until INTEGER NOT NULL,
                next_minute INTEGER NOT NULL, reference INTEGER NOT NULL, paused_until INTEGER NOT NULL, bars BLOB NOT NULL,
                PRIMARY KEY (symbol, venue)) WITHOUT ROWID;
            """;

    private static final String SCHEMA = """
            CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), token_secret TEXT NOT NULL);
            CREATE TABLE app_key (hash TEXT PRIMARY KEY, secret_hash TEXT NOT NULL, hts_id TEXT NOT NULL);
            CREATE TABLE key_account (hash TEXT, account TEXT, PRIMARY KEY (hash, account)) WITHOUT ROWID;
            CREATE TABLE token (hash TEXT, issued_at INTEGER, expires_at INTEGER NOT NULL, revoked INTEGER NOT NULL,
                PRIMARY KEY (hash, issued_at)) WITHOUT ROWID;
            CREATE TABLE business_day (one INTEGER PRIMARY KEY CHECK (one = 1), day TEXT NOT NULL, last_odno INTEGER NOT NULL);
            CREATE TABLE cash (account TEXT PRIMARY KEY, settled INTEGER NOT NULL, due_tomorrow INTEGER NOT NULL,
                due_after_tomorrow INTEGER NOT NULL, bought_today INTEGER NOT NULL, sold_today INTEGER NOT NULL,
                costs_today INTEGER NOT NULL, bought_yesterday INTEGER NOT NULL, sold_yesterday INTEGER NOT NULL,
                costs_yesterday INTEGER NOT NULL, assets_yesterday INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE holding (account TEXT, symbol TEXT, qty INTEGER NOT NULL, cost INTEGER NOT NULL,
                bought_today INTEGER NOT NULL, sold_today INTEGER NOT NULL, bought_yesterday INTEGER NOT NULL,
                sold_yesterday INTEGER NOT NULL, days_at_zero INTEGER NOT NULL, PRIMARY KEY (account, symbol)) WITHOUT ROWID;
            CREATE TABLE user_order (day TEXT, odno INTEGER, original_odno INTEGER NOT NULL, account TEXT NOT NULL,
                symbol TEXT NOT NULL, side TEXT NOT NULL, kind TEXT NOT NULL, dvsn TEXT NOT NULL, exchange TEXT NOT NULL,
                qty INTEGER NOT NULL, price INTEGER NOT NULL, time INTEGER NOT NULL, margin_price INTEGER NOT NULL,
                rest_price INTEGER NOT NULL, priority INTEGER NOT NULL, filled_qty INTEGER NOT NULL,
                filled_amount INTEGER NOT NULL, cancelled_qty INTEGER NOT NULL, rejected_qty INTEGER NOT NULL,
                is_open INTEGER NOT NULL, accepted_at INTEGER NOT NULL, fills INTEGER NOT NULL, PRIMARY KEY (day, odno)) WITHOUT ROWID;
            CREATE TABLE fill (day TEXT, odno INTEGER, sequence INTEGER, time INTEGER NOT NULL, price INTEGER NOT NULL,
                qty INTEGER NOT NULL, PRIMARY KEY (day, odno, sequence)) WITHOUT ROWID;
            CREATE TABLE price (symbol TEXT PRIMARY KEY, base INTEGER NOT NULL, last INTEGER NOT NULL, open INTEGER NOT NULL,
                high INTEGER NOT NULL, low INTEGER NOT NULL, open_at INTEGER NOT NULL, high_at INTEGER NOT NULL,
                low_at INTEGER NOT NULL, volume INTEGER NOT NULL, turnover INTEGER NOT NULL, buy_volume INTEGER NOT NULL,
                sell_volume INTEGER NOT NULL, buy_count INTEGER NOT NULL, sell_count INTEGER NOT NULL) WITHOUT ROWID;
            """;

    /** The migrations from each layout to the next; a file of a later layout is refused. */
    private static final List<String> LAYOUTS = List.of(SCHEMA, TO_2, TO_3, TO_4, TO_5);

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_NOTADB = 26;

    private final Path file;
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private Store(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Opens or creates the file.
     *
     * @param synchronous SQLite's setting: FULL survives a power cut, NORMAL and OFF are for load tests
     * @throws StoreException when the file cannot be used or has another layout
     */
    public static Store open(Path file, String synchronous) {
        Connection connection = connect(file);
        Store store = new Store(file, connection);
        try {
            try (Statement s = connection.createStatement()) {
                // One simulator per file: a second one must not answer from the same accounts.
                s.execute("PRAGMA busy_timeout=1000");
                s.execute("PRAGMA locking_mode=EXCLUSIVE");
                s.execute("PRAGMA journal_mode=WAL");
                s.execute("PRAGMA synchronous=" + synchronous);
            }
            store.migrate(file);
            connection.setAutoCommit(false);
            return store;
        } catch (SQLException e) {
            store.close();
            throw unusable(file, e);
        }
    }

    /** The failure, with the next step where the file itself is damaged: accounts and orders are never dropped by default. */
    private static StoreException unusable(Path file, SQLException failure) {
        int code = failure.getErrorCode() & 0xff;
        return code != SQLITE_CORRUPT && code != SQLITE_NOTADB
                ? new StoreException("the simulator's file " + file + " cannot be opened", failure)
                : new StoreException(
                        "the simulator's file " + file + " is damaged (" + failure.getMessage()
                                + "), and accounts, orders and app keys of the simulated broker are in it. Restore it from a backup,"
                                + " or begin with empty accounts: move " + file.getFileName() + " and the "
                                + file.getFileName()
                                + "-* beside it away (a simulator of its own: ./kis simulator --reset)"
                                + " / 시뮬레이터 파일이 손상되었습니다. 백업에서 복원하거나, 파일을 다른 곳으로 옮기고 빈 계좌로 다시"
                                + " 시작하십시오",
                        failure);
    }

    /**
     * Checks that no other simulator uses the file; a damaged one is in use by none.
     *
     * @throws StoreException when one does
     */
    public static void checkUnused(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try (Connection connection = connect(file);
                Statement s = connection.createStatement()) {
            s.execute("PRAGMA busy_timeout=1000");
            s.execute("BEGIN IMMEDIATE");
            s.execute("ROLLBACK");
        } catch (SQLException e) {
            if (e.getErrorCode() == SQLITE_BUSY || e.getErrorCode() == SQLITE_LOCKED) {
                throw new StoreException("the simulator's file " + file + " is in use", e);
            }
        }
    }

    private static Connection connect(Path file) {
        try {
            // Generated keys are not used; by default the driver reads them with a query of its own after each
            // insert.
            return DriverManager.getConnection("jdbc:sqlite:" + file + "?jdbc.get_generated_keys=false");
        } catch (SQLException e) {
            throw new StoreException("the simulator's file " + file + " cannot be opened", e);
        }
    }

    private void migrate(Path file) throws SQLException {
        try (Statement s = connection.createStatement()) {
            int version;
            try (ResultSet r = s.executeQuery("PRAGMA user_version")) {
                version = r.next() ? r.getInt(1) : 0;
            }
            if (version == LAYOUTS.size()) {
                return;
            }
            if (version < 0 || version > LAYOUTS.size()) {
                throw new SQLException(file + " has layout " + version + ", this simulator supports " + LAYOUTS.size());
            }
            connection.setAutoCommit(false);
            String missing = String.join("", LAYOUTS.subList(version, LAYOUTS.size()));
            for (String sql : missing.split(";", -1)) {
                if (!sql.isBlank()) {
                    s.execute(sql);
                }
            }
            s.execute("PRAGMA user_version=" + LAYOUTS.size());
            connection.commit();
        }
    }

    /** Writes the records in one transaction, the last one of each entity. Returns when they are durable. */
    public void commit(Collection<Change> changes) {
        Map<Object, Change> last = new LinkedHashMap<>();
        changes.forEach(change -> last.put(change.key(), change));
        try {
            for (Change change : last.values()) {
                write(change);
            }
            connection.commit();
        } catch (SQLException e) {
            throw new StoreException("the simulator could not store the records of its answers", e);
        }
    }

    private void write(Change change) throws SQLException {
        switch (change) {
            case Change.Identity c -> put("identity", 1, c.tokenSecret());
            case Change.Key c -> put("app_key", c.keyHash(), c.secretHash(), c.htsId());
            case Change.KeyAccount c ->
                put("key_account", c.keyHash(), c.account().digits());
            case Change.Token c ->
                put(
                        "token",
                        c.keyHash(),
                        c.issuedAt().toEpochMilli(),
                        c.expiresAt().toEpochMilli(),
                        c.revoked());
            case Change.Day c -> put("business_day", 1, c.day().toString(), c.lastOdno());
            case Change.FirstDay c -> put("first_day", 1, c.day().toString());
            case Change.TradedMinutes c ->
                put(
                        "traded_minutes",
                        c.symbol().code(),
                        c.venue().name(),
                        c.slot(),
                        c.day().toString(),
                        MinuteCodec.pack(c.bars()));
            case Change.TodaysMinutes c ->
                put(
                        "todays_minutes",
                        c.symbol().code(),
                        c.venue().name(),
                        c.day().toString(),
                        c.minutes().until().toEpochMilli(),
                        c.minutes().nextMinute(),
                        c.minutes().reference(),
                        c.minutes().pausedUntil(),
                        MinuteCodec.pack(c.minutes().bars()));
            case Change.Traded c ->
                put(
                        "traded_day",
                        c.symbol().code(),
                        c.venue().name(),
                        c.bar().date().toString(),
                        c.bar().base(),
                        c.bar().open(),
                        c.bar().high(),
                        c.bar().low(),
                        c.bar().close(),
                        c.bar().volume(),
                        c.bar().turnover());
            case Change.Cash c ->
                put(
                        "cash",
                        c.account().digits(),
                        c.settled(),
                        c.dueTomorrow(),
                        c.dueAfterTomorrow(),
                        c.boughtToday(),
                        c.soldToday(),
                        c.costsToday(),
                        c.boughtYesterday(),
                        c.soldYesterday(),
                        c.costsYesterday(),
                        c.assetsYesterday());
            case Change.Holding c ->
                put(
                        "holding",
                        c.account().digits(),
                        c.symbol().code(),
                        c.qty(),
                        c.cost(),
                        c.boughtToday(),
                        c.soldToday(),
                        c.boughtYesterday(),
                        c.soldYesterday(),
                        c.daysAtZero());
            case Change.Order c ->
                put(
                        "user_order",
                        c.day().toString(),
                        c.odno(),
                        c.originalOdno(),
                        c.account().digits(),
                        c.symbol().code(),
                        c.side().name(),
                        c.kind().name(),
                        c.dvsn(),
                        c.exchange(),
                        c.qty(),
                        c.price(),
                        c.time(),
                        c.marginPrice(),
                        c.restPrice(),
                        c.priority(),
                        c.filledQty(),
                        c.filledAmount(),
                        c.cancelledQty(),
                        c.rejectedQty(),
                        c.open(),
                        c.acceptedAtMillis(),
                        c.fills(),
                        c.venue().name(),
                        c.resting().name(),
                        c.conditionPrice(),
                        c.triggeredAtMillis(),
                        c.basis());
            case Change.Fill c -> put("fill", c.day().toString(), c.odno(), c.sequence(), c.time(), c.price(), c.qty());
            case Change.Us(UsRecord record) -> UsTables.write(this, record);
            case Change.Price c -> {
                Tape.Figures f = c.figures();
                put(
                        "price",
                        c.symbol().code(),
                        c.venue().name(),
                        f.base(),
                        f.last(),
                        f.open(),
                        f.high(),
                        f.low(),
                        f.openAt(),
                        f.highAt(),
                        f.lowAt(),
                        f.volume(),
                        f.turnover(),
                        f.buyVolume(),
                        f.sellVolume(),
                        f.buyCount(),
                        f.sellCount(),
                        f.close(),
                        f.playedTo());
            }
        }
    }

    void put(String table, Object... values) throws SQLException {
        PreparedStatement statement = statements.get(table);
        if (statement == null) {
            statement = connection.prepareStatement(
                    "INSERT OR REPLACE INTO " + table + " VALUES (?" + ",?".repeat(values.length - 1) + ')');
            statements.put(table, statement);
        }
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case String text -> statement.setString(i + 1, text);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case Long n -> statement.setLong(i + 1, n);
                case Integer n -> statement.setInt(i + 1, n);
                case Boolean flag -> statement.setInt(i + 1, flag ? 1 : 0);
                default -> throw new IllegalArgumentException("no column for " + values[i].getClass());
            }
        }
        statement.executeUpdate();
    }

    /** Loads all stored records, the newest one of each entity. */
    public StoredChanges load() {
        List<Change> all = new ArrayList<>();
        try {
            read("SELECT * FROM identity", r -> all.add(new Change.Identity(r.getString(2))));
            read("SELECT * FROM app_key", r -> all.add(new Change.Key(r.getString(1), r.getString(2), r.getString(3))));
            read(
                    "SELECT * FROM key_account",
                    r -> all.add(new Change.KeyAccount(r.getString(1), AccountId.ofDigits(r.getString(2)))));
            read(
                    "SELECT * FROM token",
                    r -> all.add(new Change.Token(
                            r.getString(1),
                            Instant.ofEpochMilli(r.getLong(2)),
                            Instant.ofEpochMilli(r.getLong(3)),
                            r.getBoolean(4))));
            read(
                    "SELECT * FROM business_day",
                    r -> all.add(new Change.Day(LocalDate.parse(r.getString(2)), r.getLong(3))));
            read(
                    "SELECT * FROM cash",
                    r -> all.add(new Change.Cash(
                            AccountId.ofDigits(r.getString(1)),
                            r.getLong(2),
                            r.getLong(3),
                            r.getLong(4),
                            r.getLong(5),
                            r.getLong(6),
                            r.getLong(7),
                            r.getLong(8),
                            r.getLong(9),
                            r.getLong(10),
                            r.getLong(11))));
            read(
                    "SELECT * FROM holding",
                    r -> all.add(new Change.Holding(
                            AccountId.ofDigits(r.getString(1)),
                            new Symbol(r.getString(2)),
                            r.getLong(3),
                            r.getLong(4),
                            r.getLong(5),
                            r.getLong(6),
                            r.getLong(7),
                            r.getLong(8),
                            r.getInt(9))));
            read("SELECT * FROM user_order", r -> all.add(order(r)));
            read("SELECT * FROM first_day", r -> all.add(new Change.FirstDay(LocalDate.parse(r.getString(2)))));
            read(
                    "SELECT * FROM todays_minutes WHERE day IN (SELECT day FROM business_day)",
                    r -> all.add(new Change.TodaysMinutes(
                            new Symbol(r.getString(1)),
                            Venue.valueOf(r.getString(2)),
                            LocalDate.parse(r.getString(3)),
                            new StoredMinutes(
                                    MinuteCodec.unpack(r.getBytes(8)),
                                    Instant.ofEpochMilli(r.getLong(4)),
                                    r.getLong(5),
                                    r.getLong(6),
                                    r.getLong(7)))));
            read(
                    "SELECT * FROM traded_minutes",
                    r -> all.add(new Change.TradedMinutes(
                            new Symbol(r.getString(1)),
                            Venue.valueOf(r.getString(2)),
                            LocalDate.parse(r.getString(4)),
                            MinuteCodec.unpack(r.getBytes(5)))));
            read(
                    "SELECT * FROM traded_day",
                    r -> all.add(new Change.Traded(new Symbol(r.getString(1)), Venue.valueOf(r.getString(2)), bar(r))));
            UsTables.load(this, all);
            read(
                    "SELECT * FROM price",
                    r -> all.add(new Change.Price(
                            new Symbol(r.getString(1)), Venue.valueOf(r.getString(2)), figures(r, r.getLong(18)))));
        } catch (SQLException e) {
            throw unusable(file, e);
        }
        return StoredChanges.of(all);
    }

    private static Change.Order order(ResultSet r) throws SQLException {
        return new Change.Order(
                LocalDate.parse(r.getString(1)),
                r.getLong(2),
                r.getLong(3),
                AccountId.ofDigits(r.getString(4)),
                new Symbol(r.getString(5)),
                Side.valueOf(r.getString(6)),
                OrderKind.valueOf(r.getString(7)),
                r.getString(8),
                r.getString(9),
                r.getLong(10),
                r.getLong(11),
                r.getInt(12),
                r.getLong(13),
                r.getLong(14),
                r.getLong(15),
                r.getLong(16),
                r.getLong(17),
                r.getLong(18),
                r.getLong(19),
                r.getBoolean(20),
                r.getLong(21),
                r.getLong(22),
                Venue.valueOf(r.getString(23)),
                RestingPlace.valueOf(r.getString(24)),
                r.getLong(25),
                r.getLong(26),
                r.getLong(27));
    }

    interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    void read(String sql, RowReader row) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            while (r.next()) {
                row.read(r);
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new StoreException("the simulator's file did not close", e);
        }
    }

    /** The file failed; pending answers must not be sent. */
    public static final class StoreException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoreException(String message, Throwable cause) {
            super(message + ": " + cause.getMessage(), cause);
        }
    }

    /** The figures of a day from the third column on, where a stock and its exchange or venue are the first two. */
    static Tape.Figures figures(ResultSet r, long playedTo) throws SQLException {
        return new Tape.Figures(
                r.getLong(3),
                r.getLong(4),
                r.getLong(5),
                r.getLong(6),
                r.getLong(7),
                r.getInt(8),
                r.getInt(9),
                r.getInt(10),
                r.getLong(11),
                r.getLong(12),
                r.getLong(13),
                r.getLong(14),
                r.getLong(15),
                r.getLong(16),
                r.getLong(17),
                playedTo);
    }

    /** A recorded day, from the third column on. */
    static DailyBar bar(ResultSet r) throws SQLException {
        return new DailyBar(
                LocalDate.parse(r.getString(3)),
                r.getLong(4),
                r.getLong(5),
                r.getLong(6),
                r.getLong(7),
                r.getLong(8),
                r.getLong(9),
                r.getLong(10));
    }
}
