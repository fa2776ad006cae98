package kr.kisgateway.programs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
