package kr.kisgateway.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal that really runs out of disk: a process that may write files of a few megabytes only ({@code ulimit -f}), which
 * needs no right to mount anything.
 */
@Tag("slow")
class FullDiskTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final int GROUP = 20;

    @TempDir
    Path folder;

    private static Journal open(Path folder) {
        return SqliteJournal.open(
                folder.resolve("journal.db"),
                "sim",
                connection -> {
                    try (var statement = connection.createStatement()) {
                        statement.execute("CREATE TABLE IF NOT EXISTS seen(seq INTEGER PRIMARY KEY)");
                    }
                },
                InstantSource.fixed(NOW));
    }

    private static void commit(Journal journal, long from) {
        List<JournalEntry> entries = new ArrayList<>();
        for (long seq = from; seq < from + GROUP; seq++) {
            entries.add(new JournalEntry(
                    "A1", seq, NOW, LocalDate.of(2026, 11, 20), "T", 1, journal.fence(), "s" + seq, "x".repeat(500)));
        }
        journal.commit(entries, connection -> {
            try (var insert = connection.prepareStatement("INSERT INTO seen VALUES (?)")) {
                for (JournalEntry entry : entries) {
                    insert.setLong(1, entry.seq());
                    insert.executeUpdate();
                }
            }
        });
    }

    /** The limited process: commits until it cannot, and prints its position after each completed commit. */
    static final class Writer {
        public static void main(String[] args) {
            long seq = 1;
            try (Journal journal = open(Path.of(args[0]))) {
                while (true) {
                    commit(journal, seq);
                    seq += GROUP;
                    System.out.println("committed " + (seq - 1));
                }
            } catch (JournalException e) {
                System.out.println("refused " + e.getMessage());
            }
        }
    }

    private List<String> limited() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 3000; exec \"$@\"",
                        "limited",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.toString())
                .redirectError(folder.resolve("err").toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(folder.resolve("out"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("committed ") || line.startsWith("refused "))
                .toList();
    }

    private static long rows(Journal journal, String sql) {
        return journal.onWriter(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery(sql)) {
                return row.next() ? row.getLong(1) : -1;
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void a_full_disk_leaves_no_partial_commit_and_commits_continue_with_room() throws Exception {
        List<String> output = limited();
        assertThat(output.getLast()).startsWith("refused a commit failed");
        long committed = Long.parseLong(output.get(output.size() - 2).substring("committed ".length()));
        assertThat(committed).isGreaterThan(100);

        try (Journal journal = open(folder)) {
            long last = journal.lastSeq().getOrDefault("A1", 0L);
            // Everything reported as committed is there. The failed commit may be there whole or not at all: it was
            // reported as unknown.
            assertThat(last).isIn(committed, committed + GROUP);
            assertThat(rows(journal, "SELECT count(*) FROM journal")).isEqualTo(last);
            assertThat(rows(journal, "SELECT count(*) FROM seen")).isEqualTo(last);
            assertThat(rows(journal, "SELECT max(seq) FROM journal")).isEqualTo(last);
            commit(journal, last + 1);
        }
        try (JournalFile journal = JournalFile.open(folder.resolve("journal.db"), "sim", _ -> {})) {
            assertThat(JournalAudit.verify(journal, (_, _, _) -> {}).findings()).isEmpty();
        }
    }
}
