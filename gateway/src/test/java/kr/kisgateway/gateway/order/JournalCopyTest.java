package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalAudit;
import kr.kisgateway.gateway.journal.JournalCopy;
import kr.kisgateway.gateway.journal.JournalCopy.Damage;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalFile;
import kr.kisgateway.gateway.journal.JournalMigration;
import kr.kisgateway.gateway.journal.JournalMigration.Outcome;
import kr.kisgateway.gateway.journal.JournalPlace;
import kr.kisgateway.gateway.journal.JournalPrune;
import kr.kisgateway.gateway.journal.JournalTables;
import kr.kisgateway.gateway.journal.JournalWitness;
import kr.kisgateway.gateway.journal.PostgresJournal;
import kr.kisgateway.gateway.journal.SqliteJournal;
import kr.kisgateway.gateway.order.JournalGenerator.Life;
import kr.kisgateway.gateway.parent.ParentStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A journal with orders of all kinds, parent orders and pruned ones is moved from its file to PostgreSQL, and copied back. */
@Tag("slow")
class JournalCopyTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
    private static final Journal.Tables TABLES = new JournalTables(List.of(new ParentStore(), new OrderStore()));
    private static final JournalFile.Progress NO_PROGRESS = (_, _, _) -> {};
    private static final List<String> ALL_TABLES =
            List.of("journal", "streams", "pruned", "pruned_links", "orders", "idempotency", "parents");
    private static final String OPEN_PARENT = "par_01KAFQ5Z000000000000000001";
    private static final String ENDED_PARENT = "par_01KAFQ5Z000000000000000002";

    @TempDir
    Path folder;

    @TempDir
    Path otherFolder;

    private Path file;
    private JournalPlace.Database database;

    @BeforeEach
    void createJournalOfTwoDays() {
        file = folder.resolve("journal.db");
        try (var fill = new JournalGenerator(file, NOW)) {
            for (Life life : Life.values()) {
                fill.add(TODAY.minusDays(50), 3, life);
                fill.add(TODAY, 2, life);
            }
            fill.add(TODAY, 1_300, Life.FILLED); // more than a batch of each table
        }
        append(
                parent(1, OPEN_PARENT, TODAY, "Accepted", plan(TODAY, "p1")),
                parent(2, ENDED_PARENT, TODAY.minusDays(50), "Accepted", plan(TODAY.minusDays(50), "p2")),
                parent(3, ENDED_PARENT, TODAY.minusDays(50), "Ended", """
                        {"outcome":"CANCELED","reason":"canceled","by":"bot"}"""));
        try (JournalFile journal = JournalFile.open(file, "sim", TABLES)) {
            JournalAudit.rebuild(journal, NO_PROGRESS); // writes the rows of the parent orders
            assertThat(JournalPrune.prune(journal, TODAY.minusDays(30), NO_PROGRESS)
                            .subjects())
                    .isPositive();
            assertThat(JournalAudit.verify(journal, NO_PROGRESS).findings()).isEmpty();
        }
        database = new JournalPlace.Database(folder);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private static String plan(LocalDate day, String key) {
        return """
                {"kind":"SCHEDULED","at":"%sT02:00:00Z","until":"%sT02:10:00Z","order":{"account":"A1","symbol":"005930",\
                "side":"BUY","qty":10,"type":"LIMIT","venue":"KRX","dispatch_by":"%sT02:10:00Z","trading_day":"%s",\
                "price":70000},"scope":"bot/A1","key":"%s","hash":"h"}""".formatted(day, day, day, day, key);
    }

    private static JournalEntry parent(long seq, String id, LocalDate day, String type, String payload) {
        return new JournalEntry("parents", seq, NOW, day, type, 1, 2, id, payload);
    }

    /** What a gateway without DATABASE_URL does. */
    private void append(JournalEntry... entries) {
        try (Journal journal = SqliteJournal.open(file, "sim", TABLES, CLOCK)) {
            journal.commit(List.of(entries), _ -> {});
        }
    }

    private Outcome migrate() {
        return migrate(database, NO_PROGRESS);
    }

    private Outcome migrate(JournalPlace.Database target, JournalFile.Progress progress) {
        return JournalMigration.migrate(file, "sim", TABLES, target.postgres(), target.lease(), CLOCK, progress);
    }

    private Connection sqlite(Path path) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + path);
    }

    private void sql(String sql) throws SQLException {
        try (var connection = sqlite(file);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Every row of every table, as texts that do not depend on the database. */
    private static Map<String, List<String>> content(Connection connection) throws SQLException {
        Map<String, List<String>> content = new TreeMap<>();
        for (String table : ALL_TABLES) {
            List<String> rows = new ArrayList<>();
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT * FROM " + table)) {
                while (row.next()) {
                    Map<String, String> cells = new TreeMap<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        cells.put(
                                row.getMetaData().getColumnName(i),
                                row.getObject(i) instanceof byte[] bytes
                                        ? HexFormat.of().formatHex(bytes)
                                        : String.valueOf(row.getObject(i)));
                    }
                    rows.add(cells.toString());
                }
            }
            content.put(table, rows.stream().sorted().toList());
        }
        return content;
    }

    private static Map<String, String> header(Connection connection) throws SQLException {
        Map<String, String> header = new TreeMap<>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT name, value FROM header")) {
            while (row.next()) {
                header.put(row.getString(1), row.getString(2));
            }
        }
        return header;
    }

    private static Optional<OrderInput.PriorUse> priorUse(Journal journal, String key) {
        return journal.read(it -> OrderStore.priorUse(it, new KeyUse.Name("local/A1", key)));
    }

    private long eventsInDatabase() throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM journal")) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }

    private void assertNothingUsable() throws SQLException {
        assertThat(file).isRegularFile();
        assertThatThrownBy(() -> database.open(TABLES))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("a copy that was not finished")
                .hasMessageContaining("./kis journal migrate");
        try (var connection = database.connect()) {
            assertThat(header(connection)).doesNotContainKey("schema");
        }
    }

    /** Stops a copy after its first batch. */
    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static JournalFile.Progress stoppingAfterABatch() {
        Map<String, Long> first = new HashMap<>();
        return (step, done, _) -> {
            if (step.startsWith("copying")
                    && !first.computeIfAbsent(step, _ -> done).equals(done)) {
                throw new Interrupted();
            }
        };
    }

    // ---- to the database ----

    @Test
    void the_journal_in_the_database_is_the_same_and_goes_on() throws SQLException {
        Map<String, List<String>> before;
        Map<String, String> header;
        List<Order> orders;
        var store = new OrderStore();
        try (var connection = sqlite(file)) {
            before = content(connection);
            header = header(connection);
            orders = store.openAndToday(connection, TODAY, TODAY);
        }
        assertThat(before.values()).allSatisfy(rows -> assertThat(rows).isNotEmpty());

        var outcome = (Outcome.Moved) migrate();

        assertThat(outcome.entries()).isEqualTo(before.get("journal").size());
        assertThat(file).doesNotExist();
        assertThat(outcome.files())
                .containsExactly(folder.resolve("journal.db.migrated.20261120T010000000Z"))
                .allSatisfy(it -> assertThat(it).isRegularFile());
        try (var connection = database.connect()) {
            assertThat(content(connection)).isEqualTo(before);
            assertThat(header(connection)).isEqualTo(header);
        }
        try (Journal journal = database.open(TABLES)) {
            assertThat(journal.id()).isEqualTo(header.get("journal_id"));
            assertThat(journal.fence()).isEqualTo(1 + Long.parseLong(header.get("fence")));
            List<Order> moved = journal.read(it -> store.openAndToday(it, TODAY, TODAY));
            assertThat(moved).isEqualTo(orders);
            Map<String, String> parents = journal.read(it -> new ParentStore().openAccounts(it));
            assertThat(parents).isEqualTo(Map.of(OPEN_PARENT, "A1"));
            assertThat(priorUse(journal, "k1")).isEmpty(); // pruned
            assertThat(priorUse(journal, "k4"))
                    .hasValueSatisfying(use -> assertThat(use.kind()).isEqualTo(KeyUse.Kind.PLACE));
            long next = 1 + journal.lastSeq().get("A1");
            journal.commit(
                    List.of(new JournalEntry("A1", next, NOW, TODAY, "Note", 1, journal.fence(), OPEN_PARENT, "{}")),
                    _ -> {});
        }
    }

    @Test
    void a_copy_interrupted_after_each_batch_is_continued_until_it_is_complete() throws SQLException {
        Map<String, List<String>> before;
        try (var connection = sqlite(file)) {
            before = content(connection);
        }
        long events = -1;
        int interruptions = 0;
        while (true) {
            try {
                migrate(database, stoppingAfterABatch());
                break;
            } catch (Interrupted _) {
                interruptions++;
                assertNothingUsable();
                assertThat(eventsInDatabase()).isGreaterThanOrEqualTo(events);
                events = eventsInDatabase();
            }
        }
        assertThat(interruptions).isGreaterThan(10);
        try (var connection = database.connect()) {
            assertThat(content(connection)).isEqualTo(before);
        }
        database.open(TABLES).close();
    }

    @Test
    void an_interrupted_copy_continues_behind_what_it_has() throws SQLException {
        assertThatThrownBy(() -> migrate(database, stoppingAfterABatch())).isInstanceOf(Interrupted.class);
        Map<String, Long> first = new TreeMap<>();
        migrate(database, (step, done, _) -> first.putIfAbsent(step, done));
        assertThat(first).containsEntry("comparing what was copied", 1_000L).containsEntry("copying events", 1_000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "UPDATE journal SET subject = 'other' WHERE stream = 'A1' AND seq = 3000;A row of the table journal",
                "UPDATE orders SET trading_day = '2026-11-21' WHERE order_id = (SELECT max(order_id) FROM orders);A row of the table orders",
                "UPDATE idempotency SET order_id = 'other' WHERE order_id = (SELECT max(order_id) FROM idempotency);A row of the table idempotency",
                "UPDATE parents SET account = 'A2';A row of the table parents",
                "UPDATE streams SET last_seq = last_seq + 1;A row of the table streams",
                "UPDATE pruned SET entries = entries + 1;A row of the table pruned",
                "UPDATE pruned_links SET seq = seq + 1;A row of the table pruned_links",
                "DELETE FROM orders WHERE order_id = (SELECT max(order_id) FROM orders);The copy of the table orders has",
            })
    void a_copy_of_which_one_row_differs_in_the_end_is_not_used(String change, String sentence) throws SQLException {
        var changed = new AtomicBoolean();
        JournalFile.Progress changing = (step, _, _) -> {
            if (step.equals("comparing events") && changed.compareAndSet(false, true)) {
                database.execute(change);
            }
        };
        assertThatThrownBy(() -> migrate(database, changing))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(sentence);
        assertThat(changed).isTrue();
        assertNothingUsable();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "UPDATE journal SET payload = '{}' WHERE stream = 'A1' AND seq = 3000;event A1/3000 is damaged",
                "UPDATE journal SET trading_day = 'never' WHERE stream = 'A1' AND seq = 3000;event A1/3000 is damaged",
                "UPDATE journal SET hash = zeroblob(32) WHERE stream = 'A1' AND seq = 3000;its hash differs",
                "UPDATE journal SET hash = NULL WHERE stream = 'A1' AND seq = 3000;its hash differs",
                "DELETE FROM journal WHERE stream = 'A1' AND seq = 3000;events before A1/3001 are missing",
                "DELETE FROM journal WHERE stream = 'A1' AND seq > 5000;should be there",
                "DELETE FROM journal WHERE stream = 'parents';stream parents has 0 events, and 1 should be there",
                "DELETE FROM pruned_links;are missing",
                "UPDATE pruned SET entries = entries + 1 WHERE stream = 'A1';should be there",
                "UPDATE journal SET seq = 9999 WHERE stream = 'A1' AND seq = 5000;A1",
            })
    void a_damaged_journal_stops_the_copy_and_nothing_usable_is_left(String change, String sentence)
            throws SQLException {
        sql(change);
        assertThatThrownBy(this::migrate).isInstanceOf(JournalException.class).hasMessageContaining(sentence);
        assertNothingUsable();
        assertThatThrownBy(this::migrate).hasMessageContaining(sentence);
    }

    @Test
    void an_older_file_than_was_used_in_the_folder_is_not_moved() throws Exception {
        byte[] older = Files.readAllBytes(file);
        append(new JournalEntry("gateway", 1, NOW, TODAY, "Note", 1, 3, "gateway", "{}"));
        Files.write(file, older);
        assertThatThrownBy(this::migrate)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("is older than the files beside it");
        assertThat(file).isRegularFile();
    }

    @Test
    void a_database_with_another_journal_is_refused_without_a_change() throws SQLException {
        try (var other = new JournalPlace.Database(otherFolder)) {
            other.open(TABLES).close();
            Map<String, String> header;
            try (var connection = other.connect()) {
                header = header(connection);
            }
            assertThatThrownBy(() -> migrate(other, NO_PROGRESS))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(
                            "The journal " + header.get("journal_id") + " is in the schema kis_gateway_sim")
                    .hasMessageContaining("Nothing was changed");
            try (var connection = other.connect()) {
                assertThat(header(connection)).isEqualTo(header);
                assertThat(content(connection).values())
                        .allSatisfy(rows -> assertThat(rows).isEmpty());
            }
        }
        assertThat(file).isRegularFile();
    }

    @Test
    void an_unfinished_copy_that_differs_is_refused_without_a_change_and_what_to_do_is_named() throws SQLException {
        assertThatThrownBy(() -> migrate(database, stoppingAfterABatch())).isInstanceOf(Interrupted.class);
        append(new JournalEntry("A0", 1, NOW, TODAY, "Note", 1, 3, "A0", "{}")); // before the first that was copied
        assertThatThrownBy(this::migrate)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("whose table journal differs")
                .hasMessageContaining("DROP SCHEMA kis_gateway_sim CASCADE");
        assertThat(eventsInDatabase()).isEqualTo(1_000);
        assertNothingUsable();
    }

    @Test
    void a_copy_whose_lease_another_takes_writes_no_further_batch() throws SQLException {
        var taken = new AtomicBoolean();
        assertThatThrownBy(() -> migrate(database, (step, done, _) -> {
                    if (step.equals("copying events") && done > 0 && taken.compareAndSet(false, true)) {
                        database.execute("UPDATE lease SET epoch = epoch + 1, holder = 'other'");
                    }
                }))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("belongs to another gateway");
        assertThat(eventsInDatabase()).isEqualTo(1_000);
        assertThat(file).isRegularFile();
    }

    @Test
    void a_move_that_ended_before_the_file_was_renamed_is_finished_although_another_gateway_went_on() throws Exception {
        byte[] content = Files.readAllBytes(file);
        migrate();
        Files.write(file, content);
        try (Journal journal = PostgresJournal.open(
                database.postgres(),
                database.lease(),
                otherFolder.resolve("journal.db"),
                "sim",
                TABLES,
                JournalWitness.none())) {
            journal.commit(
                    List.of(new JournalEntry("gateway", 1, NOW, TODAY, "Note", 1, journal.fence(), "gateway", "{}")),
                    _ -> {});
        }
        long events = eventsInDatabase();
        assertThat(migrate()).isInstanceOf(Outcome.Moved.class);
        assertThat(file).doesNotExist();
        assertThat(eventsInDatabase()).isEqualTo(events);
    }

    @Test
    void a_file_that_was_used_after_its_copy_was_complete_is_refused() throws Exception {
        byte[] content = Files.readAllBytes(file);
        migrate();
        Files.write(file, content);
        append(new JournalEntry("gateway", 1, NOW, TODAY, "Note", 1, 3, "gateway", "{}"));
        assertThatThrownBy(this::migrate)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("it lacks 1 events of gateway")
                .hasMessageContaining("Nothing was changed");
        assertThat(file).isRegularFile();
    }

    @Test
    void a_second_move_finds_the_first_and_names_the_database_if_it_is_another() throws SQLException {
        migrate();
        assertThat(migrate())
                .isEqualTo(new Outcome.MovedBefore(folder.resolve("journal.db.migrated.20261120T010000000Z")));
        try (var other = new JournalPlace.Database(otherFolder)) {
            assertThatThrownBy(() -> migrate(other, NO_PROGRESS))
                    .hasMessageContaining("was moved to the PostgreSQL database "
                            + database.postgres().address())
                    .hasMessageContaining("check DATABASE_URL");
        }
    }

    // ---- to a file ----

    @Test
    void a_copy_of_the_database_is_a_sound_file_with_the_state_of_one_instant() throws SQLException {
        migrate();
        Path copy = folder.resolve("copy.db");
        Map<String, List<String>> before;
        try (Journal journal = database.open(TABLES)) {
            try (var connection = database.connect()) {
                before = content(connection);
            }
            var seq = new long[1];
            var report = JournalCopy.toFile(
                    database.postgres(),
                    "sim",
                    TABLES,
                    copy,
                    Damage.REFUSE,
                    (_, _, _) -> journal.commit( // the gateway continues
                            List.of(new JournalEntry(
                                    "gateway", ++seq[0], NOW, TODAY, "Note", 1, journal.fence(), "gateway", "{}")),
                            _ -> {}));
            assertThat(report.entries()).isEqualTo(before.get("journal").size());
            assertThat(seq[0]).isPositive();
        }
        try (var connection = sqlite(copy)) {
            assertThat(content(connection)).isEqualTo(before);
        }
        try (JournalFile journal = JournalFile.open(copy, "sim", TABLES)) {
            assertThat(JournalAudit.verify(journal, NO_PROGRESS).findings()).isEmpty();
        }
    }

    @Test
    void damage_in_the_database_is_copied_only_for_a_tool_that_lists_it() {
        migrate();
        database.execute("UPDATE journal SET payload = '{}' WHERE stream = 'A1' AND seq IN (3000, 4000)");
        Path refused = folder.resolve("refused.db");
        assertThatThrownBy(() ->
                        JournalCopy.toFile(database.postgres(), "sim", TABLES, refused, Damage.REFUSE, NO_PROGRESS))
                .hasMessageContaining("event A1/3000 is damaged");
        assertThatThrownBy(() -> JournalFile.open(refused, "sim", TABLES)).hasMessageContaining("not finished");
        assertThatThrownBy(() -> SqliteJournal.open(refused, "sim", TABLES, CLOCK))
                .hasMessageContaining("not finished");

        Path copy = folder.resolve("copy.db");
        JournalCopy.toFile(database.postgres(), "sim", TABLES, copy, Damage.COPY, NO_PROGRESS);
        try (JournalFile journal = JournalFile.open(copy, "sim", TABLES)) {
            assertThat(JournalAudit.verify(journal, NO_PROGRESS).findings())
                    .anyMatch(it -> it.contains("A1/3000"))
                    .anyMatch(it -> it.contains("A1/4000"));
        }
    }
}
