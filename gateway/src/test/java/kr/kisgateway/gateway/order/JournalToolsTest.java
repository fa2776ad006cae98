package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalAudit;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalExport;
import kr.kisgateway.gateway.journal.JournalExport.Format;
import kr.kisgateway.gateway.journal.JournalExport.Selection;
import kr.kisgateway.gateway.journal.JournalFile;
import kr.kisgateway.gateway.journal.JournalPrune;
import kr.kisgateway.gateway.journal.SqliteJournal;
import kr.kisgateway.gateway.order.JournalGenerator.Life;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator's tools for the journal of a stopped gateway. */
@Tag("slow")
class JournalToolsTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
    private static final Selection ALL = new Selection(Optional.empty(), Optional.empty(), Optional.empty());
    private static final JournalFile.Progress NO_PROGRESS = (_, _, _) -> {};

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void createJournalOfTwoDays() {
        file = folder.resolve("journal.db");
        try (var fill = new JournalGenerator(file, NOW)) {
            fill.add(TODAY.minusDays(50), 3, Life.FILLED); // A1/1 to 12
            fill.add(TODAY.minusDays(50), 1, Life.OPEN); // 13 to 15
            fill.add(TODAY.minusDays(50), 2, Life.CANCELED); // 16 to 21
            fill.add(TODAY, 2, Life.FILLED); // 22 to 29
        }
    }

    private JournalFile open() {
        return JournalFile.open(file, "sim", new OrderStore());
    }

    private JournalAudit.Report verify() {
        try (JournalFile journal = open()) {
            return JournalAudit.verify(journal, NO_PROGRESS);
        }
    }

    private JournalAudit.Report rebuild() {
        try (JournalFile journal = open()) {
            return JournalAudit.rebuild(journal, NO_PROGRESS);
        }
    }

    private void sql(String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private List<String> parquet(Path from, String columns) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var row = statement.executeQuery("SELECT " + columns + " FROM read_parquet('" + from + "')")) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    // ---- verify and rebuild ----

    @Test
    void a_sound_journal_has_no_findings() throws IOException {
        var report = verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(report.entries()).isEqualTo(29);
        try (var files = Files.list(folder)) {
            // no replay, no log left behind
            assertThat(files).containsExactlyInAnyOrder(file, folder.resolve("journal.position"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "UPDATE journal SET payload = replace(payload, '70000', '7000') WHERE seq = 1;event A1/1 is damaged",
                "UPDATE journal SET trading_day = 'never' WHERE seq = 2;event A1/2 is damaged",
                "DELETE FROM journal WHERE seq = 5;events A1/5 to 5 are missing",
                "DELETE FROM journal WHERE seq > 27;events A1/28 to 29 are missing",
                "UPDATE streams SET last_seq = 30;events A1/30 to 30 are missing",
                "UPDATE streams SET last_seq = 20;is recorded to end at 20",
                "UPDATE header SET value = '0' WHERE name = 'fence';was written by owner 1",
                "UPDATE orders SET status = 'EXPIRED' WHERE terminal = 0;table orders has a row without events",
                "DELETE FROM orders WHERE terminal = 0;table orders lacks a row of the events",
                "DELETE FROM idempotency WHERE key = 'k1';table idempotency lacks a row",
                "UPDATE idempotency SET kind = 'MODIFY' WHERE key = 'k1';k1",
            })
    void every_change_behind_the_journals_back_is_found(String change, String sentence) throws SQLException {
        sql(change);
        var report = verify();
        assertThat(report.isClean()).isFalse();
        assertThat(report.findings()).anySatisfy(finding -> assertThat(finding).contains(sentence));
    }

    @Test
    @Requirement(value = "G-01", clause = "fenced")
    void a_former_owner_that_writes_after_its_successor_is_found() throws Exception {
        try (Journal journal = SqliteJournal.open(file, "sim", new OrderStore(), InstantSource.fixed(NOW))) {
            assertThat(journal.fence()).isEqualTo(2);
            for (long[] written : new long[][] {{30, 2}, {31, 1}}) {
                journal.commit(
                        List.of(new kr.kisgateway.gateway.journal.JournalEntry(
                                "A1", written[0], NOW, TODAY, "Note", 1, written[1], "note", "{}")),
                        _ -> {});
            }
        }
        assertThat(verify().findings())
                .containsExactly(
                        "event A1/31 was written by owner 1, after owner 2 and with 2 as the last",
                        "note cannot be replayed: not an order id: note");
    }

    @Test
    void inconsistent_events_are_found() throws SQLException {
        try (Journal journal = SqliteJournal.open(file, "sim", new OrderStore(), InstantSource.fixed(NOW))) {
            journal.commit(
                    List.of(
                            new kr.kisgateway.gateway.journal.JournalEntry(
                                    "A1",
                                    30,
                                    NOW,
                                    TODAY,
                                    "Canceled",
                                    1,
                                    2,
                                    "ord_01M7V7FCY871Q2Y1EMXQCGDR4B",
                                    "{\"qty\":1}"),
                            new kr.kisgateway.gateway.journal.JournalEntry(
                                    "A1", 31, NOW, TODAY, "Teleported", 1, 2, "ord_01M7V7FCY871Q2Y1EMXQCGDR4C", "{}")),
                    _ -> {});
        }
        assertThat(verify().findings())
                .hasSize(2)
                .allMatch(finding -> finding.matches("ord_01M7V7FCY871Q2Y1EMXQCGDR4[BC] cannot be replayed: .*"));
    }

    @Test
    void an_inconsistent_event_about_all_orders_is_found() {
        try (Journal journal = SqliteJournal.open(file, "sim", new OrderStore(), InstantSource.fixed(NOW))) {
            journal.commit(
                    List.of(new kr.kisgateway.gateway.journal.JournalEntry(
                            ControlEvent.STREAM,
                            1,
                            NOW,
                            TODAY,
                            "KillSwitchSet",
                            ControlEventJson.VERSION,
                            2,
                            ControlEvent.STREAM,
                            "{\"on\":true,\"source\":\"NOBODY\",\"reason\":\"\"}")),
                    _ -> {});
        }
        assertThat(verify().findings()).singleElement().asString().startsWith("gateway cannot be replayed: ");
    }

    @Test
    @Requirement(value = "A-01", clause = "truth")
    void a_rebuild_restores_the_tables_from_the_events() throws SQLException {
        sql(
                "UPDATE orders SET status = 'EXPIRED', terminal = 1 WHERE terminal = 0",
                "DELETE FROM idempotency WHERE key LIKE 'k%'",
                "UPDATE streams SET last_seq = 3");
        var report = rebuild();
        assertThat(report.rebuilt()).isTrue();
        assertThat(report.findings()).isNotEmpty();
        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void a_rebuild_changes_no_table_while_events_are_damaged() throws SQLException {
        sql("DELETE FROM orders WHERE terminal = 0", "DELETE FROM journal WHERE seq = 5");
        assertThat(rebuild().rebuilt()).isFalse();
        assertThat(verify().findings()).anySatisfy(f -> assertThat(f).contains("table orders lacks a row"));
    }

    @Test
    void a_file_that_is_no_journal_of_this_release_is_refused_in_one_sentence() throws SQLException {
        assertThatThrownBy(() -> JournalFile.open(folder.resolve("none.db"), "sim", new OrderStore()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("there is no journal");
        assertThatThrownBy(() -> JournalFile.open(file, "mock", new OrderStore()))
                .hasMessageContaining("belongs to environment 'sim'");
        sql("UPDATE header SET value = '1' WHERE name = 'schema'");
        assertThatThrownBy(this::open).hasMessageContaining("start the gateway once");
        sql("UPDATE header SET value = '4' WHERE name = 'schema'");
        assertThatThrownBy(this::open).hasMessageContaining("newer release");
    }

    // ---- export ----

    @Test
    void an_export_contains_every_event_as_it_was_written() throws Exception {
        Path csv = folder.resolve("all.csv");
        Path parquet = folder.resolve("all.parquet");
        try (JournalFile journal = open()) {
            assertThat(JournalExport.write(journal, Format.CSV, csv, ALL, NO_PROGRESS))
                    .isEqualTo(29);
            assertThat(JournalExport.write(journal, Format.PARQUET, parquet, ALL, NO_PROGRESS))
                    .isEqualTo(29);
        }
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines).hasSize(30);
        assertThat(lines.getFirst()).isEqualTo("stream,seq,recorded_at,trading_day,type,v,fence,subject,payload,crc");
        assertThat(lines.get(1)).startsWith("\"A1\",1,2026-10-01T").contains("\"{\"\"account\"\":\"\"A1\"\"");
        List<String> payloads = new ArrayList<>();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT payload FROM journal ORDER BY stream, seq")) {
            while (row.next()) {
                payloads.add(row.getString(1));
            }
        }
        assertThat(parquet(parquet, "payload")).isEqualTo(payloads);
        assertThat(parquet(parquet, "epoch_us(recorded_at)").getFirst())
                .isEqualTo(first("SELECT at_us FROM journal WHERE seq = 1"));
        try (var files = Files.list(folder)) {
            assertThat(files).noneMatch(path -> path.toString().endsWith(".part"));
        }
    }

    private String first(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            return row.getString(1);
        }
    }

    @Test
    void an_export_can_be_limited_to_days_and_an_account() {
        try (JournalFile journal = open()) {
            assertThat(JournalExport.write(
                            journal,
                            Format.CSV,
                            folder.resolve("1.csv"),
                            new Selection(Optional.of(TODAY), Optional.of(TODAY), Optional.of("A1")),
                            NO_PROGRESS))
                    .isEqualTo(8);
            assertThat(JournalExport.write(
                            journal,
                            Format.CSV,
                            folder.resolve("2.csv"),
                            new Selection(Optional.empty(), Optional.of(TODAY.minusDays(1)), Optional.empty()),
                            NO_PROGRESS))
                    .isEqualTo(21);
            assertThat(JournalExport.write(
                            journal,
                            Format.CSV,
                            folder.resolve("3.csv"),
                            new Selection(Optional.empty(), Optional.empty(), Optional.of("A2")),
                            NO_PROGRESS))
                    .isZero();
        }
    }

    @Test
    void an_export_never_overwrites_a_file_and_never_copies_a_damaged_event() throws Exception {
        Path out = folder.resolve("mine.csv");
        Files.writeString(out, "precious");
        sql("UPDATE journal SET payload = '{}' WHERE seq = 7");
        try (JournalFile journal = open()) {
            assertThatThrownBy(() -> JournalExport.write(journal, Format.CSV, out, ALL, NO_PROGRESS))
                    .hasMessageContaining("exists already");
            assertThatThrownBy(
                            () -> JournalExport.write(journal, Format.CSV, folder.resolve("b.csv"), ALL, NO_PROGRESS))
                    .hasMessageContaining("A1/7 is damaged");
        }
        assertThat(out).hasContent("precious");
        assertThat(folder.resolve("b.csv")).doesNotExist();
    }

    // ---- prune ----

    @Test
    void a_prune_moves_orders_that_ended_long_ago_to_a_file() throws Exception {
        JournalPrune.Report report;
        try (JournalFile journal = open()) {
            report = JournalPrune.prune(journal, TODAY.minusDays(30), NO_PROGRESS);
        }
        assertThat(report.subjects()).isEqualTo(5);
        assertThat(report.entries()).isEqualTo(18);
        assertThat(parquet(report.archive().orElseThrow(), "seq"))
                .hasSize(18)
                .contains("1", "12", "16", "21")
                .doesNotContain("13");
        assertThat(verify().findings()).isEmpty();
        assertThat(verify().entries()).isEqualTo(11);
        assertThat(first("SELECT group_concat(key) FROM (SELECT key FROM idempotency ORDER BY key)"))
                .isEqualTo("k4,k7,k8");
        try (Journal journal = SqliteJournal.open(file, "sim", new OrderStore(), InstantSource.fixed(NOW))) {
            assertThat(journal.lastSeq()).containsEntry("A1", 29L); // no position is reused
            List<Order> orders = journal.onWriter(c -> new OrderStore().openAndToday(c, TODAY, TODAY));
            assertThat(orders).hasSize(3);
        }
        try (JournalFile journal = open()) {
            assertThat(JournalPrune.prune(journal, TODAY.minusDays(30), NO_PROGRESS))
                    .isEqualTo(new JournalPrune.Report(0, 0, Optional.empty()));
        }
    }

    @Test
    void lost_events_of_a_pruned_journal_are_still_detected() throws Exception {
        try (JournalFile journal = open()) {
            JournalPrune.prune(journal, TODAY.minusDays(30), NO_PROGRESS);
        }
        sql("DELETE FROM journal WHERE seq IN (14, 25)");
        assertThat(verify().findings())
                .anySatisfy(f -> assertThat(f).contains("events A1/25 to 25 are missing"))
                .anySatisfy(f -> assertThat(f).contains("19 events before 21 are missing, but 18 were pruned"));
    }

    @Test
    void repeated_prunes_add_up() {
        try (JournalFile journal = open()) {
            JournalPrune.prune(journal, TODAY.minusDays(30), NO_PROGRESS);
            var second = JournalPrune.prune(journal, TODAY.plusDays(1), NO_PROGRESS);
            assertThat(second.entries()).isEqualTo(8);
        }
        assertThat(verify().findings()).isEmpty();
        try (Journal journal = SqliteJournal.open(file, "sim", new OrderStore(), InstantSource.fixed(NOW))) {
            assertThat(journal.lastSeq()).containsEntry("A1", 29L);
        }
    }

    @Test
    void a_prune_with_a_failed_copy_removes_nothing() throws Exception {
        Files.writeString(folder.resolve("pruned"), "a file where the folder should be");
        try (JournalFile journal = open()) {
            assertThatThrownBy(() -> JournalPrune.prune(journal, TODAY.minusDays(30), NO_PROGRESS))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("nothing was removed");
        }
        assertThat(verify().findings()).isEmpty();
        assertThat(verify().entries()).isEqualTo(29);
    }
}
