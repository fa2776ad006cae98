package kr.kisgateway.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kr.kisgateway.gateway.database.RowBatch;
import kr.kisgateway.gateway.database.RowBatch.Column;
import kr.kisgateway.gateway.lease.LeaseStore;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The journal in PostgreSQL: its contract, and what its lease protects. */
@Tag("slow")
class PostgresJournalTest extends JournalContract {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private JournalPlace.Database database;

    @Override
    JournalPlace createPlace(Path folder) {
        database = new JournalPlace.Database(folder);
        return database;
    }

    @Test
    void a_former_owner_writes_nothing_and_knows_it() throws SQLException {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}")), _ -> {});
            database.execute("UPDATE lease SET epoch = epoch + 1, holder = 'other'");
            assertThat(database.lease().isHeld()).isTrue();
            assertThatThrownBy(() -> journal.commit(List.of(entry(2, "{}")), _ -> {}))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("belongs to another gateway");
            assertThat(database.lease().isHeld()).isFalse();
        }
        assertThat(count()).isEqualTo(1);
        assertThatThrownBy(this::open).hasMessageContaining("belongs to another gateway");
    }

    @Test
    void a_former_owner_is_refused_before_its_rows_meet_those_of_its_successor() throws SQLException {
        try (Journal journal = open()) {
            var header = journal.onWriter(connection ->
                    new RowBatch(connection, "header", List.of(Column.text("name"), Column.text("value")), ""));
            header.add("first", "1");
            journal.commit(List.of(entry(1, "{}")), List.of(header), _ -> {});
            database.execute("UPDATE lease SET epoch = epoch + 1, holder = 'other'");
            database.execute("INSERT INTO header VALUES ('next', '2')");
            header.add("next", "1");
            assertThatThrownBy(() -> journal.commit(List.of(entry(2, "{}")), List.of(header), _ -> {}))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("belongs to another gateway");
            assertThat(database.lease().isHeld()).isFalse();
        }
        try (var connection = database.connect()) {
            assertThat(Schema.header(connection, "first")).contains("1");
            assertThat(Schema.header(connection, "next")).contains("2");
        }
    }

    @Test
    void tables_of_the_next_release_are_used_where_it_left_them_usable_and_stay_as_they_are() throws SQLException {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}")), _ -> {});
        }
        database.execute("ALTER TABLE journal ADD COLUMN later TEXT NOT NULL DEFAULT 'x'");
        database.execute("DROP INDEX journal_types");
        String next = Integer.toString(Schema.VERSION + 1);
        database.execute("UPDATE header SET value = '" + next + "' WHERE name = 'schema'");
        try (Journal journal = open()) {
            journal.commit(List.of(entry(2, "{}")), _ -> {});
        }
        assertThat(count()).isEqualTo(2);
        try (var connection = database.connect()) {
            assertThat(Schema.header(connection, "schema")).contains(next);
        }
        assertThat(lacksIndexOfTypes())
                .as("an index that the next release removed")
                .isTrue();
        PostgresJournal.requireReadable(database.postgres());
        database.execute("UPDATE header SET value = '" + next + "' WHERE name = 'readable_from'");
        assertThatThrownBy(this::open).hasMessageContaining("newer release");
        assertThatThrownBy(() -> PostgresJournal.requireReadable(database.postgres()))
                .as("of a gateway beside the owner")
                .hasMessageContaining("newer release");
    }

    @Test
    void tables_of_an_older_release_are_refused_and_stay_as_they_are() throws SQLException {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}")), _ -> {});
        }
        database.execute("DROP INDEX journal_types"); // an opening that goes on would create it
        for (int older = 1; older < Schema.VERSION; older++) {
            database.execute("UPDATE header SET value = '" + older + "' WHERE name = 'schema'");
            var before = header();
            assertThat(before).containsEntry("schema", Integer.toString(older));
            assertThatThrownBy(this::open)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("the journal in the database has schema " + older + " and this release "
                            + Schema.VERSION + ": this release cannot migrate it");
            assertThat(header()).isEqualTo(before);
            assertThat(lacksIndexOfTypes())
                    .as("an index that the older one has not")
                    .isTrue();
            assertThat(count()).isEqualTo(1);
        }
        database.execute("UPDATE header SET value = '" + Schema.VERSION + "' WHERE name = 'schema'");
        open().close();
        assertThat(lacksIndexOfTypes()).isFalse();
    }

    private Map<String, String> header() throws SQLException {
        var header = new TreeMap<String, String>();
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT name, value FROM header")) {
            while (row.next()) {
                header.put(row.getString(1), row.getString(2));
            }
        }
        return header;
    }

    private boolean lacksIndexOfTypes() throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT to_regclass('journal_types') IS NULL")) {
            assertThat(row.next()).isTrue();
            return row.getBoolean(1);
        }
    }

    @Test
    void tables_without_events_belong_to_the_owner_too() throws SQLException {
        try (Journal journal = open()) {
            database.execute("UPDATE lease SET epoch = epoch + 1");
            assertThatThrownBy(() -> journal.commit(List.of(), connection -> {
                        try (var statement = connection.createStatement()) {
                            statement.execute("INSERT INTO header VALUES ('late', '1')");
                        }
                    }))
                    .isInstanceOf(JournalException.class);
        }
        try (var connection = database.connect()) {
            assertThat(Schema.header(connection, "late")).isEmpty();
        }
    }

    @Test
    void a_take_over_waits_for_a_commit_that_has_begun() throws Exception {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}")), connection -> {
                try (var other = database.connect();
                        var statement = other.createStatement()) {
                    statement.execute("SET lock_timeout = 100");
                    assertThatThrownBy(() -> statement.execute("UPDATE lease SET epoch = epoch + 1"))
                            .hasMessageContaining("lock timeout");
                }
            });
        }
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void a_database_that_lost_its_last_transactions_is_refused() throws Exception {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}"), entry(2, "{}"), entry(3, "{}")), _ -> {});
        }
        loseAllButTheFirst();
        assertThatThrownBy(this::open)
                .hasMessageContaining("it lacks 2 events of A1")
                .hasMessageContaining("./kis journal init");
    }

    @Test
    void a_killed_owners_last_commit_is_missed_as_well() throws Exception {
        Path tail = folder.resolve("journal.tail");
        Path position = folder.resolve("journal.position");
        byte[] leftTail;
        byte[] leftPosition;
        try (Journal journal = open()) {
            leftPosition = Files.readAllBytes(position);
            journal.commit(List.of(entry(1, "{}"), entry(2, "{}")), _ -> {});
            leftTail = Files.readAllBytes(tail);
        }
        Files.write(tail, leftTail);
        Files.write(position, leftPosition);
        loseAllButTheFirst();
        assertThatThrownBy(this::open).hasMessageContaining("it lacks the last 1 event");
    }

    @Test
    void a_gateway_that_waits_records_what_the_owner_commits_and_refuses_a_journal_without_it() throws Exception {
        Path waiting = Files.createDirectory(folder.resolve("waiting"));
        var tasks = new ManualTaskRunner();
        try (var follower = new JournalFollower(database.postgres(), waiting.resolve("journal.db"), tasks)) {
            tasks.advance(SECOND);
            assertThat(waiting).as("there is no journal yet").isEmptyDirectory();
            try (Journal journal = open()) {
                tasks.advance(SECOND);
                journal.commit(List.of(entry(1, "{}"), entry(2, "{}"), entry(3, "{}")), _ -> {});
                tasks.advance(SECOND);
            }
        }
        loseAllButTheFirst();
        assertThatThrownBy(() -> openIn(waiting))
                .hasMessageContaining("it lacks 2 events of A1")
                .hasMessageContaining("./kis journal init");
        try (var follower = new JournalFollower(database.postgres(), waiting.resolve("journal.db"), tasks)) {
            tasks.advance(SECOND);
        }
        assertThatThrownBy(() -> openIn(waiting))
                .as("the record goes never back")
                .hasMessageContaining("it lacks 2");
    }

    @Test
    void an_older_journal_that_is_accepted_in_one_folder_is_accepted_in_all_and_what_comes_later_is_not()
            throws Exception {
        Path waiting = Files.createDirectory(folder.resolve("waiting"));
        Path other = Files.createDirectory(folder.resolve("other"));
        var tasks = new ManualTaskRunner();
        byte[] tail;
        try (var follower = new JournalFollower(database.postgres(), waiting.resolve("journal.db"), tasks);
                var journal = open()) {
            journal.commit(List.of(entry(1, "{}"), entry(2, "{}")), _ -> {});
            tasks.advance(SECOND);
            Files.copy(waiting.resolve("journal.position"), other.resolve("journal.position"));
            journal.commit(List.of(entry(3, "{}")), _ -> {});
            tail = Files.readAllBytes(folder.resolve("journal.tail"));
            tasks.advance(SECOND);
        }
        Files.write(folder.resolve("journal.tail"), tail); // as if it had been killed
        loseAllButTheFirst();
        assertThatThrownBy(() -> openIn(other)).hasMessageContaining("it lacks 1 events of A1");
        assertThat(initIn(waiting)).isInstanceOf(JournalFolder.Init.Accepted.class);

        openIn(other).close();
        try (Journal journal = open()) {
            journal.commit(List.of(entry(2, "{}"), entry(3, "{}")), _ -> {});
        }
        loseAllButTheFirst();
        assertThatThrownBy(this::open).as("lost after it was accepted").hasMessageContaining("it lacks 2 events of A1");
        assertThatThrownBy(() -> openIn(waiting)).hasMessageContaining("a gateway of the cluster");
    }

    @Test
    void a_journal_that_one_gateway_refused_is_refused_by_those_that_recorded_less() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}"), entry(2, "{}")), _ -> {});
        }
        loseAllButTheFirst();
        assertThatThrownBy(this::open).isInstanceOf(JournalBehindException.class);
        assertThatThrownBy(() -> openIn(other))
                .isInstanceOf(JournalBehindException.class)
                .hasMessageContaining("a gateway of the cluster recorded of it: it lacks 1 events of A1");
        assertThat(initIn(other))
                .isEqualTo(
                        new JournalFolder.Init.Accepted("it lacks 1 events of A1 (it ends at 1, and 2 were recorded)"));
        openIn(other).close();
        open().close();
    }

    @Test
    void a_folder_of_another_journal_does_not_stop_the_gateways_of_this_one() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        open().close();
        Files.copy(folder.resolve("journal.position"), other.resolve("journal.position"));
        database.execute("UPDATE header SET value = 'another' WHERE name = 'journal_id'");
        Files.delete(folder.resolve("journal.position"));
        assertThatThrownBy(() -> openIn(other)).hasMessageContaining("it is another journal");
        open().close();
    }

    @Test
    void commits_of_a_killed_owner_that_were_given_up_do_not_stop_it_later() throws Exception {
        Path waiting = Files.createDirectory(folder.resolve("waiting"));
        byte[] tail;
        byte[] position;
        try (Journal journal = open()) {
            position = Files.readAllBytes(folder.resolve("journal.position"));
            journal.commit(List.of(entry(1, "{}"), entry(2, "{}"), entry(3, "{}")), _ -> {});
            tail = Files.readAllBytes(folder.resolve("journal.tail"));
        }
        Files.write(folder.resolve("journal.tail"), tail); // as if it had been killed
        Files.write(folder.resolve("journal.position"), position);
        loseAllButTheFirst();
        assertThatThrownBy(this::open).hasMessageContaining("it lacks the last 2 event");
        initIn(waiting);
        openIn(waiting).close();
        var tasks = new ManualTaskRunner();
        try (var follower = new JournalFollower(database.postgres(), folder.resolve("journal.db"), tasks)) {
            tasks.advance(SECOND);
        }
        open().close();
    }

    private JournalFolder.Init initIn(Path other) {
        return JournalFolder.init(
                database.postgres(),
                database.lease(),
                other.resolve("journal.db"),
                "sim",
                _ -> {},
                InstantSource.system());
    }

    private void loseAllButTheFirst() {
        database.execute("DELETE FROM journal WHERE seq > 1");
        database.execute("UPDATE streams SET last_seq = 1");
    }

    private Journal openIn(Path other) {
        return PostgresJournal.open(
                database.postgres(),
                database.lease(),
                other.resolve("journal.db"),
                "sim",
                _ -> {},
                JournalWitness.none());
    }

    @Test
    void an_endless_read_is_ended_and_its_connection_is_used_again() {
        try (Journal journal = open()) {
            for (int i = 0; i < 6; i++) { // more than there are connections
                assertThatThrownBy(() -> journal.read(connection -> {
                            try (var statement = connection.createStatement()) {
                                return statement.execute("SELECT pg_sleep(60)");
                            }
                        }))
                        .hasMessageContaining("took too long");
            }
            assertThat(entries(journal)).isEmpty();
        }
    }

    @Test
    void a_failed_read_between_commits_does_not_spoil_the_next_commit() {
        try (Journal journal = open()) {
            assertThatThrownBy(() -> journal.onWriter(connection -> {
                        try (var statement = connection.createStatement()) {
                            return statement.execute("SELECT * FROM nothing");
                        }
                    }))
                    .isInstanceOf(JournalException.class);
            journal.commit(List.of(entry(1, "{}")), _ -> {});
            assertThat(journal.lastSeq()).isEqualTo(Map.of("A1", 1L));
        }
    }

    @Test
    void a_read_that_takes_its_time_between_two_queries_is_not_ended_by_the_server() {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}")), _ -> {});
            long rows = journal.onWriter(connection -> {
                try (var statement = connection.createStatement();
                        var row = statement.executeQuery("SELECT 1 FROM journal")) {
                    row.next();
                }
                // As a process that is busy with the rows for longer than a transaction may be silent.
                try (var other = database.connect();
                        var statement = other.createStatement()) {
                    statement.execute("SELECT pg_sleep(3)");
                }
                return JournalPosition.of(connection).events();
            });
            assertThat(rows).isEqualTo(1);
        }
    }

    @Test
    void an_opening_waits_for_a_commit_whose_client_has_gone() throws Exception {
        open().close();
        try (var gone = database.connect()) {
            gone.setAutoCommit(false);
            LeaseStore.requireHeld(gone, database.lease());
            // The server is busy with it, as with a slow disk, when the next opening comes.
            Thread server = Thread.ofPlatform().start(() -> {
                try (var statement = gone.createStatement()) {
                    statement.execute("SELECT pg_sleep(4)");
                    gone.commit();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThatThrownBy(this::open).hasMessageContaining("lock timeout");
            server.join();
        }
        open().close();
    }

    @Test
    void texts_of_all_kinds_come_back_as_they_were() {
        String payload = "{\"a\":\"가 \\u0000 \\\" ' \\\\ 😀 {} , NULL\",\"key\":1}";
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, payload)), _ -> {});
            assertThat(entries(journal)).containsExactly(entry(1, payload));
        }
    }

    private long count() throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM journal")) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }
}
