package kr.kisgateway.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path folder;

    private Journal open() {
        return Journal.open(folder.resolve("journal.db"), "sim", _ -> {});
    }

    private static JournalEntry entry(long seq, String payload) {
        return new JournalEntry(
                "A1",
                seq,
                Instant.parse("2026-11-20T01:00:00.123456Z"),
                LocalDate.of(2026, 11, 20),
                "T",
                1,
                1,
                "ord_1",
                payload);
    }

    private static List<JournalEntry> entries(Journal journal) {
        return journal.read(connection -> {
            List<JournalEntry> found = new ArrayList<>();
            Journal.entriesOf(connection, "ord_1", found::add);
            return found;
        });
    }

    @Test
    void what_was_committed_is_there_after_opening_again() {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{\"a\":1}"), entry(2, "{\"가\":2}")), _ -> {});
        }
        try (Journal journal = open()) {
            assertThat(entries(journal)).containsExactly(entry(1, "{\"a\":1}"), entry(2, "{\"가\":2}"));
            assertThat(journal.lastSeq()).containsExactly(Map.entry("A1", 2L));
        }
    }

    @Test
    void a_commit_that_fails_leaves_nothing_and_closes_the_journal() {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}")), _ -> {});
            assertThatThrownBy(() -> journal.commit(List.of(entry(2, "{}")), _ -> {
                        throw new SQLException("disk full");
                    }))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("disk full");
            assertThatThrownBy(() -> journal.commit(List.of(entry(2, "{}")), _ -> {}))
                    .isInstanceOf(JournalException.class);
        }
        try (Journal journal = open()) {
            assertThat(entries(journal)).hasSize(1);
        }
    }

    @Test
    void a_position_cannot_be_used_twice() {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}")), _ -> {});
            assertThatThrownBy(() -> journal.commit(List.of(entry(1, "{\"other\":1}")), _ -> {}))
                    .isInstanceOf(JournalException.class);
        }
    }

    @Test
    void a_changed_byte_is_noticed_when_it_is_read() throws SQLException {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{\"qty\":1}")), _ -> {});
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
                var statement = connection.createStatement()) {
            statement.execute("UPDATE journal SET payload = '{\"qty\":9}'");
        }
        try (Journal journal = open()) {
            assertThatThrownBy(() -> entries(journal)).hasMessageContaining("A1/1 is damaged");
        }
    }

    @Test
    void each_opening_raises_the_fence_and_keeps_the_name() {
        String id;
        try (Journal journal = open()) {
            assertThat(journal.fence()).isEqualTo(1);
            id = journal.id();
        }
        try (Journal journal = open()) {
            assertThat(journal.fence()).isEqualTo(2);
            assertThat(journal.id()).isEqualTo(id);
        }
    }

    @Test
    void another_environment_is_refused_with_what_to_do() {
        open().close();
        assertThatThrownBy(() -> Journal.open(folder.resolve("journal.db"), "live", _ -> {}))
                .hasMessageContaining("belongs to environment 'sim'")
                .hasMessageContaining("GATEWAY_DATA_DIR");
    }

    @Test
    void a_file_of_a_newer_release_is_refused() throws SQLException {
        open().close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
                var statement = connection.createStatement()) {
            statement.execute("UPDATE header SET value = '99' WHERE name = 'schema'");
        }
        assertThatThrownBy(this::open).hasMessageContaining("newer release");
    }

    @Test
    void a_reader_cannot_write() {
        try (Journal journal = open()) {
            assertThatThrownBy(() -> journal.read(connection -> {
                        try (var statement = connection.createStatement()) {
                            return statement.executeUpdate("DELETE FROM header");
                        }
                    }))
                    .isInstanceOf(JournalException.class);
        }
    }
}
