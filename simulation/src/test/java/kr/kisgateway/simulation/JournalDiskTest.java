package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.LongStream;
import kr.kisgateway.gateway.journal.JournalEntry;
import org.junit.jupiter.api.Test;

class JournalDiskTest {
    @Test
    void a_tail_torn_at_any_byte_leaves_complete_commits_only() {
        int tail = written().unsyncedBytes();
        for (int survivingBytes = 0; survivingBytes <= tail; survivingBytes++) {
            var disk = written();
            disk.tear(survivingBytes);
            assertThat(disk.read().stream().map(JournalEntry::seq))
                    .as("with %s of %s bytes surviving", survivingBytes, tail)
                    .isIn(List.of(1L, 2L), List.of(1L, 2L, 3L), List.of(1L, 2L, 3L, 4L, 5L));
            assertThat(disk.unsyncedBytes()).isZero();
        }
    }

    @Test
    void synced_commits_are_never_torn() {
        var disk = written();
        disk.sync();
        disk.tear(0);
        assertThat(disk.read()).isEqualTo(List.of(entry(1), entry(2), entry(3), entry(4), entry(5)));
    }

    @Test
    void only_synced_entries_count_as_durable() {
        var disk = written();
        assertThat(disk.count("Accepted", "order 2")).isEqualTo(1);
        assertThat(disk.isDurable("Accepted", "order 3")).isFalse();
        disk.sync();
        assertThat(disk.isDurable("Accepted", "order 3")).isTrue();
    }

    /** One durable commit, and two behind it in the cache. */
    private static JournalDisk written() {
        var disk = new JournalDisk();
        disk.write(entries(1, 2));
        disk.sync();
        disk.write(entries(3, 3));
        disk.write(entries(4, 5));
        return disk;
    }

    private static List<JournalEntry> entries(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(JournalDiskTest::entry).toList();
    }

    private static JournalEntry entry(long seq) {
        return new JournalEntry(
                "A1",
                seq,
                Instant.parse("2026-11-20T00:00:00.000001Z"),
                LocalDate.of(2026, 11, 20),
                "Accepted",
                1,
                1,
                "order " + seq,
                "{\"a\":\"가\"}");
    }
}
