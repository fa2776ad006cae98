package kr.kisgateway.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import kr.kisgateway.gateway.database.Statements;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that a person with write access and knowledge of its form has changed. */
class JournalChainTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T01:00:00Z"));
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final JournalFile.Progress NO_PROGRESS = (_, _, _) -> {};

    @TempDir
    Path folder;

    private Path file;
    private final List<JournalCheckpoint> witnessed = new ArrayList<>();

    /** Two streams in commits of one to three events; the last two checkpoints are those of the end. */
    @BeforeEach
    void createJournal() {
        file = folder.resolve("journal.db");
        try (Journal journal = open()) {
            journal.commit(List.of(entry("A1", 1), entry("A1", 2), entry("gateway", 1)), _ -> {});
            journal.commit(List.of(entry("A1", 3)), _ -> {});
        }
        try (Journal journal = open()) {
            journal.commit(List.of(entry("gateway", 2), entry("A1", 4)), _ -> {});
        }
    }

    private Journal open() {
        return SqliteJournal.open(file, "sim", _ -> {}, CLOCK, this::witness);
    }

    private void witness(String id, Map<String, ChainHead> heads) {
        heads.forEach((stream, head) -> witnessed.add(
                new JournalCheckpoint(id, stream, head, CLOCK.instant(), "row " + (witnessed.size() + 1))));
    }

    private static JournalEntry entry(String stream, long seq) {
        return new JournalEntry(stream, seq, CLOCK.instant(), DAY, "Note", 1, 1, "ord_" + seq, "{\"qty\":" + seq + "}");
    }

    private List<String> findings(JournalCheckpoint.Source checkpoints) {
        try (JournalFile journal = JournalFile.open(file, "sim", _ -> {})) {
            return JournalAudit.verify(journal, checkpoints, NO_PROGRESS).findings();
        }
    }

    private List<String> findings() {
        return findings(JournalCheckpoint.Source.none());
    }

    private interface Change {
        void on(Connection connection) throws SQLException;
    }

    private void change(Change change) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            change.on(connection);
        }
    }

    /** Replaces an event with a good checksum. */
    private static void rewrite(Connection connection, String stream, long seq, UnaryOperator<JournalEntry> change)
            throws SQLException {
        JournalEntry old = read(
                        connection,
                        "SELECT " + JournalRows.COLUMNS + " FROM journal WHERE stream = '" + stream + "' AND seq = "
                                + seq)
                .getFirst();
        JournalEntry changed = change.apply(old);
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE journal SET payload = ?, subject = ?, crc = ? WHERE stream = ? AND seq = ?")) {
            update.setString(1, changed.payload());
            update.setString(2, changed.subject());
            update.setLong(3, JournalRows.crc(changed));
            update.setString(4, stream);
            update.setLong(5, seq);
            update.executeUpdate();
        }
    }

    private static List<JournalEntry> read(Connection connection, String sql) throws SQLException {
        List<JournalEntry> entries = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                entries.add(JournalRows.entry(row));
            }
        }
        return entries;
    }

    /** Computes all hashes of a stream again, as who knows the form can. */
    private static void rehash(Connection connection, String stream) throws SQLException {
        byte[] hash = JournalChain.start(Schema.header(connection, Schema.ID).orElseThrow(), stream);
        for (JournalEntry entry : read(
                connection,
                "SELECT " + JournalRows.COLUMNS + " FROM journal WHERE stream = '" + stream + "' ORDER BY seq")) {
            hash = JournalChain.next(hash, entry);
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE journal SET hash = ? WHERE stream = ? AND seq = ?")) {
                update.setBytes(1, hash);
                update.setString(2, stream);
                update.setLong(3, entry.seq());
                update.executeUpdate();
            }
        }
    }

    private static JournalEntry withPayload(JournalEntry entry, String payload) {
        return new JournalEntry(
                entry.stream(),
                entry.seq(),
                entry.at(),
                entry.tradingDay(),
                entry.type(),
                entry.version(),
                entry.fence(),
                entry.subject(),
                payload);
    }

    @Test
    void a_chain_over_two_openings_and_two_streams_is_sound_and_agrees_with_its_checkpoints() {
        assertThat(witnessed).hasSize(4);
        try (JournalFile journal = JournalFile.open(file, "sim", _ -> {})) {
            var report = JournalAudit.verify(journal, witnessed::forEach, NO_PROGRESS);
            assertThat(report.findings()).isEmpty();
            assertThat(report.checkpoints()).isEqualTo(4);
        }
    }

    @Test
    void a_changed_event_with_a_good_checksum_is_found_by_its_hash() throws SQLException {
        change(connection -> rewrite(connection, "A1", 2, it -> withPayload(it, "{\"qty\":20}")));
        assertThat(findings())
                .containsExactly(
                        "event A1/2 is not as it was written, or does not follow the event before it: its hash differs");
    }

    @Test
    void two_exchanged_events_are_found() throws SQLException {
        change(connection -> {
            rewrite(connection, "A1", 2, it -> withPayload(it, "{\"qty\":3}"));
            rewrite(connection, "A1", 3, it -> withPayload(it, "{\"qty\":2}"));
        });
        assertThat(findings()).hasSize(2).allMatch(finding -> finding.contains("its hash differs"));
    }

    @Test
    void an_event_without_a_hash_is_found_and_ends_an_opening() throws SQLException {
        change(connection ->
                Statements.execute(connection, "UPDATE journal SET hash = NULL WHERE stream = 'A1' AND seq = 4"));
        assertThat(findings()).singleElement().asString().startsWith("event A1/4 is not as it was written");
        assertThatThrownBy(this::open).isInstanceOf(JournalException.class).hasMessageContaining("A1/4 has no hash");
    }

    @Test
    void hashes_that_were_all_computed_again_contradict_the_checkpoints() throws SQLException {
        change(connection -> {
            rewrite(connection, "A1", 2, it -> withPayload(it, "{\"qty\":20}"));
            rehash(connection, "A1");
        });
        assertThat(findings()).isEmpty();
        assertThat(findings(witnessed::forEach))
                .containsExactly("events of A1 up to 3 are not those that were written: row 1 has another hash");
    }

    @Test
    void events_removed_at_the_end_contradict_the_checkpoints() throws SQLException {
        change(connection -> Statements.execute(
                connection,
                "DELETE FROM journal WHERE stream = 'A1' AND seq > 2",
                "UPDATE streams SET last_seq = 2 WHERE stream = 'A1'"));
        assertThat(findings()).isEmpty();
        assertThat(findings(witnessed::forEach)).containsExactly("stream A1 ends at 2, and row 1 has its event 3");
    }

    @Test
    void an_accepted_older_journal_is_noted_and_only_what_is_changed_since_contradicts_its_checkpoints()
            throws Exception {
        change(connection -> Statements.execute(
                connection,
                "DELETE FROM journal WHERE stream = 'A1' AND seq > 2",
                "UPDATE streams SET last_seq = 2 WHERE stream = 'A1'"));
        var later = InstantSource.fixed(CLOCK.instant().plusSeconds(1));
        assertThat(JournalFolder.init(file, "sim", _ -> {}, later)).isInstanceOf(JournalFolder.Init.Accepted.class);
        try (JournalFile journal = JournalFile.open(file, "sim", _ -> {})) {
            var report = JournalAudit.verify(journal, witnessed::forEach, NO_PROGRESS);
            assertThat(report.findings()).isEmpty();
            assertThat(report.notes())
                    .containsExactly("an older journal was accepted at 2026-11-20T01:00:01Z, with A1 ending at 2,"
                            + " gateway ending at 2");
        }
        change(connection -> {
            rewrite(connection, "gateway", 1, it -> withPayload(it, "{}"));
            rehash(connection, "gateway");
        });
        assertThat(findings(witnessed::forEach)).singleElement().asString().startsWith("events of gateway up to 1");
    }

    @Test
    void checkpoints_of_another_journal_are_not_compared() {
        assertThat(findings(reader -> reader.accept(new JournalCheckpoint(
                        "another", "A1", new ChainHead(9, new byte[32]), CLOCK.instant(), "row 1"))))
                .isEmpty();
    }

    @Test
    void a_checkpoint_of_a_pruned_event_is_not_missed_and_the_chain_goes_on_past_the_pruned_ones() throws Exception {
        var tables = new Ended("ord_2", "ord_3");
        try (JournalFile journal = JournalFile.open(file, "sim", tables)) {
            assertThat(JournalPrune.prune(journal, DAY, NO_PROGRESS).entries()).isEqualTo(3); // gateway/2, too
        }
        assertThat(findings(witnessed::forEach)).isEmpty();
        try (Journal journal = open()) {
            journal.commit(List.of(entry("gateway", 3), entry("A1", 5)), _ -> {});
        }
        assertThat(findings(witnessed::forEach)).isEmpty();
        try (JournalFile journal = JournalFile.open(file, "sim", new Ended("ord_1", "ord_3", "ord_4"))) {
            JournalPrune.prune(journal, DAY, NO_PROGRESS);
        }
        assertThat(findings(witnessed::forEach)).isEmpty();
        change(connection -> Statements.execute(connection, "DELETE FROM pruned_links"));
        assertThat(findings()).contains("the hash of the pruned event A1/4 is missing");
    }

    @Test
    void a_journal_without_hashes_gets_them_with_its_pruned_ones_left_out() throws Exception {
        try (JournalFile journal = JournalFile.open(file, "sim", new Ended("ord_2"))) {
            JournalPrune.prune(journal, DAY, NO_PROGRESS);
        }
        change(connection -> Statements.execute(
                connection,
                "ALTER TABLE journal DROP COLUMN hash",
                "DROP TABLE pruned_links",
                "UPDATE header SET value = '2' WHERE name = 'schema'"));
        try (Journal journal = open()) {
            journal.commit(List.of(entry("gateway", 3)), _ -> {});
        }
        assertThat(findings()).isEmpty();
    }

    /** Tables of which the given subjects ended long ago. */
    private record Ended(List<String> subjects) implements Journal.Tables {
        Ended(String... subjects) {
            this(List.of(subjects));
        }

        @Override
        public void create(Connection connection) {
            // none
        }

        @Override
        public Optional<String> endedSubjectsQuery() {
            return Optional.of("SELECT DISTINCT subject FROM journal WHERE trading_day <= ?1 AND subject IN ('"
                    + String.join("','", subjects) + "')");
        }
    }
}
