package kr.kisgateway.gateway.notification;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.alert.Acknowledgement;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.Silence;
import kr.kisgateway.gateway.notification.Notification.About;
import kr.kisgateway.gateway.notification.Notification.Kind;
import kr.kisgateway.gateway.notification.NotificationCore.Batch;
import kr.kisgateway.gateway.notification.NotificationCore.Change;
import org.jspecify.annotations.Nullable;

/**
 * What is not delivered yet, the conditions that were sent, and what operators decided about them, in {@code notifications.db}. Owned by
 * one platform thread.
 */
final class NotificationStore implements AutoCloseable {
    /** Statements of each version of the file, beginning with the first. */
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

    private final Connection connection;

    private NotificationStore(Connection connection) {
        this.connection = connection;
    }

    /** @throws NotificationException when the file cannot be used, as all methods */
    static NotificationStore open(Path file) {
        try {
            return connect(file);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static NotificationException failed(SQLException e) {
        return new NotificationException(String.valueOf(e.getMessage()), e);
    }

    private static NotificationStore connect(Path file) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            int version = version(statement);
            if (version > VERSIONS.size()) {
                throw new SQLException("it was written by a later release");
            }
            connection.setAutoCommit(false);
            for (String sql : VERSIONS.subList(version, VERSIONS.size()).stream()
                    .flatMap(List::stream)
                    .toList()) {
                statement.execute(sql);
            }
            statement.execute("PRAGMA user_version=" + VERSIONS.size());
            connection.commit();
            return new NotificationStore(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    /** Everything that an earlier process left. */
    NotificationCore.Stored stored() {
        return new NotificationCore.Stored(
                notifications(), incidents(), silences(), marks(), lastId("notification"), lastId("silence"));
    }

    /** What an earlier process left; what it was sending may have been delivered. */
    private List<Notification> notifications() {
        var loaded = new ArrayList<Notification>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM notification ORDER BY id")) {
            while (row.next()) {
                loaded.add(new Notification(
                        row.getLong("id"),
                        row.getString("channel"),
                        Kind.valueOf(row.getString("kind")),
                        about(row),
                        Instant.ofEpochMilli(row.getLong("due")),
                        row.getInt("repeats"),
                        row.getBoolean("sending")));
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return loaded;
    }

    /** The highest number that a row of a table ever had. */
    private long lastId(String table) {
        try (var statement = connection.prepareStatement("SELECT seq FROM sqlite_sequence WHERE name = ?")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private List<Incident> incidents() {
        var loaded = new ArrayList<Incident>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM incident")) {
            while (row.next()) {
                loaded.add(new Incident(
                        about(row),
                        row.getBoolean("open"),
                        Instant.ofEpochMilli(row.getLong("since")),
                        Instant.ofEpochMilli(row.getLong("sent_at")),
                        row.getInt("repeats"),
                        names(row.getString("channels")),
                        row.getBoolean("held"),
                        acknowledgement(row)));
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return loaded;
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
        var loaded = new ArrayList<Silence>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM silence ORDER BY id")) {
            while (row.next()) {
                var event = AlertEvent.of(row.getString("event"));
                if (event.isPresent()) {
                    loaded.add(new Silence(
                            row.getLong("id"),
                            event.get(),
                            Optional.ofNullable(row.getString("subject")),
                            Instant.ofEpochMilli(row.getLong("from_at")),
                            Instant.ofEpochMilli(row.getLong("until")),
                            row.getString("reason"),
                            row.getString("by")));
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return loaded;
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
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM mark")) {
            while (row.next()) {
                loaded.put(row.getString("name"), row.getLong("value"));
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return loaded;
    }

    private interface Work {
        void run() throws SQLException;
    }

    private void commit(Work work) {
        try {
            try {
                work.run();
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Makes changes durable, all or none. */
    void write(List<Change> changes) {
        commit(() -> {
            for (Change change : changes) {
                switch (change) {
                    case Change.Put(Notification notification) -> put(notification);
                    case Change.Remove(long id) -> execute("DELETE FROM notification WHERE id = ?", id);
                    case Change.PutIncident(Incident incident) -> put(incident);
                    case Change.RemoveIncident(String key) -> execute("DELETE FROM incident WHERE key = ?", key);
                    case Change.PutSilence(Silence silence) -> put(silence);
                    case Change.PutMark(String name, long value) -> put(name, value);
                    case Change.RemoveSilence(long id) -> execute("DELETE FROM silence WHERE id = ?", id);
                }
            }
        });
    }

    /** Replaces everything, after changes could not be written. */
    void replaceAll(NotificationCore core) {
        commit(() -> {
            execute("DELETE FROM notification");
            execute("DELETE FROM incident");
            execute("DELETE FROM silence");
            execute("DELETE FROM mark");
            for (Notification notification : core.waitingNotifications()) {
                put(notification);
            }
            for (Incident incident : core.knownIncidents()) {
                put(incident);
            }
            for (Silence silence : core.silences()) {
                put(silence);
            }
            for (var mark : core.marks().entrySet()) {
                put(mark.getKey(), mark.getValue());
            }
        });
    }

    /** Records that a message is about to be sent. */
    void markSending(Batch batch) {
        commit(() -> {
            for (Notification notification : batch.notifications()) {
                execute("UPDATE notification SET sending = 1 WHERE id = ?", notification.id());
            }
        });
    }

    private void put(Notification it) throws SQLException {
        About about = it.about();
        execute(
                "INSERT OR REPLACE INTO notification VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
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
    }

    private void put(Incident it) throws SQLException {
        About about = it.about();
        execute(
                "INSERT OR REPLACE INTO incident (key, event, subject, level, message, at, order_id, open, since, sent_at, repeats,"
                        + " channels, held, ack_by, ack_at, ack_note) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
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

    private void put(String mark, long value) throws SQLException {
        execute("INSERT OR REPLACE INTO mark (name, value) VALUES (?,?)", mark, value);
    }

    private void put(Silence it) throws SQLException {
        execute(
                "INSERT OR REPLACE INTO silence (id, event, subject, from_at, until, reason, by) VALUES (?,?,?,?,?,?,?)",
                it.id(),
                it.event().publicName(),
                it.subject().orElse(null),
                it.from().toEpochMilli(),
                it.until().toEpochMilli(),
                it.reason(),
                it.by());
    }

    private void execute(String sql, @Nullable Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
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
