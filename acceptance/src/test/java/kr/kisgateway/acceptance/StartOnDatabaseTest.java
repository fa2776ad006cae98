package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.programs.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The process of a gateway that cannot use its database, as a service manager starts it: its output, its exit code and what it leaves. */
@Tag("slow")
class StartOnDatabaseTest {
    private static final String PASSWORD = "correct7horse";
    private static final String WRONG_PASSWORD = "battery7staple";
    /** What does not pass by itself: systemd does not start it again. */
    private static final int GIVEN_UP = 2;
    /** What may pass: systemd starts it again. */
    private static final int TRIED_AGAIN = 1;

    private static PostgresServer server;

    @TempDir
    Path folder;

    private enum Obstacle {
        READ_ONLY_SERVER(GIVEN_UP, "has transaction_read_only=on and not off: it is read-only, as a replica is."),
        MISSING_DATABASE(GIVEN_UP, "(create the database, or check its name in DATABASE_URL)."),
        WRONG_PASSWORD(GIVEN_UP, "(check user and password in DATABASE_URL)."),
        NO_SERVER(TRIED_AGAIN, "(check that it runs and DATABASE_URL names it)."),
        NO_CONNECTION(TRIED_AGAIN, "(it has no connection left: raise max_connections, or stop what uses them)."),
        JOURNAL_IN_FOLDER(
                GIVEN_UP, "move it to the database by ./kis journal migrate, or use another GATEWAY_DATA_DIR.");

        private final int exitCode;
        private final String advice;

        Obstacle(int exitCode, String advice) {
            this.exitCode = exitCode;
            this.advice = advice;
        }
    }

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start();
        server.createRole("gateway", PASSWORD);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_start_that_its_database_or_folder_prevents_ends_with_one_sentence_and_leaves_journal_and_tables_as_they_were(
            Obstacle obstacle) throws Exception {
        String url = server.newDatabase();
        String database = url.substring(url.lastIndexOf('/') + 1);
        server.execute("postgres", "GRANT CREATE ON DATABASE " + database + " TO gateway");
        String used = prepare(obstacle, database, url.replace("postgres:postgres@", "gateway:" + PASSWORD + "@"));
        var journal = journal();
        assertThat(journal.isEmpty()).as("no journal before").isEqualTo(obstacle != Obstacle.JOURNAL_IN_FOLDER);

        try (var gateway = LocalProgram.startWithoutWaiting(launch(used))) {
            var code = gateway.awaitExit(Programs.START_TIMEOUT);
            assertThat(code).as(gateway.output().toString()).hasValue(obstacle.exitCode);
            assertThat(gateway.output())
                    .singleElement()
                    .asString()
                    .startsWith("The ")
                    .endsWith(obstacle.advice)
                    .doesNotContain(PASSWORD, WRONG_PASSWORD);
        }
        assertThat(filesWithPassword()).isEmpty();
        assertThat(journal()).as("the journal in the folder").isEqualTo(journal);
        if (obstacle == Obstacle.MISSING_DATABASE) {
            assertThat(names("postgres", "SELECT datname FROM pg_database")).doesNotContain(database);
        } else {
            assertThat(names(database, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'kis%'"))
                    .as("schemas of the gateway")
                    .isEmpty();
            assertThat(names(database, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                    .as("tables beside them")
                    .isEmpty();
        }
    }

    /** @return the address that the gateway gets */
    private String prepare(Obstacle obstacle, String database, String url) throws IOException {
        return switch (obstacle) {
            case READ_ONLY_SERVER -> {
                server.execute("postgres", "ALTER DATABASE " + database + " SET default_transaction_read_only = on");
                yield url;
            }
            case MISSING_DATABASE -> {
                server.execute("postgres", "DROP DATABASE " + database);
                yield url;
            }
            case WRONG_PASSWORD -> url.replace(PASSWORD, WRONG_PASSWORD);
            case NO_SERVER -> url.replace(":" + server.port() + "/", ":" + FreePort.find() + "/");
            case NO_CONNECTION -> {
                server.createRole("crowd", PASSWORD);
                server.execute("postgres", "ALTER ROLE crowd CONNECTION LIMIT 0");
                server.execute("postgres", "GRANT CREATE ON DATABASE " + database + " TO crowd");
                yield url.replace("gateway:", "crowd:");
            }
            case JOURNAL_IN_FOLDER -> {
                try (var alone = Running.start(Programs.gateway(folder).withEnvironment("KIS_ENV", "sim"))) {
                    assertThat(alone.program().stop(Programs.START_TIMEOUT)).hasValue(0);
                }
                yield url;
            }
        };
    }

    private Launch launch(String database) throws IOException {
        return ClusterNode.withAppKey(StartCache.with(Programs.coldGateway(folder)))
                .withEnvironment("GATEWAY_PORT", Integer.toString(FreePort.find()))
                .withEnvironment("KIS_FACE_PORT", "0")
                // Never called: the database comes first.
                .withEnvironment("SIMULATOR_URL", "http://127.0.0.1:" + FreePort.find())
                .withEnvironment("DATABASE_URL", database);
    }

    /** The files of the folder's journal, with what changes when their contents do. */
    private Map<String, String> journal() throws IOException {
        var found = new TreeMap<String, String>();
        for (Path file : files()) {
            if (file.getFileName().toString().startsWith("journal.")) {
                String text = text(file);
                found.put(folder.relativize(file).toString(), text.length() + " bytes, hash " + text.hashCode());
            }
        }
        return found;
    }

    private List<Path> filesWithPassword() throws IOException {
        return files().stream()
                .filter(file -> text(file).contains(PASSWORD) || text(file).contains(WRONG_PASSWORD))
                .toList();
    }

    private List<Path> files() throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** Each byte as a character. */
    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(String database, String query) throws SQLException {
        var found = new ArrayList<String>();
        try (var connection = server.connect(database);
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
