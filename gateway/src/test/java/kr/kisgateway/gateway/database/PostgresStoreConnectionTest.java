package kr.kisgateway.gateway.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.gateway.lease.LeaseLostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The connection of a store in PostgreSQL, whose owner has a lease. */
@Tag("slow")
class PostgresStoreConnectionTest extends StoreConnectionContract {
    private StoreSchema schema;

    @BeforeEach
    void createSchema() {
        schema = new StoreSchema(folder);
    }

    @AfterEach
    void closeSchema() {
        schema.close();
    }

    @Override
    StoreDatabase database() {
        return schema.owned();
    }

    @Test
    void a_new_connection_is_prepared_as_the_first_one_was() throws SQLException {
        var prepared = new AtomicInteger();
        try (var connection = new StoreConnection(database(), it -> {
            execute(it, "SET work_mem = '1MB'");
            prepared.incrementAndGet();
        })) {
            connection.connect();
            schema.endConnections();
            assertThatThrownBy(() -> workMemory(connection)).isInstanceOf(SQLException.class);
            assertThat(workMemory(connection)).isEqualTo("1MB");
            assertThat(workMemory(connection)).isEqualTo("1MB");
            assertThat(prepared).hasValue(2);
        }
    }

    @Test
    void tables_of_the_next_release_are_used_where_it_left_them_usable_and_are_not_migrated() throws SQLException {
        open().close();
        schema.execute("UPDATE store_version SET version = 9, readable_from = 1");
        try (var connection = open()) {
            connection.change(it -> execute(it, "INSERT INTO entry VALUES (1)"));
            assertThat(count(connection)).isEqualTo(1);
        }
        assertThat(schema.number("SELECT version FROM store_version")).isEqualTo(9);
        assertThat(schema.number("SELECT readable_from FROM store_version")).isEqualTo(1);
        schema.execute("UPDATE store_version SET readable_from = 9");
        assertThatThrownBy(this::open).hasMessageContaining("version 9 is too new");
        // One that does not say so is usable by its own release only.
        schema.execute("UPDATE store_version SET readable_from = NULL");
        assertThatThrownBy(this::open).hasMessageContaining("version 9 is too new");
    }

    @Test
    void tables_that_are_there_are_opened_while_a_dump_of_the_database_reads_them() throws SQLException {
        open().close();
        try (var dump = schema.connect();
                var statement = dump.createStatement()) {
            dump.setAutoCommit(false);
            statement.execute("LOCK TABLE store_version, entry IN ACCESS SHARE MODE");
            open().close();
        }
    }

    private static String workMemory(StoreConnection connection) throws SQLException {
        return connection.query(it -> {
            try (var statement = it.createStatement();
                    var row = statement.executeQuery("SHOW work_mem")) {
                assertThat(row.next()).isTrue();
                return row.getString(1);
            }
        });
    }

    @Test
    void the_owner_is_verified_before_a_change_and_its_lease_cannot_be_taken_until_the_change_ends()
            throws SQLException {
        try (var connection = open()) {
            connection.change(it -> {
                try (var other = schema.connect();
                        var statement = other.createStatement()) {
                    statement.execute("SET lock_timeout = 100");
                    assertThatThrownBy(() -> statement.execute("UPDATE lease SET epoch = epoch + 1"))
                            .hasMessageContaining("lock timeout");
                }
                return execute(it, "INSERT INTO entry VALUES (1)");
            });
            schema.giveLeaseAway();
            assertThatThrownBy(() -> connection.change(_ -> {
                        throw new AssertionError("a former owner began a change");
                    }))
                    .isInstanceOf(LeaseLostException.class);
            assertThat(count(connection)).isEqualTo(1);
        }
        assertThatThrownBy(this::open).isInstanceOf(LeaseLostException.class);
    }
}
