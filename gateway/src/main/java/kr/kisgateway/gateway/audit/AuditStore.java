package kr.kisgateway.gateway.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.chain.HashChain;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.database.RowBatch.Column;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.file.OwnerOnly;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * The rows of the audit in an SQLite file, {@code audit.db} beside the journal. Rows are only added; triggers refuse a change, and a
 * removal of what no sealed file has. One platform thread per instance: SQLite pins a virtual thread's carrier.
 */
public final class AuditStore implements AuditChain, AutoCloseable {
    /** Its name in the data folder. */
    public static final String NAME = "audit.db";

    /** Hash before the first row. */
    static final byte[] START = HashChain.start("kis-gateway audit 1");

    /** The columns of a row. */
    static final List<Column> COLUMNS = List.of(
            Column.integer("seq"),
            Column.integer("at_ms"),
            Column.text("source"),
            Column.text("kind"),
            Column.text("principal"),
            Column.text("key"),
            Column.text("address"),
            Column.text("call"),
            Column.text("tr"),
            Column.text("parameters"),
            Column.integer("status"),
            Column.text("result"),
            Column.text("trace_id"),
            Column.integer("calls"),
            Column.integer("failed"),
            Column.integer("cost"),
            Column.integer("micros"),
            Column.bytes("hash"));

    /** The columns of a row as a query names them. */
    static final String ROW = names(COLUMNS);

    /** The columns of a row as a table defines them. */
    static final String ROW_DEFINITION = COLUMNS.stream()
            .map(column -> column.name() + " " + type(column) + " NOT NULL")
            .collect(Collectors.joining(", "));

    /** The columns of a signature. */
    static final List<Column> CHECKPOINT_COLUMNS = List.of(
            Column.integer("seq"),
            Column.integer("at_ms"),
            Column.bytes("hash"),
            Column.bytes("public_key"),
            Column.bytes("signature"));

    /** The columns of a signature as a query names them. */
    static final String CHECKPOINT = names(CHECKPOINT_COLUMNS);

