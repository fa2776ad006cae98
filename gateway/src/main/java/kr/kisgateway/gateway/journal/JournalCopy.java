package kr.kisgateway.gateway.journal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseLostException;
import kr.kisgateway.gateway.lease.LeaseStore;

/**
 * Copies a whole journal from a file into PostgreSQL, or from there into a file: the events, what is recorded of their streams, the
 * query tables, and the header.
 *
 * <p>Rows are copied in the order of their keys, in batches of one transaction each. So what was copied is always the beginning of each
 * table, and a copy that was interrupted continues behind it, after it has compared it with the source. The header with the schema is
 * written last, when the copy is complete and compared: until then {@link Schema} refuses the copy as unfinished.
 */
public final class JournalCopy {
    private static final int BATCH = 1_000;
    /** The longest wait for one statement of a tool, which no order waits for. */
    static final Duration ANSWER_LIMIT = Duration.ofMinutes(10);

    private static final String JOURNAL = "journal";
    /** Position of the hash among the columns of an event. */
    private static final int HASH = 11;

    /** What becomes of damaged events. */
    public enum Damage {
        /** The copy stops at the first, and remains unfinished. */
        REFUSE,
        /** They are copied as they are, for a tool that lists them. */
        COPY
    }

    /**
     * @param entries events of the copy
     * @param wasComplete whether an earlier run had finished it: nothing was changed
     */
    public record Report(long entries, boolean wasComplete) {}

    private final Connection source;
    private final Connection target;
    private final Journal.Tables tables;
    private final Journal.Work guard;
    private final Damage damage;
    private final JournalFile.Progress progress;
    private final String id;
    private final Chains chains = new Chains();

    private JournalCopy(
            Connection source,
            Connection target,
            Journal.Tables tables,
            Journal.Work guard,
            Damage damage,
            JournalFile.Progress progress)
            throws SQLException {
        this.source = source;
        this.target = target;
        this.tables = tables;
        this.guard = guard;
        this.damage = damage;
        this.progress = progress;
        this.id = Schema.header(source, Schema.ID).orElseThrow(() -> new JournalException("there is no journal"));
    }

    /**
     * Copies the journal of a stopped gateway into the database, or continues to.
     *
     * @param lease which this process holds; each transaction verifies it
     * @throws JournalException when an event is damaged, when the database has another journal or rows that differ, or when it does not
     *     answer; no gateway uses what was copied until then
     */
    public static Report toDatabase(
            JournalFile source, String environment, Postgres target, Lease lease, JournalFile.Progress progress) {
        try (Connection connection = target.connect()) {
            connection.setNetworkTimeout(Runnable::run, (int) ANSWER_LIMIT.toMillis());
            return new JournalCopy(
                            source.connection(),
                            connection,
                            source.tables(),
                            it -> LeaseStore.requireHeld(it, lease),
                            Damage.REFUSE,
                            progress)
                    .run(environment);
        } catch (SQLException | LeaseLostException e) {
            throw new JournalException(
                    "the journal was not copied to " + target.address() + " completely: " + e.getMessage(), e);
        }
    }

    /**
     * Copies the journal in the database, as it is at one instant, into {@code file}, or continues to if it has not changed. A gateway
     * may use the database meanwhile. There is no record of its position beside the file.
     *
     * @throws JournalException when there is none, when an event is damaged and must not be, or when the file cannot be written
     */
    public static Report toFile(
            Postgres source,
            String environment,
            Journal.Tables tables,
            Path file,
            Damage damage,
            JournalFile.Progress progress) {
        try (Connection from = source.connect();
                Connection to = SqliteJournal.connect(file)) {
            from.setNetworkTimeout(Runnable::run, (int) ANSWER_LIMIT.toMillis());
            from.setReadOnly(true);
            from.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            from.setAutoCommit(false);
            // The transaction is the snapshot; it changes nothing and blocks no other.
            Statements.execute(from, "SET LOCAL idle_in_transaction_session_timeout = 0");
            Schema.requirePresent(from, source.address(), environment);
            SqliteJournal.makeDurable(to);
            Statements.execute(to, "PRAGMA wal_autocheckpoint=1000");
            return new JournalCopy(from, to, tables, _ -> {}, damage, progress).run(environment);
        } catch (SQLException e) {
            throw new JournalException(
                    "the journal in " + source.address() + " cannot be copied: " + e.getMessage(), e);
        }
    }

