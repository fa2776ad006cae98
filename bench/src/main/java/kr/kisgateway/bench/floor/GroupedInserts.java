package kr.kisgateway.bench.floor;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import kr.kisgateway.bench.load.Latency;

/**
 * The store alone: an order's {@value #EVENTS} journal rows and 2 table rows into SQLite (WAL, {@code synchronous=FULL}) or
 * PostgreSQL ({@code synchronous_commit=on}), with the indexes such rows need, one thread, no other work.
 */
public final class GroupedInserts implements AutoCloseable {
    /** Orders in one commit. */
    public static final int GROUP = 64;

    private static final int EVENTS = 3;
    private static final String PAYLOAD =
            "{\"order_id\":\"%s\",\"account\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\","
                    + "\"qty\":17,\"type\":\"LIMIT\",\"price\":171500,\"venue\":\"KRX\",\"at\":1790000000000000,"
                    + "\"dispatch_by\":1790000060000000,\"key\":\"bench-000000000000\",\"hash\":"
                    + "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"}";

    private final Connection connection;
    private final PreparedStatement journal;
    private final PreparedStatement order;
    private final PreparedStatement key;
    private long seq;

    /** @param clustered what makes a table store its rows in the order of its key, where that is possible */
    private GroupedInserts(Connection connection, String clustered) throws SQLException {
        this.connection = connection;
        try (var statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE journal(stream TEXT NOT NULL, seq BIGINT NOT NULL, at_us BIGINT NOT NULL,
                      trading_day TEXT NOT NULL, type TEXT NOT NULL, subject TEXT NOT NULL, payload TEXT NOT NULL,
                      crc BIGINT NOT NULL, PRIMARY KEY(stream, seq))""" + clustered);
            statement.execute("CREATE INDEX journal_subject ON journal(subject, seq)");
            statement.execute("""
                    CREATE TABLE orders(order_id TEXT PRIMARY KEY, account TEXT NOT NULL, trading_day TEXT NOT NULL,
                      status TEXT NOT NULL, symbol TEXT NOT NULL, terminal BIGINT NOT NULL)""" + clustered);
            statement.execute("CREATE INDEX orders_open ON orders(terminal) WHERE terminal = 0");
            statement.execute("""
                    CREATE TABLE idempotency(scope TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL,
                      order_id TEXT NOT NULL, PRIMARY KEY(scope, key))""" + clustered);
        }
        connection.setAutoCommit(false);
        journal = connection.prepareStatement("INSERT INTO journal VALUES (?,?,?,?,?,?,?,?)");
        order = connection.prepareStatement("INSERT INTO orders VALUES (?,?,?,?,?,?)");
        key = connection.prepareStatement("INSERT INTO idempotency VALUES (?,?,?,?)");
    }

    /** A new SQLite database in {@code file}. */
    public static GroupedInserts open(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
        }
        return new GroupedInserts(connection, " WITHOUT ROWID");
    }

    /** An empty PostgreSQL database; the driver makes one statement of each table's rows. */
    public static GroupedInserts openPostgres(String jdbcUrl) throws SQLException {
        return new GroupedInserts(DriverManager.getConnection(jdbcUrl + "&reWriteBatchedInserts=true"), "");
    }

    /** Orders per second in groups of {@value #GROUP}, for {@code seconds}. */
    public double ordersPerSecond(int seconds, LongSupplier nanos) throws SQLException {
        long start = nanos.getAsLong();
        long end = start + seconds * 1_000_000_000L;
        long orders = 0;
        while (nanos.getAsLong() < end) {
            for (int i = 0; i < GROUP; i++) addOrder();
            commit();
            orders += GROUP;
        }
        return orders * 1e9 / (nanos.getAsLong() - start);
    }

    /** How long the commit of one order takes, for {@code seconds}. */
    public Latency singleCommits(int seconds, LongSupplier nanos) throws SQLException {
        var latency = new Latency();
        long end = nanos.getAsLong() + seconds * 1_000_000_000L;
        long before = nanos.getAsLong();
        while (before < end) {
            addOrder();
            commit();
            long after = nanos.getAsLong();
            latency.record(after - before);
            before = after;
        }
        return latency;
    }

    private void addOrder() throws SQLException {
        var id = "O" + seq * 7_919 % 1_000_003 + "-" + seq;
        for (int event = 0; event < EVENTS; event++) {
            seq++;
            journal.setString(1, "A1");
            journal.setLong(2, seq);
            journal.setLong(3, 1_790_000_000_000_000L + seq);
            journal.setString(4, "2026-09-21");
            journal.setString(5, "Accepted");
            journal.setString(6, id);
            journal.setString(7, PAYLOAD.formatted(id));
            journal.setLong(8, seq * 31);
            journal.addBatch();
        }
        order.setString(1, id);
        order.setString(2, "A1");
        order.setString(3, "2026-09-21");
        order.setString(4, "NEW");
        order.setString(5, "005930");
        order.setInt(6, 0);
        order.addBatch();
        key.setString(1, "A1");
        key.setString(2, "key-" + id);
        key.setString(3, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
        key.setString(4, id);
        key.addBatch();
    }

    private void commit() throws SQLException {
        journal.executeBatch();
        order.executeBatch();
        key.executeBatch();
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
