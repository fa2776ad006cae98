package kr.kisgateway.gateway.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import kr.kisgateway.gateway.database.StoreDatabase;
import org.junit.jupiter.api.Test;

/** Notifications in a file, also in one of an older version. */
class NotificationStoreTest extends NotificationStoreContract {
    @Override
    NotificationStore openStore() {
        return NotificationStore.open(StoreDatabase.file(folder.resolve("notifications.db")));
    }

    @Override
    void refuseMarks() {
        execute("CREATE TRIGGER refuse BEFORE INSERT ON mark BEGIN SELECT RAISE(FAIL, 'disk'); END");
    }

    @Override
    void acceptMarks() {
        execute("DROP TRIGGER refuse");
    }

    @Test
    void a_file_of_the_first_version_gains_what_the_second_has() {
        execute("CREATE TABLE notification (id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL,"
                + " kind TEXT NOT NULL, event TEXT NOT NULL, subject TEXT NOT NULL, level TEXT NOT NULL,"
                + " message TEXT NOT NULL, at INTEGER NOT NULL, order_id TEXT NOT NULL, due INTEGER NOT NULL,"
                + " repeats INTEGER NOT NULL, sending INTEGER NOT NULL)");
        execute(
                "CREATE TABLE incident (key TEXT PRIMARY KEY, event TEXT NOT NULL, subject TEXT NOT NULL,"
                        + " level TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL, order_id TEXT NOT NULL,"
                        + " open INTEGER NOT NULL, sent_at INTEGER NOT NULL, repeats INTEGER NOT NULL, channels TEXT NOT NULL)");
        execute("INSERT INTO notification VALUES (9, 'team', 'RAISED', 'e', 's', 'P1', 'm', 1, '', 2, 0, 1)");
        execute("INSERT INTO incident VALUES ('k', 'e', 's', 'P1', 'm', 1000, '', 1, 2, 0, '')");
        execute("PRAGMA user_version=1");
        try (var store = openStore()) {
            store.write(everyKind());
            var stored = store.stored();
            assertThat(stored.notifications()).extracting(Notification::id).containsExactly(1L, 2L, 9L);
            assertThat(stored.lastId()).isEqualTo(9);
            assertThat(stored.incidents()).hasSize(2).anyMatch(it -> it.since().toEpochMilli() == 1_000);
        }
    }

    @Test
    void a_file_of_a_newer_release_is_refused() {
        openStore().close();
        execute("PRAGMA user_version=3");
        assertThatThrownBy(this::openStore)
                .isInstanceOf(NotificationException.class)
                .hasMessageContaining("it was written by a later release");
    }

    private void execute(String sql) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("notifications.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }
}