    private Report run(String environment) throws SQLException {
        Optional<String> found = Schema.header(target, Schema.ID);
        requireSameJournal(found);
        if (found.isPresent() && Schema.header(target, Schema.SCHEMA).isPresent()) {
            Schema.requireEnvironment(target, environment);
            requireContained();
            return new Report(count(source, JOURNAL), true);
        }
        inTransaction(() -> Schema.beginCopy(target, id, environment, tables));
        List<Table> all = new ArrayList<>();
        for (String name :
                Stream.concat(Schema.TABLES.stream(), tables.names().stream()).toList()) {
            if (Dialect.of(source).hasTable(source, name)) { // one that this release added is as good as empty
                all.add(Table.of(target, name));
            }
        }
        // All of them before any is changed.
        Map<Table, Copied> copied = new HashMap<>();
        for (Table table : all) {
            copied.put(table, requireBegun(table));
        }
        for (Table table : all) {
            copy(table, copied.getOrDefault(table, Copied.NOTHING));
        }
        requireEqual(all);
        inTransaction(() -> Schema.finishCopy(source, target));
        return new Report(count(target, JOURNAL), false);
    }

    private void requireSameJournal(Optional<String> found) throws SQLException {
        if (found.filter(it -> !it.equals(id)).isPresent()) {
            throw new JournalException("The journal " + found.get() + " is in " + place()
                    + " already, and not this one, " + id
                    + ": use another database. Nothing was changed.");
        }
        if (found.isEmpty() && Dialect.of(target).hasTable(target, JOURNAL)) {
            throw new JournalException("There is a table journal in " + place()
                    + " that is not a gateway's: use another database. Nothing was changed.");
        }
    }

    /** A copy that is complete must have all that the source has; a gateway may have continued it since. */
    private void requireContained() throws SQLException {
        JournalPosition position = JournalPosition.of(source);
        Optional<String> missing = position.missingIn(JournalPosition.of(target));
        for (Map.Entry<String, ChainHead> head :
                JournalChain.heads(source, position.streams()).entrySet()) {
            if (missing.isEmpty()) {
                missing = JournalChain.at(target, head.getKey(), head.getValue().seq())
                                .filter(hash ->
                                        Arrays.equals(hash, head.getValue().hash()))
                                .isPresent()
                        ? Optional.empty()
                        : Optional.of("it has other events of " + head.getKey());
            }
        }
        if (missing.isPresent()) {
            throw new JournalException(
                    "There is a complete copy of this journal in " + place() + ", but " + missing.get()
                            + ": a gateway used the file after it was copied. Nothing was changed. " + removal());
        }
    }

    private String place() throws SQLException {
        return Dialect.of(target) == Dialect.POSTGRES ? "the schema " + target.getSchema() : "the file";
    }

    private String removal() throws SQLException {
        return Dialect.of(target) == Dialect.POSTGRES
                ? "If no gateway has used the database since, remove the copy (DROP SCHEMA " + target.getSchema()
                        + " CASCADE), and run ./kis journal migrate again."
                : "Run the command again.";
    }

    // ---- tables ----

    /** A table, with the names of its columns and those of its key. */
    private record Table(String name, List<String> columns, List<String> keys) {
        static Table of(Connection connection, String name) throws SQLException {
            Map<Integer, String> keys = new TreeMap<>();
            try (ResultSet row = connection.getMetaData().getPrimaryKeys(null, connection.getSchema(), name)) {
                while (row.next()) {
                    keys.put(row.getInt("KEY_SEQ"), row.getString("COLUMN_NAME"));
                }
            }
            return new Table(name, columns(connection, name), List.copyOf(keys.values()));
        }

        private static List<String> columns(Connection connection, String name) throws SQLException {
            if (name.equals(JOURNAL)) {
                return List.of(JournalRows.STORED_COLUMNS.split(", ")); // as JournalRows reads them
            }
            List<String> columns = new ArrayList<>();
            try (var statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT * FROM " + name + " LIMIT 0")) {
                ResultSetMetaData types = row.getMetaData();
                for (int i = 1; i <= types.getColumnCount(); i++) {
                    columns.add(types.getColumnName(i));
                }
            }
            return columns;
        }

        String select(boolean fromKey) {
            String key = String.join(", ", keys);
            return "SELECT " + String.join(", ", columns) + " FROM " + name
                    + (fromKey ? " WHERE (" + key + ") > (" + marks(keys.size()) + ")" : "")
                    + " ORDER BY " + key + " LIMIT ?";
        }