    private static final int LAYOUT = 1;

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS audit(" + ROW_DEFINITION + ", PRIMARY KEY (seq)) STRICT",
            "CREATE TABLE IF NOT EXISTS checkpoint(seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, hash BLOB NOT NULL,"
                    + " public_key BLOB NOT NULL, signature BLOB NOT NULL) STRICT",
            "CREATE TABLE IF NOT EXISTS seal(month TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,"
                    + " hash_before BLOB NOT NULL, hash_after BLOB NOT NULL, sha256 BLOB NOT NULL,"
                    + " sealed_ms INTEGER NOT NULL, public_key BLOB NOT NULL, signature BLOB NOT NULL,"
                    + " removed_ms INTEGER) STRICT",
            // The last row of the spool that is stored.
            "CREATE TABLE IF NOT EXISTS mark(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT",
            "CREATE INDEX IF NOT EXISTS audit_time ON audit(at_ms)",
            "CREATE INDEX IF NOT EXISTS audit_trace ON audit(trace_id) WHERE trace_id != ''",
            "CREATE TRIGGER IF NOT EXISTS audit_unchanged BEFORE UPDATE ON audit"
                    + " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
            "CREATE TRIGGER IF NOT EXISTS audit_kept BEFORE DELETE ON audit"
                    + " WHEN old.seq > (SELECT coalesce(max(last), 0) FROM seal)"
                    + " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
            "CREATE TRIGGER IF NOT EXISTS checkpoint_unchanged BEFORE UPDATE ON checkpoint"
                    + " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END");

    private static final String MARK =
            "INSERT INTO mark VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value";

    private static final String SESSION = "spool_session";
    private static final String SPOOLED = "spool_number";

    private final Path file;
    private final Connection connection;

    /**
     * Where the chain ends.
     *
     * @param seq number of the last row; 0 before the first
     * @param hash of that row
     */
    public record Head(long seq, byte[] hash) {}

    /**
     * A row of the spool.
     *
     * @param session of the file
     * @param number within the session; 0 before its first row
     */
    record Spooled(long session, long number) {}

    private AuditStore(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** Opens or creates {@code file}, readable by its owner only. */
    public static AuditStore open(Path file) {
        try {
            OwnerOnly.createFileIfAbsent(file);
            var connection = StoreDatabase.file(file.toAbsolutePath()).connect();
            try {
                migrate(connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            return new AuditStore(file, connection);
        } catch (IOException | SQLException e) {
            throw failure(file, e);
        }
    }

    /** Opens an existing {@code file} for queries alone. */
    public static AuditStore openForReading(Path file) {
        var config = new SQLiteConfig();
        config.setBusyTimeout(5_000);
        try {
            var connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA query_only = 1");
                requireLayout(connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            return new AuditStore(file, connection);
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private static void migrate(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            requireLayout(connection);
            for (var sql : SCHEMA) {
                statement.execute(sql);
            }
            statement.execute("PRAGMA user_version = " + LAYOUT);
        }
    }

    private static void requireLayout(Connection connection) throws SQLException {
        long layout = number(connection, "PRAGMA user_version");
        if (layout > LAYOUT) {
            throw new SQLException("a newer release wrote it (layout " + layout + "); use that release");
        }
    }

    /** From now on this instance, which is for reading, sees the store as it is now. */
    void freeze() {
        query(() -> {
            try (var statement = connection.createStatement()) {
                statement.execute("BEGIN");
            }
            return number(connection, "SELECT count(*) FROM seal");
        });
    }

    /** Where the chain ends. */
    public Head head() {
        return query(() -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")) {
                if (row.next()) {
                    return new Head(row.getLong(1), row.getBytes(2));
                }
            }
            return seals().stream()
                    .reduce((_, later) -> later)
                    .map(seal -> new Head(seal.last(), seal.after()))
                    .orElseGet(() -> new Head(0, START));
        });
    }

    /**
     * Adds rows, durable when this returns.
     *
     * @param head where the chain ended
     * @param spooled the last row of the spool that is stored then
     * @return where it ends now
     */
    Head append(Head head, List<AuditEntry> entries, Spooled spooled) {
        return change(() -> {
            long seq = head.seq();
            byte[] hash = head.hash();
            try (var insert = connection.prepareStatement("INSERT INTO audit(" + ROW + ") VALUES ("
                    + String.join(",", Collections.nCopies(COLUMNS.size(), "?")) + ")")) {
                for (var entry : entries) {
                    seq++;
                    hash = entry.hash(hash, seq);
                    Statements.setParameters(
                            insert, values(new AuditRow(seq, entry, hash)).toArray());
                    insert.executeUpdate();
                }
            }
            mark(SESSION, spooled.session());
            mark(SPOOLED, spooled.number());
            return new Head(seq, hash);
        });
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    private static String type(Column column) {
        return switch (column.type()) {
            case "text" -> "TEXT";
            case "bytea" -> "BLOB";
            default -> "INTEGER";
        };
    }

    /** The values of {@link #COLUMNS}. */
    static List<Object> values(AuditRow row) {
        var entry = row.entry();
        return List.of(
                row.seq(),
                entry.at().toEpochMilli(),
                entry.source().wireName(),
                entry.kind().wireName(),
                entry.principal(),
                entry.key(),
                entry.address(),
                entry.call(),
                entry.tr(),
                entry.parameters(),
                (long) entry.status(),
                entry.result(),
                entry.traceId(),
                entry.calls(),
                entry.failed(),
                entry.cost(),
                entry.micros(),
                row.hash());
    }

    private void mark(String name, long value) throws SQLException {
        try (var mark = connection.prepareStatement(MARK)) {
            mark.setString(1, name);
            mark.setLong(2, value);
            mark.executeUpdate();
        }
    }

    /** The last row of the spool that is stored. */
    Spooled spooled() {
        return query(() -> new Spooled(readMark(SESSION), readMark(SPOOLED)));
    }

    private long readMark(String name) throws SQLException {
        return number(connection, "SELECT coalesce(max(value), 0) FROM mark WHERE name = '" + name + "'");
    }

    /** At most {@code limit} rows after the row {@code after}, oldest first. */
    @Override
    public List<AuditRow> rowsAfter(long after, int limit) {
        return query(() -> {
            try (var select =
                    connection.prepareStatement("SELECT " + ROW + " FROM audit WHERE seq > ? ORDER BY seq LIMIT ?")) {
                select.setLong(1, after);
                select.setInt(2, limit);
                return rows(select);
            }
        });
    }

    /** At most {@code limit} rows before the row {@code before} that the filter accepts, newest first. */
    List<AuditRow> search(AuditFilter filter, long before, int limit) {
        var conditions = conditions(filter, Dialect.SQLITE);
        conditions.add("seq < ?", before);
        return query(() -> {
            try (var select = conditions.prepare(connection, "SELECT " + ROW + " FROM audit", "seq DESC", limit)) {
                return rows(select);
            }
        });
    }

    /** Conditions of a query, with their parameters. */
    static final class Conditions {
        private final StringBuilder sql = new StringBuilder();
        private final List<Object> values = new ArrayList<>();

        /** Adds a condition with a parameter. */
        void add(String condition, Object value) {
            sql.append(sql.isEmpty() ? " WHERE " : " AND ");
            continueWith(condition, value);
        }

        /** Adds to the last condition. */
        void continueWith(String text, Object value) {
            sql.append(text);
            values.add(value);
        }

        /** A query of at most {@code limit} rows that meet all conditions. */
        PreparedStatement prepare(Connection connection, String select, String order, int limit) throws SQLException {
            var statement = connection.prepareStatement(select + sql + " ORDER BY " + order + " LIMIT ?");
            Statements.setParameters(
                    statement, Stream.concat(values.stream(), Stream.of(limit)).toArray());
            return statement;
        }
    }

    /** What rows have to meet that {@code filter} accepts. */
    static Conditions conditions(AuditFilter filter, Dialect dialect) {
        var conditions = new Conditions();
        filter.from().ifPresent(at -> conditions.add("at_ms >= ?", at.toEpochMilli()));
        filter.until().ifPresent(at -> conditions.add("at_ms < ?", at.toEpochMilli()));
        filter.source().ifPresent(it -> conditions.add("source = ?", it.wireName()));
        filter.kind().ifPresent(it -> conditions.add("kind = ?", it.wireName()));
        filter.principal().ifPresent(it -> {
            conditions.add("(principal = ?", it);
            conditions.continueWith(" OR key = ?)", it);
        });
        filter.address().ifPresent(it -> conditions.add("address = ?", it));
        filter.text().ifPresent(it -> {
            conditions.add("(" + dialect.position("?", "call") + " > 0", it);
            conditions.continueWith(" OR " + dialect.position("?", "parameters") + " > 0)", it);
        });
        filter.tr().ifPresent(it -> conditions.add(dialect.position("?", "',' || tr || ','") + " > 0", "," + it + ","));
        filter.result().ifPresent(it -> conditions.add("result = ?", it));
        filter.traceId().ifPresent(it -> conditions.add("trace_id = ?", it));
        return conditions;
    }

    private static List<AuditRow> rows(PreparedStatement select) throws SQLException {
        var rows = new ArrayList<AuditRow>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rows.add(row(row));
            }
        }
        return rows;
    }

    static AuditRow row(ResultSet row) throws SQLException {
        String source = row.getString("source");
        String kind = row.getString("kind");
        return new AuditRow(
                row.getLong("seq"),
                new AuditEntry(
                        Instant.ofEpochMilli(row.getLong("at_ms")),
                        // A word of no release: the row was changed, and its hash does not fit.
                        AuditSource.of(source).orElse(AuditSource.GATEWAY),
                        AuditEntry.Kind.of(kind).orElse(AuditEntry.Kind.REPORT),
                        row.getString("principal"),
                        row.getString("key"),
                        row.getString("address"),
                        row.getString("call"),
                        row.getString("tr"),
                        row.getString("parameters"),
                        Math.clamp(row.getLong("status"), Integer.MIN_VALUE, Integer.MAX_VALUE),
                        row.getString("result"),
                        row.getString("trace_id"),
                        row.getLong("calls"),
                        row.getLong("failed"),
                        row.getLong("cost"),
                        row.getLong("micros")),
                row.getBytes("hash"));
    }

    /** Adds a signature of the chain. */
    void add(AuditCheckpoint checkpoint) {
        change(() -> {
            try (var insert = connection.prepareStatement("INSERT OR IGNORE INTO checkpoint VALUES (?,?,?,?,?)")) {
                insert.setLong(1, checkpoint.seq());
                insert.setLong(2, checkpoint.at().toEpochMilli());
                insert.setBytes(3, checkpoint.hash());
                insert.setBytes(4, checkpoint.publicKey());
                insert.setBytes(5, checkpoint.signature());
                return insert.executeUpdate();
            }
        });
    }

    /** The signatures of the chain from the row {@code from} on, oldest first. */
    @Override
    public List<AuditCheckpoint> checkpointsFrom(long from, int limit) {
        return query(() -> {
            try (var select = connection.prepareStatement(
                    "SELECT " + CHECKPOINT + " FROM checkpoint WHERE seq >= ? ORDER BY seq LIMIT ?")) {
                select.setLong(1, from);
                select.setInt(2, limit);
                var found = new ArrayList<AuditCheckpoint>();
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        found.add(checkpoint(row));
                    }
                }
                return found;
            }
        });
    }

    /** Reads {@link #CHECKPOINT}. */
    static AuditCheckpoint checkpoint(ResultSet row) throws SQLException {
        return new AuditCheckpoint(
                row.getLong("seq"),
                Instant.ofEpochMilli(row.getLong("at_ms")),
                row.getBytes("hash"),
                row.getBytes("public_key"),
                row.getBytes("signature"));
    }

    /** The last signed row; 0 before the first. */
    long lastCheckpoint() {
        return query(() -> number(connection, "SELECT coalesce(max(seq), 0) FROM checkpoint"));
    }

    /** The sealed files, oldest first. */
    List<AuditSeal> seals() {
        return query(() -> {
            var found = new ArrayList<AuditSeal>();
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(
                            "SELECT month, first, last, hash_before, hash_after, sha256, sealed_ms, public_key,"
                                    + " signature, removed_ms FROM seal ORDER BY first")) {
                while (row.next()) {
                    long removed = row.getLong(10);
                    found.add(new AuditSeal(
                            YearMonth.parse(row.getString(1)),
                            row.getLong(2),
                            row.getLong(3),
                            row.getBytes(4),
                            row.getBytes(5),
                            row.getBytes(6),
                            Instant.ofEpochMilli(row.getLong(7)),
                            row.getBytes(8),
                            row.getBytes(9),
                            removed == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(removed))));
                }
            }
            return List.copyOf(found);
        });
    }

    /** Records a sealed file, whose rows may be removed from now on. */
    void add(AuditSeal seal) {
        change(() -> {
            try (var insert = connection.prepareStatement("INSERT INTO seal VALUES (?,?,?,?,?,?,?,?,?,NULL)")) {
                insert.setString(1, seal.month().toString());
                insert.setLong(2, seal.first());
                insert.setLong(3, seal.last());
                insert.setBytes(4, seal.before());
                insert.setBytes(5, seal.after());
                insert.setBytes(6, seal.sha256());
                insert.setLong(7, seal.sealedAt().toEpochMilli());
                insert.setBytes(8, seal.publicKey());
                insert.setBytes(9, seal.signature());
                return insert.executeUpdate();
            }
        });
    }

    /** Records that the file of {@code month} is removed. */
    void markRemoved(YearMonth month, Instant at) {
        change(() -> {
            try (var update = connection.prepareStatement("UPDATE seal SET removed_ms = ? WHERE month = ?")) {
                update.setLong(1, at.toEpochMilli());
                update.setString(2, month.toString());
                return update.executeUpdate();
            }
        });
    }

    /** Since when the file of {@code month} is known to be old enough to be removed. */
    Optional<Instant> dueSince(YearMonth month) {
        long millis = query(() -> readMark("due " + month));
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /** Records since when the file of {@code month} is old enough, or that it is not. */
    void markDue(YearMonth month, Optional<Instant> since) {
        change(() -> {
            mark("due " + month, since.map(Instant::toEpochMilli).orElse(0L));
            return true;
        });
    }

    /** Removes at most {@code limit} rows up to the row {@code last}, which a sealed file has; returns how many. */
    int removeThrough(long last, int limit) {
        return change(() -> {
            try (var delete = connection.prepareStatement(
                    "DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE seq <= ? ORDER BY seq LIMIT ?)")) {
                delete.setLong(1, last);
                delete.setInt(2, limit);
                int removed = delete.executeUpdate();
                if (removed < limit) {
                    try (var checkpoints = connection.prepareStatement("DELETE FROM checkpoint WHERE seq <= ?")) {
                        checkpoints.setLong(1, last);
                        checkpoints.executeUpdate();
                    }
                }
                return removed;
            }
        });
    }

    /** Returns the room of removed rows to the disk. */
    void shrink() {
        query(() -> {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA incremental_vacuum");
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            return true;
        });
    }

    /** Whether a failure reports that the file is damaged, or not a database at all. */
    static boolean isDamaged(AuditException failure) {
        return failure.getCause() instanceof SQLException cause
                && ((cause.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_CORRUPT.code
                        || (cause.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_NOTADB.code);
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T query(Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private <T> T change(Work<T> work) {
        try {
            connection.setAutoCommit(false);
            try {
                T result = work.run();
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failure(file, e);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static AuditException failure(Path file, Exception cause) {
        return new AuditException("The audit in " + file + " cannot be used: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        query(() -> {
            connection.close();
            return true;
        });
    }
}
