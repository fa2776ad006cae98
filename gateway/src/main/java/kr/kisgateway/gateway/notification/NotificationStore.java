package kr.kisgateway.gateway.notification;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import kr.kisgateway.gateway.alert.Acknowledgement;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.Silence;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.database.StoreConnection;
import kr.kisgateway.gateway.database.StoreConnection.Layout;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.lease.LeaseLostException;
import kr.kisgateway.gateway.notification.Notification.About;
import kr.kisgateway.gateway.notification.Notification.Kind;
import kr.kisgateway.gateway.notification.NotificationCore.Batch;
import kr.kisgateway.gateway.notification.NotificationCore.Change;
import kr.kisgateway.gateway.notification.NotificationCore.Stored;
import org.jspecify.annotations.Nullable;

/**
 * What is not delivered yet, the conditions that were sent, and what operators decided about them, in {@code notifications.db} or in
 * PostgreSQL. Owned by one platform thread.
 */
final class NotificationStore implements AutoCloseable {
    private static final String NOTIFICATION = "notification";
    private static final String SILENCE = "silence";

    /** Statements of each version of a file, beginning with the first. */
    private static final List<List<String>> VERSIONS = List.of(
            List.of("""
                CREATE TABLE IF NOT EXISTS notification (
                  id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL,
                  subject TEXT NOT NULL, level TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL, order_id TEXT NOT NULL,
                  due INTEGER NOT NULL, repeats INTEGER NOT NULL, sending INTEGER NOT NULL)""", """
                CREATE TABLE IF NOT EXISTS incident (
                  key TEXT PRIMARY KEY, event TEXT NOT NULL, subject TEXT NOT NULL, level TEXT NOT NULL, message TEXT NOT NULL,
                  at INTEGER NOT NULL, order_id TEXT NOT NULL, open INTEGER NOT NULL, sent_at INTEGER NOT NULL,
                  repeats INTEGER NOT NULL, channels TEXT NOT NULL)"""),
            List.of(
                    "ALTER TABLE incident ADD COLUMN since INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE incident ADD COLUMN held INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE incident ADD COLUMN ack_by TEXT NOT NULL DEFAULT ''",
                    "ALTER TABLE incident ADD COLUMN ack_at INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE incident ADD COLUMN ack_note TEXT NOT NULL DEFAULT ''",
                    "UPDATE incident SET since = at",
                    """
                CREATE TABLE silence (
                  id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, subject TEXT, from_at INTEGER NOT NULL,
                  until INTEGER NOT NULL, reason TEXT NOT NULL, by TEXT NOT NULL)""",
                    "CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL)"));

    /** The tables of the last version in PostgreSQL. A file counts the numbers of its rows by itself. */
    private static final List<String> SCHEMA = List.of(
            Dialect.POSTGRES.createTable(
                    "notification",
                    "id INTEGER PRIMARY KEY, channel TEXT NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL,"
                            + " subject TEXT NOT NULL, level TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL,"
                            + " order_id TEXT NOT NULL, due INTEGER NOT NULL, repeats INTEGER NOT NULL,"
                            + " sending INTEGER NOT NULL"),
            Dialect.POSTGRES.createTable(
                    "incident",
                    "key TEXT PRIMARY KEY, event TEXT NOT NULL, subject TEXT NOT NULL, level TEXT NOT NULL,"
                            + " message TEXT NOT NULL, at INTEGER NOT NULL, order_id TEXT NOT NULL, open INTEGER NOT NULL,"
                            + " sent_at INTEGER NOT NULL, repeats INTEGER NOT NULL, channels TEXT NOT NULL,"
                            + " since INTEGER NOT NULL, held INTEGER NOT NULL, ack_by TEXT NOT NULL,"
                            + " ack_at INTEGER NOT NULL, ack_note TEXT NOT NULL"),
            Dialect.POSTGRES.createTable(
                    "silence",
                    "id INTEGER PRIMARY KEY, event TEXT NOT NULL, subject TEXT, from_at INTEGER NOT NULL,"
                            + " until INTEGER NOT NULL, reason TEXT NOT NULL, by TEXT NOT NULL"),
            Dialect.POSTGRES.createTable("mark", "name TEXT PRIMARY KEY, value INTEGER NOT NULL"),
            Dialect.POSTGRES.createTable("last_number", "name TEXT PRIMARY KEY, value INTEGER NOT NULL"));