        String insert() {
            return "INSERT INTO " + name + "(" + String.join(", ", columns) + ") VALUES (" + marks(columns.size())
                    + ")";
        }

        private static String marks(int count) {
            return String.join(",", Collections.nCopies(count, "?"));
        }
    }

    /** A row with equality by value: numbers are {@code Long}, bytes {@code ByteBuffer}. */
    private record Row(List<Optional<Object>> cells) {
        static Row of(ResultSet row, int width) throws SQLException {
            List<Optional<Object>> cells = new ArrayList<>(width);
            for (int i = 1; i <= width; i++) {
                cells.add(Optional.ofNullable(row.getObject(i)).map(Row::comparable));
            }
            return new Row(cells);
        }

        private static Object comparable(Object value) {
            return switch (value) {
                case Integer number -> number.longValue();
                case byte[] bytes -> ByteBuffer.wrap(bytes);
                default -> value;
            };
        }

        void set(PreparedStatement statement, int parameter, int cell) throws SQLException {
            Optional<Object> value = cells.get(cell);
            if (value.isPresent()) {
                statement.setObject(parameter, value.get() instanceof ByteBuffer bytes ? bytes.array() : value.get());
            } else {
                statement.setNull(parameter, java.sql.Types.VARCHAR); // the only columns without a value are texts
            }
        }
    }

    /** The beginning of a table that is in the target. */
    private record Copied(long rows, Optional<Row> last) {
        static final Copied NOTHING = new Copied(0, Optional.empty());
    }

    /** Compares the rows that the target has already, and verifies their events. */
    private Copied requireBegun(Table table) throws SQLException {
        Optional<Copied> begun = compare(table, "comparing what was copied", 0, isVerified(table));
        if (begun.isEmpty()) {
            throw new JournalException("There is an unfinished copy of this journal in " + place()
                    + " whose table " + table.name()
                    + " differs: the journal or the copy changed since it was begun. Nothing was changed. "
                    + removal());
        }
        return begun.get();
    }

    /** @return the rows of the target; empty unless each is the one in its place in the source */
    private Optional<Copied> compare(Table table, String step, long total, boolean verified) throws SQLException {
        var compared = Copied.NOTHING;
        while (true) {
            List<Row> rows = page(target, table, compared.last(), BATCH, false);
            if (rows.isEmpty()) {
                return Optional.of(compared);
            }
            if (!rows.equals(page(source, table, compared.last(), rows.size(), verified))) {
                return Optional.empty();
            }
            compared = new Copied(compared.rows() + rows.size(), Optional.of(rows.getLast()));
            progress.at(step, compared.rows(), total);
        }
    }

    private boolean isVerified(Table table) {
        return damage == Damage.REFUSE && table.name().equals(JOURNAL);
    }

    /** Copies the rows behind those that were copied. */
    private void copy(Table table, Copied from) throws SQLException {
        String step = "copying " + label(table);
        long total = count(source, table.name());
        var copied = from;
        progress.at(step, copied.rows(), total);
        while (true) {
            List<Row> rows = page(source, table, copied.last(), BATCH, isVerified(table));
            if (rows.isEmpty()) {
                break;
            }
            inTransaction(() -> insert(table, rows));
            copied = new Copied(copied.rows() + rows.size(), Optional.of(rows.getLast()));
            progress.at(step, copied.rows(), total);
        }
        if (isVerified(table)) {
            chains.requireEnds();
        }
    }

