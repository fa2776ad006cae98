package kr.kisgateway.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every journal does, wherever it is. */
abstract class JournalContract {
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T01:00:00Z"));

    @TempDir
    Path folder;

    private JournalPlace place;

    abstract JournalPlace createPlace(Path folder);

    @BeforeEach
    void createPlace() {
        place = createPlace(folder);
    }

    @AfterEach
    void closePlace() {
        place.close();
    }

    JournalPlace place() {
        return place;
    }

    Journal open() {
        return place.open(_ -> {});
    }

    static JournalEntry entry(long seq, String payload) {
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

    static List<JournalEntry> entries(Journal journal) {
        return journal.read(connection -> {
            List<JournalEntry> found = new ArrayList<>();
            JournalRows.entriesOf(connection, "ord_1", found::add);
            return found;
        });
    }

    @Test
    void committed_entries_survive_reopening() {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{\"a\":1}"), entry(2, "{\"가\":2}")), _ -> {});
        }
        try (Journal journal = open()) {
            assertThat(entries(journal)).containsExactly(entry(1, "{\"a\":1}"), entry(2, "{\"가\":2}"));
            assertThat(journal.lastSeq()).containsExactly(Map.entry("A1", 2L));
        }
    }

    @Test
    void a_failed_commit_writes_nothing_and_closes_the_journal() {
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
    void a_commit_interrupted_by_a_defect_is_not_part_of_the_next() {
        try (Journal journal = open()) {
            assertThatThrownBy(() -> journal.commit(List.of(entry(1, "{}")), _ -> {
                        throw new IllegalStateException("a defect");
                    }))
                    .hasMessage("a defect");
            assertThatThrownBy(() -> journal.commit(List.of(entry(2, "{}")), _ -> {}))
                    .isInstanceOf(JournalException.class);
        }
        try (Journal journal = open()) {
            assertThat(entries(journal)).isEmpty();
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
    void a_changed_byte_is_detected_when_it_is_read() {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{\"qty\":1}")), _ -> {});
        }
        place.execute("UPDATE journal SET payload = '{\"qty\":9}'");
        try (Journal journal = open()) {
            assertThatThrownBy(() -> entries(journal)).hasMessageContaining("A1/1 is damaged");
        }
    }

    @Test
    @Requirement(value = "G-01", clause = "fenced")
    void each_opening_raises_the_fence_and_preserves_the_name() {
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
    void a_journal_of_a_newer_release_is_refused() {
        open().close();
        place.execute("UPDATE header SET value = '99' WHERE name IN ('schema', 'readable_from')");
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

    @Test
    void a_journal_of_another_environment_is_refused() {
        open().close();
        assertThatThrownBy(() -> place.open("live", _ -> {}))
                .hasMessageContaining("belongs to environment 'sim'")
                .hasMessageContaining("'live'");
    }
}
