package kr.kisgateway.gateway.notification;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.notification.Notification.About;
import kr.kisgateway.gateway.notification.Notification.Kind;
import kr.kisgateway.gateway.notification.NotificationCore.Batch;
import kr.kisgateway.gateway.notification.NotificationCore.Change;

/** What is not delivered yet, and the conditions that were sent, in {@code notifications.db}. Owned by one platform thread. */
final class NotificationStore implements AutoCloseable {
    private static final String[] SCHEMA = {"""
        CREATE TABLE IF NOT EXISTS notification (
          id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, kind TEXT NOT NULL, event TEXT NOT NULL, subject TEXT NOT NULL,
          level TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL, order_id TEXT NOT NULL, due INTEGER NOT NULL,
          repeats INTEGER NOT NULL, sending INTEGER NOT NULL)""", """
        CREATE TABLE IF NOT EXISTS incident (
          key TEXT PRIMARY KEY, event TEXT NOT NULL, subject TEXT NOT NULL, level TEXT NOT NULL, message TEXT NOT NULL,
          at INTEGER NOT NULL, order_id TEXT NOT NULL, open INTEGER NOT NULL, sent_at INTEGER NOT NULL,
          repeats INTEGER NOT NULL, channels TEXT NOT NULL)"""};

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
            for (String sql : SCHEMA) {
                statement.execute(sql);
            }
            connection.setAutoCommit(false);
            return new NotificationStore(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** What an earlier process left; what it was sending may have been delivered. */
    List<Notification> notifications() {
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

    /** The highest number that a notification ever had. */
    long lastId() {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT seq FROM sqlite_sequence WHERE name = 'notification'")) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    List<Incident> incidents() {
        var loaded = new ArrayList<Incident>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM incident")) {
            while (row.next()) {
                loaded.add(new Incident(
                        about(row),
                        row.getBoolean("open"),
                        Instant.ofEpochMilli(row.getLong("sent_at")),
                        row.getInt("repeats"),
                        Set.of(row.getString("channels").split(","))));
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
                }
            }
        });
    }

    /** Replaces everything, after changes could not be written. */
    void replaceAll(List<Notification> notifications, List<Incident> incidents) {
        commit(() -> {
            execute("DELETE FROM notification");
            execute("DELETE FROM incident");
            for (Notification notification : notifications) {
                put(notification);
            }
            for (Incident incident : incidents) {
                put(incident);
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
                "INSERT OR REPLACE INTO incident VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                about.key(),
                about.event(),
                about.subject(),
                about.level(),
                about.message(),
                about.at().toEpochMilli(),
                about.orderId().orElse(""),
                it.open() ? 1 : 0,
                it.sentAt().toEpochMilli(),
                it.repeats(),
                String.join(",", it.channels()));
    }

    private void execute(String sql, Object... values) throws SQLException {
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
