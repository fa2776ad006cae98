package kr.kisgateway.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class PostgresServerTest {
    @Test
    void a_killed_server_has_what_was_committed_when_it_runs_again() throws Exception {
        try (var server = PostgresServer.start()) {
            server.newDatabase();
            server.execute("postgres", "CREATE TABLE kept(n BIGINT)");
            server.execute("postgres", "INSERT INTO kept VALUES (7)");
            server.kill();
            server.restart();
            try (var connection = server.connect("postgres");
                    var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT n FROM kept")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getLong(1)).isEqualTo(7);
            }
            try (var connection = server.connect("postgres");
                    var statement = connection.createStatement();
                    var row = statement.executeQuery("SHOW fsync")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo("on");
            }
        }
    }

    @Test
    void a_replica_receives_what_is_committed_and_takes_writes_after_its_promotion() throws Exception {
        try (var server = PostgresServer.start()) {
            server.execute("postgres", "CREATE TABLE kept(n BIGINT)");
            server.execute("postgres", "INSERT INTO kept VALUES (7)");
            try (var replica = server.replica(server.port())) {
                assertThat(count(replica)).isEqualTo(1);
                server.execute("postgres", "INSERT INTO kept VALUES (8)");
                for (int waited = 0; count(replica) < 2 && waited < 600; waited++) {
                    LockSupport.parkNanos(100_000_000);
                }
                server.kill();
                replica.promote();
                replica.execute("postgres", "INSERT INTO kept VALUES (9)");
                assertThat(count(replica)).isEqualTo(3);
            }
        }
    }

    private static long count(PostgresServer server) throws SQLException {
        try (var connection = server.connect("postgres");
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM kept")) {
            row.next();
            return row.getLong(1);
        }
    }
}
