package kr.kisgateway.gateway.database;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.cluster.ClusterStore;
import kr.kisgateway.gateway.journal.JournalPlace;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.PostgresServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class PostgresTest {
    private static final PostgresServer SERVER = JournalPlace.SharedPostgres.server();

    private static Postgres open(String url) {
        return Postgres.open(PostgresAddress.parse(url).orElseThrow(), "sim", "test");
    }

    /** @param passing whether the gateway may be started again without a change of settings */
    private static void assertOneSentence(String url, boolean passing, String... parts) {
        assertThatThrownBy(() -> open(url))
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        refused -> assertThat(refused.mayPass()).isEqualTo(passing))
                .message()
                .contains(parts)
                .doesNotContain("\n", "secret7")
                .endsWith(").");
    }

    @Test
    void an_unreachable_server_a_missing_database_and_a_missing_right_are_named_in_one_sentence() throws Exception {
        int closed = FreePort.find();
        assertOneSentence(
                "postgresql://u:secret7@127.0.0.1:" + closed + "/kis", true, "cannot be used", "check that it runs");
        assertOneSentence(SERVER.url("nothing_here"), false, "nothing_here", "create the database");
        SERVER.execute("postgres", "CREATE ROLE stranger LOGIN PASSWORD 'x'");
        String url = SERVER.newDatabase();
        assertOneSentence(
                url.replace("postgres:postgres@", "stranger:secret7@"), false, "the right to create a schema");
    }

    @Test
    void a_wrong_password_is_named_and_does_not_pass_by_itself() {
        String url = SERVER.newDatabase();
        SERVER.createRole("careful", "correct");
        SERVER.execute("postgres", "GRANT CREATE ON DATABASE " + name(url) + " TO careful");
        assertOneSentence(
                url.replace("postgres:postgres@", "careful:secret7@"),
                false,
                "password authentication failed for user \"careful\"",
                "check user and password in DATABASE_URL");
        assertOneSentence(
                url.replace("postgres:postgres@", "careful@"),
                false,
                "no password was provided",
                "check password and sslmode in DATABASE_URL");
        assertOneSentence(
                url + "?sslmode=require", false, "does not support SSL", "check password and sslmode in DATABASE_URL");
        assertThatCode(() -> open(url.replace("postgres:postgres@", "careful:correct@")))
                .doesNotThrowAnyException();
    }

    @Test
    void a_server_that_accepts_a_connection_and_says_nothing_ends_the_start_in_a_few_seconds() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long begun = System.nanoTime();
            assertOneSentence("postgresql://u@127.0.0.1:" + silent.getLocalPort() + "/kis", true, "cannot be used");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void a_read_only_server_is_refused() {
        String url = SERVER.newDatabase();
        SERVER.execute("postgres", "ALTER DATABASE " + name(url) + " SET default_transaction_read_only = on");
        assertThatThrownBy(() -> open(url)).hasMessageContaining("it is read-only");
    }

    @Test
    void a_role_without_a_free_connection_is_named() throws Exception {
        String url = SERVER.newDatabase();
        SERVER.execute("postgres", "CREATE ROLE guest LOGIN PASSWORD 'guest'");
        SERVER.execute("postgres", "GRANT CREATE ON DATABASE " + name(url) + " TO guest");
        SERVER.execute("postgres", "ALTER ROLE guest CONNECTION LIMIT 0");
        assertOneSentence(url.replace("postgres:postgres@", "guest:guest@"), true, "it has no connection left");
    }

    @Test
    void a_server_without_a_free_connection_is_named_until_one_is_free() throws Exception {
        try (var server = PostgresServer.start()) {
            String url = server.newDatabase();
            server.kill();
            server.restart(Map.of("max_connections", "5"));
            try (var all = new Connections()) {
                until("all connections are taken", () -> !all.add(server));
                assertOneSentence(url, true, "too many clients already", "it has no connection left");
            }
            until("a connection is free", () -> {
                try {
                    open(url);
                    return true;
                } catch (DatabaseException e) {
                    assertThat(e).hasMessageContaining("it has no connection left");
                    return false;
                }
            });
        }
    }

    /** Connections of a server's superuser. */
    private static final class Connections implements AutoCloseable {
        private final List<Connection> all = new ArrayList<>();

        /** @return false when the server has no more */
        boolean add(PostgresServer server) {
            try {
                return all.add(server.connect("postgres"));
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("53300");
                return false;
            }
        }

        @Override
        public void close() throws SQLException {
            for (Connection connection : all) {
                connection.close();
            }
        }
    }

    @Test
    void a_server_that_stops_is_named() throws Exception {
        try (var server = PostgresServer.start();
                var last = server.connect("postgres");
                var statement = last.createStatement();
                var row = statement.executeQuery("SELECT pg_read_file('postmaster.pid')")) {
            assertThat(row.next()).isTrue();
            long pid = row.getString(1)
                    .lines()
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElseThrow();
            // SIGTERM: the server waits for its last connection, and takes no other.
            ProcessHandle.of(pid).orElseThrow().destroy();
            String url = server.url("postgres");
            until("the server stops", () -> isRefused(url));
            assertOneSentence(url, true, "shutting down", "it is starting or stopping; try again");
        }
    }

    private static boolean isRefused(String url) {
        try {
            open(url);
            return false;
        } catch (DatabaseException e) {
            return true;
        }
    }

    @Test
    void a_server_that_can_lose_what_it_confirmed_is_refused_and_nothing_is_created() throws Exception {
        try (var server = PostgresServer.start()) {
            String url = server.newDatabase();
            for (String setting : List.of("fsync", "full_page_writes")) {
                server.kill();
                server.restart(Map.of(setting, "off"));
                assertThatThrownBy(() -> open(url))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                refused -> assertThat(refused.mayPass()).isFalse())
                        .hasMessageStartingWith("The PostgreSQL server 127.0.0.1:" + server.port() + "/" + name(url)
                                + " has " + setting + "=off and not on: ");
                try (var connection = server.connect(name(url));
                        var statement = connection.createStatement();
                        var row = statement.executeQuery("SELECT to_regnamespace('kis_gateway_sim') IS NULL")) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getBoolean(1)).as("no schema").isTrue();
                }
            }
        }
    }

    @Test
    void a_commit_waits_for_the_disk_also_where_the_default_of_the_role_is_another() throws Exception {
        String url = SERVER.newDatabase();
        SERVER.execute("postgres", "CREATE ROLE hasty LOGIN PASSWORD 'hasty'");
        SERVER.execute("postgres", "GRANT CREATE ON DATABASE " + name(url) + " TO hasty");
        SERVER.execute("postgres", "ALTER ROLE hasty SET synchronous_commit = off");
        try (var other = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + SERVER.port() + "/" + name(url), "hasty", "hasty")) {
            assertThat(synchronousCommit(other)).as("of another program").isEqualTo("off");
        }
        try (var connection =
                open(url.replace("postgres:postgres@", "hasty:hasty@")).connect()) {
            assertThat(synchronousCommit(connection)).isEqualTo("on");
        }
    }

    private static String synchronousCommit(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW synchronous_commit")) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    @Test
    void environments_have_schemas_of_their_own_and_many_may_start_at_once() throws Exception {
        String url = SERVER.newDatabase();
        List<Thread> starts = IntStream.range(0, 8)
                .mapToObj(_ -> Thread.ofPlatform().start(() -> open(url)))
                .toList();
        for (Thread start : starts) {
            start.join();
        }
        var live = Postgres.open(PostgresAddress.parse(url).orElseThrow(), "live", "test");
        execute(open(url), "CREATE TABLE only_here(n BIGINT)");
        try (var connection = live.connect()) {
            assertThat(Dialect.of(connection)).isEqualTo(Dialect.POSTGRES);
            assertThat(Dialect.POSTGRES.hasTable(connection, "only_here")).isFalse();
        }
        try (var connection = open(url).connect()) {
            assertThat(Dialect.POSTGRES.hasTable(connection, "only_here")).isTrue();
        }
    }

    @Test
    void a_transaction_whose_process_is_stopped_ends_by_itself_and_frees_its_locks() throws Exception {
        var postgres = open(SERVER.newDatabase());
        execute(postgres, "CREATE TABLE row(n BIGINT)");
        execute(postgres, "INSERT INTO row VALUES (1)");
        try (var stopped = postgres.connect()) {
            stopped.setAutoCommit(false);
            try (var statement = stopped.createStatement()) {
                statement.execute("UPDATE row SET n = 2");
            }
            // Not a word of it from now on, as of a process that was stopped by SIGSTOP.
            until("the lock is free", () -> {
                try {
                    execute(postgres, "UPDATE row SET n = 3");
                    return true;
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).isEqualTo("55P03"); // waited in vain
                    return false;
                }
            });
            assertThatThrownBy(stopped::commit).isInstanceOf(SQLException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-9, 9})
    void a_machine_whose_clock_is_off_is_refused_for_good_and_nothing_is_created(int seconds) throws Exception {
        var postgres = open(SERVER.newDatabase());
        InstantSource off = () -> InstantSource.system().instant().plusSeconds(seconds);
        assertThatThrownBy(() -> ClusterStore.prepare(postgres, off))
                .isInstanceOfSatisfying(
                        DatabaseException.class, it -> assertThat(it.mayPass()).isFalse())
                .hasMessageContaining("differ by")
                .hasMessageContaining("NTP");
        try (var connection = postgres.connect();
                var tables = connection.getMetaData().getTables(null, connection.getSchema(), "%", null)) {
            assertThat(tables.next()).as("tables").isFalse();
        }
        assertThatCode(() -> ClusterStore.prepare(postgres, InstantSource.system()))
                .doesNotThrowAnyException();
    }

    /** The database that {@code url} names. */
    private static String name(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private static void execute(Postgres postgres, String sql) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
