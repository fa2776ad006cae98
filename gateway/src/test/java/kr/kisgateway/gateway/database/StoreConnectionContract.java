package kr.kisgateway.gateway.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the connection of a store does, in whichever database. */
abstract class StoreConnectionContract {
    @TempDir
    Path folder;

    abstract StoreDatabase database();

    StoreConnection open() throws SQLException {
        var connection = new StoreConnection(database(), _ -> {});
        connection.migrate(
                "test", StoreConnection.Layout.of(1), found -> "version " + found + " is too new", (it, found) -> {
                    if (found == 0) {
                        execute(it, "CREATE TABLE entry (id INTEGER PRIMARY KEY)");
                    }
                });
        return connection;
    }

    static int execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    static int count(StoreConnection connection) throws SQLException {
        return connection.query(it -> {
            try (var statement = it.createStatement();
                    var row = statement.executeQuery("SELECT count(*) FROM entry")) {
                return row.next() ? row.getInt(1) : 0;
            }
        });
    }

    @Test
    void nothing_of_a_change_that_fails_is_stored_whatever_its_failure() throws SQLException {
        try (var connection = open()) {
            assertThatThrownBy(() -> connection.change(it -> {
                        execute(it, "INSERT INTO entry VALUES (1)");
                        throw new SQLException("a refusal");
                    }))
                    .hasMessage("a refusal");
            assertThatThrownBy(() -> connection.change(it -> {
                        execute(it, "INSERT INTO entry VALUES (2)");
                        throw new IllegalStateException("a defect");
                    }))
                    .hasMessage("a defect");
            assertThatThrownBy(() -> connection.change(it -> {
                        execute(it, "INSERT INTO entry VALUES (3)");
                        throw new StackOverflowError("an error");
                    }))
                    .hasMessage("an error");
            assertThat(count(connection)).isZero();
            connection.change(it -> execute(it, "INSERT INTO entry VALUES (4)"));
        }
        try (var connection = open()) {
            assertThat(count(connection)).isEqualTo(1);
        }
    }

    @Test
    void nothing_of_a_migration_that_fails_is_stored() throws SQLException {
        try (var connection = new StoreConnection(database(), _ -> {})) {
            assertThatThrownBy(() -> connection.migrate("test", StoreConnection.Layout.of(1), _ -> "", (it, _) -> {
                        execute(it, "CREATE TABLE entry (id INTEGER PRIMARY KEY)");
                        throw new SQLException("a refusal");
                    }))
                    .hasMessage("a refusal");
        }
        try (var connection = open()) {
            assertThat(count(connection)).isZero();
        }
    }

    @Test
    void a_migration_starts_from_the_version_that_the_last_one_reached() throws SQLException {
        open().close();
        try (var connection = new StoreConnection(database(), _ -> {})) {
            connection.migrate("test", StoreConnection.Layout.of(3), _ -> "", (it, found) -> {
                assertThat(found).isEqualTo(1);
                execute(it, "INSERT INTO entry VALUES (1)");
            });
            assertThat(count(connection)).isEqualTo(1);
        }
        assertThatThrownBy(this::open).hasMessage("version 3 is too new");
    }

    @Test
    void a_closed_connection_is_not_opened_again() throws SQLException {
        var connection = open();
        connection.close();
        assertThatThrownBy(() -> count(connection)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> connection.change(it -> execute(it, "INSERT INTO entry VALUES (1)")))
                .isInstanceOf(SQLException.class);
        connection.close();
    }
}