    private static final String PUT_NOTIFICATION = Statements.upsert(
            NOTIFICATION,
            "id",
            "channel",
            "kind",
            "event",
            "subject",
            "level",
            "message",
            "at",
            "order_id",
            "due",
            "repeats",
            "sending");

    private static final String PUT_INCIDENT = Statements.upsert(
            "incident",
            "key",
            "event",
            "subject",
            "level",
            "message",
            "at",
            "order_id",
            "open",
            "since",
            "sent_at",
            "repeats",
            "channels",
            "held",
            "ack_by",
            "ack_at",
            "ack_note");

    private static final String PUT_SILENCE =
            Statements.upsert(SILENCE, "id", "event", "subject", "from_at", "until", "reason", "by");

    private static final String PUT_MARK = Statements.upsert("mark", "name", "value");
    private static final String PUT_LAST_NUMBER =
            Statements.upsert("last_number", "name", "value") + " WHERE last_number.value < excluded.value";

    private final StoreDatabase database;
    private final StoreConnection connection;

    private NotificationStore(StoreDatabase database, StoreConnection connection) {
        this.database = database;
        this.connection = connection;
    }

    /** @throws NotificationException when the database cannot be used, as all methods */
    static NotificationStore open(StoreDatabase database) {
        try {
            var connection = new StoreConnection(database, it -> prepare(it, database.dialect()));
            connection.migrate(
                    "notifications",
                    Layout.of(VERSIONS.size()),
                    _ -> "it was written by a later release",
                    (it, version) -> migrate(it, database.dialect(), version));
            return new NotificationStore(database, connection);
        } catch (SQLException | LeaseLostException e) {
            throw failed(e);
        }
    }

    private static NotificationException failed(Exception e) {
        return new NotificationException(String.valueOf(e.getMessage()), e);
    }

