package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kr.kisgateway.gateway.cluster.ClusterStore;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalFolder;
import kr.kisgateway.gateway.journal.JournalPlace.SharedPostgres;
import kr.kisgateway.gateway.journal.JournalPrune;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseKeeper;
import kr.kisgateway.gateway.lease.LeaseNode;
import kr.kisgateway.gateway.lease.LeaseTimes;
import kr.kisgateway.gateway.notification.NotificationDesk;
import kr.kisgateway.gateway.order.JournalGenerator;
import kr.kisgateway.gateway.order.JournalGenerator.Life;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code journal} of a gateway whose journal is moved to a database. */
@Tag("slow")
class JournalDatabaseCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);

    @TempDir
    Path place;

    private Path folder;
    private String url;
    private Postgres postgres;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void createStoppedGatewayFolderAndAnEmptyDatabase() throws Exception {
        folder = Files.createDirectories(place.resolve("data/sim"));
        try (var fill = new JournalGenerator(folder.resolve("journal.db"), NOW)) {
            fill.add(TODAY.minusDays(50), 3, Life.FILLED);
            fill.add(TODAY, 2, Life.OPEN);
        }
        url = SharedPostgres.server().newDatabase();
        postgres = Postgres.open(PostgresAddress.parse(url).orElseThrow(), "sim", "test");
    }

    private int run(String... args) {
        return run(Map.of("DATABASE_URL", url), args);
    }

    private int run(Map<String, String> variables, String... args) {
        return runCommand(variables, "journal", args);
    }

    private int runCommand(Map<String, String> variables, String command, String... args) {
        out.reset();
        err.reset();
        return new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(Reader.nullReader()),
                        InstantSource.fixed(NOW),
                        variables,
                        place,
                        place))
                .run(Stream.concat(Stream.of(command), Stream.of(args)).toList());
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private void sql(String... statements) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void migrate_moves_the_journal_and_the_other_commands_find_it_in_the_database() throws Exception {
        assertThat(run("export", "--out=before.csv")).isZero();

        assertThat(run("migrate")).as(err()).isZero();

        assertThat(out())
                .contains("18 events are in " + postgres.address() + " now")
                .contains("journal.db.migrated.20261120T010000000Z")
                .doesNotContain("postgres:postgres");
        assertThat(folder.resolve("journal.db")).doesNotExist();
        assertThat(run("migrate")).isZero();
        assertThat(out()).contains("was moved to " + postgres.address() + " before");

        assertThat(run("verify")).as(err()).isZero();
        assertThat(out()).isEqualTo("18 events read, all is well\n");
        assertThat(run("export", "--out=after.csv")).isZero();
        assertThat(place.resolve("after.csv")).hasSameTextualContentAs(place.resolve("before.csv"));
        assertThat(run("init")).isZero();
        assertThat(out()).contains("The journal is in order");
        assertThat(run("rebuild")).isEqualTo(2);
        assertThat(err()).contains("The journal is in the database of DATABASE_URL");
        try (var files = Files.list(folder)) {
            assertThat(files.map(it -> it.getFileName().toString())).noneMatch(name -> name.contains("copy"));
        }
    }

    @Test
    void a_move_whose_process_is_killed_again_and_again_is_continued_until_each_row_is_in_the_database()
            throws Exception {
        for (String file : List.of("journal.db", "journal.db-wal", "journal.db-shm", "journal.position")) {
            Files.deleteIfExists(folder.resolve(file));
        }
        try (var fill = new JournalGenerator(folder.resolve("journal.db"), NOW)) {
            fill.add(TODAY.minusDays(9), 15_000, Life.FILLED);
        }
        assertThat(run("export", "--out=before.csv")).isZero();
        for (long copied : new long[] {1, 15_000, 30_000}) {
            Process process = migration();
            Await.until(Duration.ofMinutes(3), copied + " events are copied", () -> events() >= copied);
            assertThat(process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("it was killed, and had not ended: " + Files.readString(place.resolve("out")))
                    .isEqualTo(137);
            assertThat(folder.resolve("journal.db")).isRegularFile();
            assertThat(run("verify"))
                    .as("the file is the journal still: " + err())
                    .isZero();
            assertThat(out()).isEqualTo("60000 events read, all is well\n");
        }
        assertThat(events()).isBetween(30_000L, 60_000L);

        assertThat(migration().waitFor(180, TimeUnit.SECONDS)).isTrue();

        assertThat(place.resolve("out")).content().contains("60000 events are in ");
        assertThat(folder.resolve("journal.db")).doesNotExist();
        assertThat(run("verify")).as(out()).isZero();
        assertThat(run("export", "--out=after.csv")).isZero();
        assertThat(place.resolve("after.csv")).hasSameTextualContentAs(place.resolve("before.csv"));
    }

    /** The command as a process. */
    private Process migration() throws IOException {
        var builder = MainProcess.of(
                        List.of("--enable-native-access=ALL-UNNAMED"),
                        "journal",
                        "migrate",
                        "--data-dir=" + place.resolve("data"))
                .directory(place.toFile())
                .redirectOutput(place.resolve("out").toFile());
        MainProcess.removeSettings(builder);
        builder.environment().put("DATABASE_URL", url);
        return builder.start();
    }

    /** Events in the database; none while there is no table. */
    private long events() {
        try {
            return count("journal").getFirst();
        } catch (SQLException e) {
            return 0;
        }
    }

    @Test
    void prune_moves_orders_that_ended_long_ago_from_the_database_to_a_file() throws Exception {
        assertThat(run("migrate")).isZero();
        assertThat(run("prune")).isEqualTo(2);
        assertThat(err()).contains("All days are retained: set JOURNAL_KEEP_DAYS");

        assertThat(run("prune", "--keep-days=30")).as(err()).isZero();

        Path archive = folder.resolve("pruned/journal-before-2026-10-21.parquet");
        assertThat(out()).contains("3 orders with 12 events are now in " + archive);
        assertThat(archive).isRegularFile();
        assertThat(count("journal", "orders", "idempotency")).containsExactly(6L, 2L, 2L);
        assertThat(run("verify")).as(out()).isZero();
        assertThat(out()).contains("6 events read, all is well");
        assertThat(run("prune", "--keep-days=30")).isZero();
        assertThat(out()).contains("Nothing ended before 2026-10-21");
        sql("DELETE FROM journal WHERE seq = 14");
        assertThat(run("verify")).as("a lost event is not a pruned one").isEqualTo(1);
    }

    @Test
    void a_prune_that_cannot_write_its_file_or_whose_accounts_are_owned_removes_nothing() throws Exception {
        assertThat(run("migrate")).isZero();
        Path inTheWay = Files.writeString(folder.resolve("pruned"), "a file where the folder should be");
        assertThat(run("prune", "--keep-days=30")).isEqualTo(1);
        assertThat(err()).contains("nothing was removed");
        Files.delete(inTheWay);
        try (var keeper = owner("other")) {
            assertThat(keeper.acquire()).isPresent();
            assertThat(run("prune", "--keep-days=30")).isEqualTo(3);
            assertThat(err()).contains("stop all gateways that share it");
        }
        assertThat(count("journal", "orders", "pruned")).containsExactly(18L, 5L, 0L);
        assertThat(folder.resolve("pruned")).doesNotExist();
    }

    @Test
    void a_prune_whose_lease_ended_meanwhile_removes_nothing() throws Exception {
        assertThat(run("migrate")).isZero();
        Lease former;
        try (var keeper = owner("other")) {
            former = keeper.acquire().orElseThrow();
        }
        try (var keeper = owner("next")) {
            assertThat(keeper.acquire()).isPresent();
            assertThatThrownBy(() -> JournalPrune.prune(
                            postgres,
                            "sim",
                            OrderModule.tables(),
                            former,
                            folder,
                            TODAY.minusDays(30),
                            (_, _, _) -> {}))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("nothing was removed");
        }
        assertThat(count("journal", "orders", "pruned")).containsExactly(18L, 5L, 0L);
        assertThat(folder.resolve("pruned")).as("nor is there a second copy").isEmptyDirectory();
    }

    @Test
    void a_prune_whose_transaction_fails_at_its_end_says_that_the_removal_is_unknown_and_retains_the_file()
            throws Exception {
        assertThat(run("migrate")).isZero();
        sql(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'at the end'; END $$",
                "CREATE CONSTRAINT TRIGGER refuse AFTER DELETE ON orders DEFERRABLE INITIALLY DEFERRED"
                        + " FOR EACH ROW EXECUTE FUNCTION refuse()");
        assertThat(run("prune", "--keep-days=30")).isEqualTo(1);
        assertThat(err()).contains("whether the events were removed is unknown", "at the end", "run the command again");
        assertThat(folder.resolve("pruned/journal-before-2026-10-21.parquet")).isRegularFile();
        sql("DROP TRIGGER refuse ON orders");
        assertThat(run("prune", "--keep-days=30")).as(err()).isZero();
        assertThat(out()).contains("journal-before-2026-10-21-2.parquet");
        assertThat(run("verify")).as(out()).isZero();
    }

    @Test
    void a_prune_does_not_create_a_folder() {
        assertThat(run("migrate")).isZero();
        assertThat(run("prune", "--keep-days=30", "--data-dir=" + place.resolve("mistyped")))
                .isEqualTo(2);
        assertThat(err()).contains("There is no folder");
        assertThat(place.resolve("mistyped")).doesNotExist();
    }

    private LeaseKeeper owner(String id) {
        ClusterStore.prepare(postgres, InstantSource.system());
        return new LeaseKeeper(
                postgres,
                "owner",
                new LeaseNode(id, "", "n2", "", "1", true),
                new LeaseTimes(Duration.ofHours(1)),
                System::nanoTime,
                InstantSource.system());
    }

    private List<Long> count(String... tables) throws SQLException {
        var counts = new ArrayList<Long>();
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            for (String table : tables) {
                try (var row = statement.executeQuery("SELECT count(*) FROM " + table)) {
                    row.next();
                    counts.add(row.getLong(1));
                }
            }
        }
        return counts;
    }

    @Test
    void migrate_adds_the_keys_of_the_folder_to_those_of_the_database() throws Exception {
        var database = Map.of("DATABASE_URL", url);
        assertThat(runCommand(Map.of(), "keys", "create", "bot", "--role=trade"))
                .as(err())
                .isZero();
        assertThat(runCommand(Map.of(), "keys", "create", "page")).isZero();
        assertThat(runCommand(database, "keys", "create", "page", "--role=admin"))
                .as(err())
                .isZero();

        assertThat(run("migrate")).as("a valid key was left out").isEqualTo(1);

        assertThat(out()).contains("access.db that were added to the database, with revoked and expired ones: 1");
        assertThat(err()).contains("The key \"page\" was not added: the database has another key with its name");
        assertThat(runCommand(database, "keys", "list")).isZero();
        assertThat(out()).containsPattern("bot +trade").containsPattern("page +admin");
        assertThat(out()).doesNotContainPattern("page +quote");

        assertThat(runCommand(database, "keys", "revoke", "bot")).isZero();
        assertThat(runCommand(Map.of(), "keys", "revoke", "page")).isZero();
        assertThat(run("migrate")).as(err()).isZero();
        assertThat(out()).contains("with revoked and expired ones: 0");
        assertThat(runCommand(database, "keys", "list")).isZero();
        assertThat(out()).doesNotContain("bot");
    }

    @Test
    void migrate_adds_the_alerts_of_the_folder_to_a_database_that_has_none() throws Exception {
        var alone = StoreDatabase.file(folder.resolve("notifications.db"));
        NotificationDesk.copy(StoreDatabase.file(folder.resolve("empty.db")), alone);
        try (var connection = alone.connect();
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO silence (event, from_at, until, reason, by)"
                    + " VALUES ('feed_down', 1, 2, 'maintenance', 'operator')");
            statement.execute("INSERT INTO mark (name, value) VALUES ('summary', 20000)");
        }

        assertThat(run("migrate")).as(err()).isZero();

        assertThat(out()).contains("notifications.db that were added to the database: 2");
        assertThat(count("silence", "mark", "notification")).containsExactly(1L, 1L, 0L);
        assertThat(run("migrate")).as(err()).isZero();
        assertThat(out()).contains("The database has alerts and silences already");
        assertThat(count("silence", "mark", "notification")).containsExactly(1L, 1L, 0L);
    }

    @Test
    void alerts_that_cannot_be_read_do_not_hinder_the_journal_and_are_added_when_they_can() throws Exception {
        var file = folder.resolve("notifications.db");
        Files.writeString(file, "no database, but long enough to be read as one ".repeat(100));

        assertThat(run("migrate")).isEqualTo(1);

        assertThat(err()).contains("The alerts and silences of " + file + " could not be added: ");
        Files.delete(file);
        assertThat(run("migrate")).as(err()).isZero();
    }

    @Test
    void keys_that_cannot_be_read_do_not_hinder_the_journal_and_are_added_when_they_can() throws Exception {
        Files.writeString(folder.resolve("access.db"), "no database, but long enough to be read as one ".repeat(100));

        assertThat(run("migrate")).isEqualTo(1);

        assertThat(out()).contains("18 events are in " + postgres.address() + " now");
        assertThat(err()).contains("The journal was moved; repeat the command to add the API keys.");
        assertThat(run("verify")).isZero();
        Files.delete(folder.resolve("access.db"));
        assertThat(runCommand(Map.of(), "keys", "create", "bot")).as(err()).isZero();
        assertThat(run("migrate")).as(err()).isZero();
        assertThat(out()).contains("was moved to " + postgres.address() + " before", "expired ones: 1");
    }

    @Test
    void a_start_without_the_database_is_refused_and_names_it() {
        assertThat(run("migrate")).as(err()).isZero();
        assertThatThrownBy(() -> JournalFolder.require(folder.resolve("journal.db"), Platform::precedesJournal))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("was moved to the PostgreSQL database " + postgres.address())
                .hasMessageContaining("set DATABASE_URL");
        assertThat(run(Map.of(), "init")).isEqualTo(1);
        assertThat(err()).contains("was moved to the PostgreSQL database");
        assertThat(folder.resolve("journal.db")).doesNotExist();
    }

    @Test
    void verify_lists_what_was_changed_in_the_database() throws SQLException {
        assertThat(run("migrate")).isZero();
        sql("UPDATE journal SET payload = '{}' WHERE seq = 2", "DELETE FROM orders WHERE terminal = 0");
        assertThat(run("verify")).isEqualTo(1);
        assertThat(out()).contains("A1/2 is damaged").contains("table orders lacks a row");
    }

    @Test
    void a_database_whose_accounts_a_gateway_owns_is_left_alone() {
        try (var keeper = owner("other")) {
            assertThat(keeper.acquire()).isPresent();
            assertThat(run("migrate")).isEqualTo(3);
            assertThat(err()).contains("The gateway n2 uses the database " + postgres.address());
            assertThat(folder.resolve("journal.db")).isRegularFile();
        }
        assertThat(run("migrate")).as("after it stopped").isZero();
    }

    @Test
    void init_accepts_a_database_that_lost_its_last_transactions() throws SQLException {
        assertThat(run("migrate")).isZero();
        sql("DELETE FROM journal WHERE seq = 18", "UPDATE streams SET last_seq = 17");
        assertThat(run("init")).as(err()).isZero();
        assertThat(out()).contains("The gateway continues with this journal as it is, though it lacks 1 events of A1");
        assertThat(run("init")).isZero();
        assertThat(out()).contains("The journal is in order");
        run("verify");
        assertThat(out()).contains("note: an older journal was accepted at 2026-11-20T01:00:00Z, with A1 ending at 17");
    }

    @Test
    void init_creates_a_journal_in_an_empty_database() {
        assertThat(run("migrate")).isZero();
        url = SharedPostgres.server().newDatabase();
        assertThat(run("verify")).isEqualTo(1);
        assertThat(err()).contains("There is no journal");
        assertThat(run("migrate")).isEqualTo(1);
        assertThat(err()).contains("check DATABASE_URL");
        assertThat(run("init")).as(err()).isZero();
        assertThat(out()).contains("An empty journal was created: in 127.0.0.1");
        assertThat(run("verify")).isZero();
        assertThat(out()).contains("0 events read, all is well");
    }

    @Test
    void a_wrong_address_prevents_the_move_and_not_the_check_of_a_file() {
        assertThat(run(Map.of(), "migrate")).isEqualTo(2);
        assertThat(err()).contains("DATABASE_URL names the database");
        assertThat(run(Map.of("DATABASE_URL", "mysql://x/y"), "migrate")).isEqualTo(2);
        assertThat(err()).contains("DATABASE_URL must be an address");
        assertThat(run(Map.of("DATABASE_URL", "mysql://x/y"), "verify")).isZero();
        assertThat(run(Map.of("DATABASE_URL", "postgresql://127.0.0.1:1/none"), "migrate"))
                .isEqualTo(3);
        assertThat(err()).contains("cannot be used");
        assertThat(folder.resolve("journal.db")).isRegularFile();
    }
}