    /**
     * At most {@code limit} rows behind {@code after}.
     *
     * @param verified whether they are events that continue those verified before
     */
    private List<Row> page(Connection connection, Table table, Optional<Row> after, int limit, boolean verified)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(table.select(after.isPresent()))) {
            int parameter = 1;
            for (String key : after.isPresent() ? table.keys() : List.<String>of()) {
                after.get().set(select, parameter++, table.columns().indexOf(key));
            }
            select.setInt(parameter, limit);
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (verified) {
                        chains.next(row);
                    }
                    rows.add(Row.of(row, table.columns().size()));
                }
            }
            return rows;
        }
    }

    private void insert(Table table, List<Row> rows) throws SQLException {
        try (PreparedStatement insert = target.prepareStatement(table.insert())) {
            for (Row row : rows) {
                for (int i = 0; i < table.columns().size(); i++) {
                    row.set(insert, i + 1, i);
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private interface Change {
        void run() throws SQLException;
    }

    private void inTransaction(Change change) throws SQLException {
        target.setAutoCommit(false);
        try {
            guard.run(target);
            change.run();
            target.commit();
        } catch (SQLException | RuntimeException e) {
            try {
                target.rollback();
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        target.setAutoCommit(true);
    }

    private static long count(Connection connection, String table) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private void requireEqual(List<Table> all) throws SQLException {
        for (Table table : all) {
            long expected = count(source, table.name());
            String step = "comparing " + label(table);
            progress.at(step, 0, expected);
            Optional<Copied> equal = compare(table, step, expected, false);
            if (equal.isEmpty()) {
                throw new JournalException("A row of the table " + table.name()
                        + " in the copy is not as it is in the journal: the copy is not used. " + removal());
            }
            if (equal.get().rows() != expected) {
                throw new JournalException("The copy of the table " + table.name() + " has "
                        + equal.get().rows() + " rows, and the journal " + expected
                        + ": it is not used. Run the command again, which continues it.");
            }
        }
    }

    private static String label(Table table) {
        return table.name().equals(JOURNAL) ? "events" : table.name();
    }

    // ---- events ----

    private JournalException damaged(String finding) throws SQLException {
        return Dialect.of(source) == Dialect.POSTGRES
                ? new JournalException(
                        finding + ": the journal in the database is damaged, ./kis journal verify lists where")
                : JournalException.damaged(finding);
    }

    /** The events and the last position of a stream. */
    private record Extent(long events, long last) {
        static final Extent NONE = new Extent(0, 0);
    }

    /** Verifies the events of the source, in the order of stream and position. */
    private final class Chains {
        private final Map<String, Extent> extents = new HashMap<>();
        private String stream = "";
        private byte[] hash = new byte[0];

        void next(ResultSet row) throws SQLException {
            String place = row.getString(1) + "/" + row.getLong(2);
            JournalEntry entry = read(row, place);
            Extent before = extents.getOrDefault(entry.stream(), Extent.NONE);
            if (!entry.stream().equals(stream)) {
                stream = entry.stream();
                hash = JournalChain.start(id, stream);
            }
            if (entry.seq() != before.last() + 1) {
                Optional<byte[]> pruned = JournalChain.at(source, stream, entry.seq() - 1);
                if (pruned.isEmpty()) {
                    throw damaged("events before " + place + " are missing");
                }
                hash = pruned.get();
            }
            byte[] expected = JournalChain.next(hash, entry);
            if (!Arrays.equals(expected, row.getBytes(HASH))) {
                throw damaged("event " + place
                        + " is not as it was written, or does not follow the event before it: its hash differs");
            }
            hash = expected;
            extents.put(stream, new Extent(before.events() + 1, entry.seq()));
        }

        private JournalEntry read(ResultSet row, String place) throws SQLException {
            try {
                JournalEntry entry = JournalRows.entry(row);
                if (JournalRows.isIntact(entry, row)) {
                    return entry;
                }
            } catch (DateTimeException | NullPointerException e) {
                throw damaged("event " + place + " is damaged: " + e.getMessage());
            }
            throw damaged("event " + place + " is damaged: its checksum differs");
        }

        /** Only pruned events may be missing. */
        void requireEnds() throws SQLException {
            Map<String, Long> last = JournalPosition.of(source).streams();
            Map<String, Long> pruned = new HashMap<>();
            try (var statement = source.createStatement();
                    ResultSet row = statement.executeQuery("SELECT stream, entries FROM pruned")) {
                while (row.next()) {
                    pruned.put(row.getString(1), row.getLong(2));
                }
            }
            var names = new TreeSet<>(last.keySet());
            names.addAll(extents.keySet());
            for (String name : names) {
                long end = last.getOrDefault(name, 0L);
                Extent extent = extents.getOrDefault(name, Extent.NONE);
                if (end < extent.last()) {
                    throw damaged(
                            "stream " + name + " is recorded to end at " + end + ", but has an event " + extent.last());
                }
                long missing = end - extent.events() - pruned.getOrDefault(name, 0L);
                if (missing != 0) {
                    throw damaged("stream " + name + " has " + extent.events() + " events, and "
                            + (extent.events() + missing) + " should be there");
                }
            }
        }
    }
}