    private static void prepare(Connection connection, Dialect dialect) throws SQLException {
        if (dialect == Dialect.SQLITE) {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode=WAL");
                statement.execute("PRAGMA synchronous=FULL");
            }
        }
    }

    private static void migrate(Connection connection, Dialect dialect, int version) throws SQLException {
        List<String> statements = switch (dialect) {
            case SQLITE ->
                VERSIONS.subList(version, VERSIONS.size()).stream()
                        .flatMap(List::stream)
                        .toList();
            case POSTGRES -> version == 0 ? SCHEMA : List.of();
        };
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Everything that an earlier process left. */
    Stored stored() {
        return new Stored(notifications(), incidents(), silences(), marks(), lastId(NOTIFICATION), lastId(SILENCE));
    }

    /** What an earlier process left; what it was sending may have been delivered. */
    private List<Notification> notifications() {
        return query(
                "SELECT * FROM notification ORDER BY id",
                row -> new Notification(
                        row.getLong("id"),
                        row.getString("channel"),
                        Kind.valueOf(row.getString("kind")),
                        about(row),
                        Instant.ofEpochMilli(row.getLong("due")),
                        row.getInt("repeats"),
                        row.getInt("sending") == 1));
    }

    /** The highest number that a row of a table ever had. */
    private long lastId(String table) {
        String sql = switch (database.dialect()) {
            case SQLITE -> "SELECT seq FROM sqlite_sequence WHERE name = ?";
            case POSTGRES -> "SELECT value FROM last_number WHERE name = ?";
        };
        return query(sql, row -> row.getLong(1), table).stream().findFirst().orElse(0L);
    }

    private List<Incident> incidents() {
        return query(
                "SELECT * FROM incident",
                row -> new Incident(
                        about(row),
                        row.getInt("open") == 1,
                        Instant.ofEpochMilli(row.getLong("since")),
                        Instant.ofEpochMilli(row.getLong("sent_at")),
                        row.getInt("repeats"),
                        names(row.getString("channels")),
                        row.getInt("held") == 1,
                        acknowledgement(row)));
    }

    private static Set<String> names(String list) {
        return list.isEmpty() ? Set.of() : Set.of(list.split(","));
    }

    private static Optional<Acknowledgement> acknowledgement(ResultSet row) throws SQLException {
        var by = row.getString("ack_by");
        return by.isEmpty()
                ? Optional.empty()
                : Optional.of(new Acknowledgement(
                        by, Instant.ofEpochMilli(row.getLong("ack_at")), row.getString("ack_note")));
    }

    /** Silences of events that this release does not have are of no use. */
    private List<Silence> silences() {
        return query("SELECT * FROM silence ORDER BY id", NotificationStore::silence).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Silence> silence(ResultSet row) throws SQLException {
        var event = AlertEvent.of(row.getString("event"));
        return event.isEmpty()
                ? Optional.empty()
                : Optional.of(new Silence(
                        row.getLong("id"),
                        event.get(),
                        Optional.ofNullable(row.getString("subject")),
                        Instant.ofEpochMilli(row.getLong("from_at")),
                        Instant.ofEpochMilli(row.getLong("until")),
                        row.getString("reason"),
                        row.getString("by")));
    }

    private static About about(ResultSet row) throws SQLException {
        return new About(
                row.getString("event"),
                row.getString("subject"),
                row.getString("level"),
                row.getString("message"),
                Instant.ofEpochMilli(row.getLong("at")),
                Optional.of(row.getString("order_id")).filter(id -> !id.isEmpty()));
    }

    private Map<String, Long> marks() {
        var loaded = new HashMap<String, Long>();
        query("SELECT * FROM mark", row -> Map.entry(row.getString("name"), row.getLong("value")))
                .forEach(mark -> loaded.put(mark.getKey(), mark.getValue()));
        return loaded;
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, RowReader<T> reader, Object... values) {
        try {
            return connection.query(it -> {
                try (var select = it.prepareStatement(sql)) {
                    Statements.setParameters(select, values);
                    var found = new ArrayList<T>();
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            found.add(reader.read(row));
                        }
                    }
                    return found;
                }
            });
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Makes changes durable, all or none. */
    void write(List<Change> changes) {
        commit(rows -> {
            for (Change change : changes) {
                switch (change) {
                    case Change.Put(Notification notification) -> rows.put(notification);
                    case Change.Remove(long id) -> rows.execute("DELETE FROM notification WHERE id = ?", id);
                    case Change.PutIncident(Incident incident) -> rows.put(incident);
                    case Change.RemoveIncident(String key) -> rows.execute("DELETE FROM incident WHERE key = ?", key);
                    case Change.PutSilence(Silence silence) -> rows.put(silence);
                    case Change.PutMark(String name, long value) -> rows.execute(PUT_MARK, name, value);
                    case Change.RemoveSilence(long id) -> rows.execute("DELETE FROM silence WHERE id = ?", id);
                }
            }
        });
    }

    /** Replaces everything, after changes could not be written. */
    void replaceAll(NotificationCore core) {
        commit(rows -> {
            for (String table : List.of(NOTIFICATION, "incident", SILENCE, "mark")) {
                rows.execute("DELETE FROM " + table);
            }
            rows.putAll(core.waitingNotifications(), core.knownIncidents(), core.silences(), core.marks());
        });
    }

    /**
     * Adds all that a file has to a schema of PostgreSQL, in one transaction.
     *
     * @return how many rows; empty when this one was used before, then nothing is added
     */
    OptionalInt addFrom(NotificationStore source) {
        if (!stored().equals(Stored.none())) {
            return OptionalInt.empty();
        }
        Stored added;
        try {
            added = source.stored();
        } catch (IllegalArgumentException e) {
            throw failed(e); // a row that this release does not know, or a damaged one
        }
        commit(rows -> {
            rows.lastNotification = added.lastId();
            rows.lastSilence = added.lastSilence();
            rows.putAll(added.notifications(), added.incidents(), added.silences(), added.marks());
        });
        return OptionalInt.of(added.notifications().size()
                + added.incidents().size()
                + added.silences().size()
                + added.marks().size());
    }

    /** Records that a message is about to be sent. */
    void markSending(Batch batch) {
        commit(rows -> {
            for (Notification notification : batch.notifications()) {
                rows.execute("UPDATE notification SET sending = 1 WHERE id = ?", notification.id());
            }
        });
    }

    private interface Work {
        void run(Rows rows) throws SQLException;
    }

    private void commit(Work work) {
        try {
            connection.change(it -> {
                try (var rows = new Rows(it, database.dialect())) {
                    work.run(rows);
                    rows.finish();
                    return true;
                }
            });
        } catch (SQLException | LeaseLostException e) {
            throw failed(e);
        }
    }

    /**
     * The rows of one transaction. What follows one another in the same statement is sent together: a server that is far away would
     * need a round trip for each row.
     */
    private static final class Rows implements AutoCloseable {
        private final Connection connection;
        private final Dialect dialect;
        private String sql = "";
        private Optional<PreparedStatement> batch = Optional.empty();
        private long lastNotification;
        private long lastSilence;

        Rows(Connection connection, Dialect dialect) {
            this.connection = connection;
            this.dialect = dialect;
        }

        void putAll(
                Iterable<Notification> notifications,
                Iterable<Incident> incidents,
                Iterable<Silence> silences,
                Map<String, Long> marks)
                throws SQLException {
            for (Notification notification : notifications) {
                put(notification);
            }
            for (Incident incident : incidents) {
                put(incident);
            }
            for (Silence silence : silences) {
                put(silence);
            }
            for (var mark : marks.entrySet()) {
                execute(PUT_MARK, mark.getKey(), mark.getValue());
            }
        }

        void put(Notification it) throws SQLException {
            About about = it.about();
            execute(
                    PUT_NOTIFICATION,
                    it.id(),
                    it.channel(),
                    it.kind().name(),
                    about.event(),
                    about.subject(),
                    about.level(),
                    about.message(),
                    about.at().toEpochMilli(),
                    about.orderId().orElse(""),
                    it.due().toEpochMilli(),
                    it.repeats(),
                    it.maybeSent() ? 1 : 0);
            lastNotification = Math.max(lastNotification, it.id());
        }

        void put(Incident it) throws SQLException {
            About about = it.about();
            execute(
                    PUT_INCIDENT,
                    about.key(),
                    about.event(),
                    about.subject(),
                    about.level(),
                    about.message(),
                    about.at().toEpochMilli(),
                    about.orderId().orElse(""),
                    it.open() ? 1 : 0,
                    it.since().toEpochMilli(),
                    it.sentAt().toEpochMilli(),
                    it.repeats(),
                    String.join(",", it.channels()),
                    it.held() ? 1 : 0,
                    it.acknowledgement().map(Acknowledgement::by).orElse(""),
                    it.acknowledgement().map(ack -> ack.at().toEpochMilli()).orElse(0L),
                    it.acknowledgement().map(Acknowledgement::note).orElse(""));
        }

        void put(Silence it) throws SQLException {
            execute(
                    PUT_SILENCE,
                    it.id(),
                    it.event().publicName(),
                    it.subject().orElse(null),
                    it.from().toEpochMilli(),
                    it.until().toEpochMilli(),
                    it.reason(),
                    it.by());
            lastSilence = Math.max(lastSilence, it.id());
        }

        /** Executes a statement, at the latest before the next one that is another. */
        void execute(String statement, @Nullable Object... values) throws SQLException {
            if (!statement.equals(sql)) {
                flush();
                batch = Optional.of(connection.prepareStatement(statement));
                sql = statement;
            }
            PreparedStatement current = batch.orElseThrow();
            Statements.setParameters(current, values);
            current.addBatch();
        }

        /** Executes what was not executed yet. */
        void finish() throws SQLException {
            putLastNumber(NOTIFICATION, lastNotification);
            putLastNumber(SILENCE, lastSilence);
            flush();
        }

        private void putLastNumber(String table, long number) throws SQLException {
            if (dialect == Dialect.POSTGRES && number > 0) {
                execute(PUT_LAST_NUMBER, table, number);
            }
        }

        private void flush() throws SQLException {
            if (batch.isPresent()) {
                batch.get().executeBatch();
            }
            close();
        }

        @Override
        public void close() throws SQLException {
            sql = "";
            if (batch.isPresent()) {
                batch.get().close();
                batch = Optional.empty();
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
