package kr.kisgateway.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal on SQLite: its contract, and what its files detect. */
@Tag("slow")
class JournalTest extends JournalContract {
    private static final String ENDLESS =
            "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c";

    @Override
    JournalPlace createPlace(Path folder) {
        return new JournalPlace.Sqlite(folder, CLOCK);
    }

    /** The folder as a killed process leaves it after two commits of which the first alone was moved into the file. */
    private void leaveKilled(boolean logLost) throws IOException, SQLException {
        Path file = folder.resolve("journal.db");
        Map<Path, byte[]> left = new HashMap<>();
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}")), _ -> {});
            try (var connection = SqliteJournal.connect(file);
                    var statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            left.put(file, Files.readAllBytes(file));
            journal.commit(List.of(entry(2, "{}"), entry(3, "{}")), _ -> {});
            for (String name : List.of("journal.db-wal", "journal.position", "journal.tail")) {
                left.put(folder.resolve(name), Files.readAllBytes(folder.resolve(name)));
            }
        }
        assertThat(folder.resolve("journal.tail")).as("after a close").doesNotExist();
        if (logLost) {
            left.put(folder.resolve("journal.db-wal"), new byte[0]);
        }
        for (var each : left.entrySet()) {
            Files.write(each.getKey(), each.getValue());
        }
    }

    @Test
    void a_journal_whose_log_lost_the_last_commit_is_refused_until_it_is_accepted() throws Exception {
        leaveKilled(true);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("it lacks the last 2 events")
                    .hasMessageContaining("journal.tail")
                    .hasMessageContaining("./kis journal init");
        }
        assertThat(JournalFolder.init(folder.resolve("journal.db"), "sim", _ -> {}, CLOCK))
                .isInstanceOfSatisfying(
                        JournalFolder.Init.Accepted.class,
                        accepted -> assertThat(accepted.missing()).contains("the last 2 events"));
        try (Journal journal = open()) {
            assertThat(entries(journal)).hasSize(1);
        }
    }

    @Test
    void a_journal_of_a_killed_process_opens_with_its_log() throws Exception {
        leaveKilled(false);
        try (Journal journal = open()) {
            assertThat(entries(journal)).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kis-gateway journal tail 1", "\u00ff\u0000 something else", "1 2 3 4 5 6 7"})
    void an_unreadable_tail_stops_no_start(String text) throws Exception {
        leaveKilled(false);
        Files.writeString(folder.resolve("journal.tail"), text);
        try (Journal journal = open()) {
            assertThat(entries(journal)).hasSize(3);
        }
    }

    @Test
    void a_damaged_or_incomplete_backup_does_not_count_as_one() throws Exception {
        try (Journal journal = open()) {
            for (int seq = 1; seq <= 50; seq++) {
                journal.commit(List.of(entry(seq, "x".repeat(1_000))), _ -> {});
            }
        }
        Path file = folder.resolve("journal.db");
        Schema.check(file, 50);
        assertThatThrownBy(() -> Schema.check(file, 51)).hasMessageContaining("not complete");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 4_096, bytes.length, (byte) 0); // all but the first page
        Files.write(file, bytes);
        assertThatThrownBy(() -> Schema.check(file, 50)).hasMessageContaining("the copy is damaged");
    }

    @Test
    void a_commit_on_a_full_disk_leaves_no_trace() {
        try (Journal journal = open()) {
            journal.commit(List.of(entry(1, "{}")), _ -> {});
            assertThatThrownBy(() ->
                            journal.commit(List.of(entry(2, "{}"), entry(3, "x".repeat(100_000))), connection -> {
                                try (var statement = connection.createStatement()) {
                                    statement.execute("CREATE TABLE late(x)");
                                    statement.execute(
                                            "PRAGMA max_page_count = 1"); // SQLite limits itself to its present size
                                    statement.execute("INSERT INTO late VALUES (zeroblob(100000))");
                                }
                            }))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("SQLITE_FULL");
        }
        try (Journal journal = open()) {
            assertThat(entries(journal)).hasSize(1);
            assertThat(journal.lastSeq()).containsExactly(Map.entry("A1", 1L));
            journal.commit(List.of(entry(2, "{}")), _ -> {});
            assertThat(entries(journal)).hasSize(2);
        }
    }

    @Test
    void an_endless_read_is_ended_and_its_reader_continues() {
        try (Journal journal = SqliteJournal.open(
                folder.resolve("journal.db"), "sim", _ -> {}, CLOCK, JournalWitness.none(), Duration.ofMillis(400))) {
            for (int i = 0; i < 3; i++) { // more tasks than readers
                assertThatThrownBy(() -> journal.read(JournalTest::endless)).hasMessageContaining("took too long");
            }
            assertThat(entries(journal)).isEmpty();
        }
    }

    @Test
    void two_endless_reads_delay_neither_commits_nor_other_threads_nor_the_close() throws Exception {
        var running = new CountDownLatch(2);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor();
                Journal journal = SqliteJournal.open(
                        folder.resolve("journal.db"),
                        "sim",
                        _ -> {},
                        CLOCK,
                        JournalWitness.none(),
                        Duration.ofHours(1))) {
            List<CompletableFuture<Long>> reads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                reads.add(CompletableFuture.supplyAsync(
                        () -> journal.read(connection -> {
                            running.countDown();
                            return endless(connection);
                        }),
                        callers));
            }
            assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
            for (int seq = 1; seq <= 200; seq++) {
                journal.commit(List.of(entry(seq, "{}")), _ -> {});
            }
            List<CompletableFuture<Void>> others = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                others.add(CompletableFuture.runAsync(() -> {}, callers));
            }
            CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
            assertThat(reads).noneMatch(CompletableFuture::isDone);

            journal.close();
            assertThat(reads)
                    .allSatisfy(read -> assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
                            .hasStackTraceContaining("SQLITE_INTERRUPT"));
        }
        try (Journal journal = open()) {
            assertThat(entries(journal)).hasSize(200);
        }
    }

    private static long endless(java.sql.Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(ENDLESS)) {
            return row.getLong(1);
        }
    }
}
