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
    void a_tail_torn_at_any_byte_leaves_whole_commits_only() {
        int tail = written().unsyncedBytes();
        for (int kept = 0; kept <= tail; kept++) {
            var disk = written();
            disk.tear(kept);
            assertThat(disk.read().stream().map(JournalEntry::seq))
                    .as("with %s of %s bytes kept", kept, tail)
                    .isIn(List.of(1L, 2L), List.of(1L, 2L, 3L), List.of(1L, 2L, 3L, 4L, 5L));
            assertThat(disk.unsyncedBytes()).isZero();
        }
    }

    @Test
    void what_is_synced_is_never_torn() {
        var disk = written();
        disk.sync();
        disk.tear(0);
        assertThat(disk.read()).isEqualTo(List.of(entry(1), entry(2), entry(3), entry(4), entry(5)));
    }

    @Test
    void only_what_is_synced_counts_as_held() {
        var disk = written();
        assertThat(disk.count("Accepted", "order 2")).isEqualTo(1);
        assertThat(disk.holds("Accepted", "order 3")).isFalse();
        disk.sync();
        assertThat(disk.holds("Accepted", "order 3")).isTrue();
    }

    /** One commit on the platter, two behind it in the cache. */
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
