package kr.kisgateway.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.audit.AuditTrail.Weight;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requirement(value = "A-16", clause = "record")
@Tag("slow")
class AuditTrailTest {
    @TempDir
    private Path temporary;

    @Test
    void rows_are_stored_in_the_order_of_their_calls_between_a_start_and_a_stop() {
        var audit = new AuditFolder(temporary);

        audit.record("a", "b", "c");
        audit.record("d");

        assertThat(audit.rows())
                .extracting(row -> row.entry().call())
                .containsExactly(
                        AuditReports.STARTED,
                        "a",
                        "b",
                        "c",
                        AuditReports.STOPPED,
                        AuditReports.STARTED,
                        "d",
                        AuditReports.STOPPED);
        assertThat(audit.rows()).extracting(AuditRow::seq).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(audit.verify().findings()).isEmpty();
    }

    @Test
    void quotations_of_a_minute_are_one_row_for_each_call_tr_and_caller() {
        var audit = new AuditFolder(temporary);
        try (var trail = audit.open()) {
            for (int i = 0; i < 5; i++) {
                trail.sum(audit.entry("GET /v1/quotes/{symbol}"));
            }
            trail.sum(audit.entry("GET /v1/bars/{symbol}"));
            audit.pass(Duration.ofMinutes(1));
            audit.awaitCalls(2);
            trail.sum(audit.entry("GET /v1/quotes/{symbol}"));
        }

        assertThat(audit.rows())
                .filteredOn(row -> row.entry().kind() == AuditEntry.Kind.MINUTE)
                .extracting(
                        row -> row.entry().call(),
                        row -> row.entry().calls(),
                        row -> row.entry().cost())
                .containsExactlyInAnyOrder(
                        org.assertj.core.api.Assertions.tuple("GET /v1/quotes/{symbol}", 5L, 5L),
                        org.assertj.core.api.Assertions.tuple("GET /v1/bars/{symbol}", 1L, 1L),
                        org.assertj.core.api.Assertions.tuple("GET /v1/quotes/{symbol}", 1L, 1L));
    }

    @Test
    void callers_without_number_share_one_sum_beyond_the_bound() {
        var audit = new AuditFolder(temporary);
        try (var trail = audit.open()) {
            for (int i = 0; i < CallSummaries.GROUPS_MAX + 100; i++) {
                trail.sum(audit.entry("GET /" + i));
            }
        }

        assertThat(audit.rows())
                .filteredOn(row -> row.entry().call().equals("(others)"))
                .singleElement()
                .satisfies(row -> assertThat(row.entry().calls()).isEqualTo(100));
    }

    @Test
    void a_row_that_was_not_stored_when_the_process_was_killed_is_stored_by_the_next_start() throws Exception {
        var audit = new AuditFolder(temporary);
        // The store cannot be opened, as if the process were killed before its first commit.
        Files.createDirectory(temporary.resolve(AuditStore.NAME));
        try (var trail = audit.open()) {
            trail.record(audit.entry("placed"), Weight.CHANGE);
            trail.record(audit.entry("cancelled"), Weight.CHANGE);
        }
        Files.delete(temporary.resolve(AuditStore.NAME));

        audit.record("later");

        assertThat(audit.calls()).containsExactly("placed", "cancelled", "later");
    }

    @Test
    void a_row_that_is_in_the_store_and_in_the_spool_is_not_stored_twice() throws Exception {
        var audit = new AuditFolder(temporary);
        var spool = temporary.resolve(AuditSpool.NAME);
        var killed = temporary.resolve("killed");
        try (var trail = audit.open()) {
            trail.record(audit.entry("placed"), Weight.CHANGE);
            audit.awaitCalls(1);
            Files.copy(spool, killed);
        }
        assertThat(killed).isNotEmptyFile();
        // A process that is killed leaves its spool as it is.
        Files.move(killed, spool, StandardCopyOption.REPLACE_EXISTING);

        audit.record("later");

        assertThat(audit.calls()).containsExactly("placed", "later");
    }

    @Test
    void an_incomplete_record_at_the_end_of_the_spool_is_ignored() throws Exception {
        var audit = new AuditFolder(temporary);
        Files.createDirectory(temporary.resolve(AuditStore.NAME));
        try (var trail = audit.open()) {
            trail.record(audit.entry("placed"), Weight.CHANGE);
            trail.record(audit.entry("torn"), Weight.CHANGE);
        }
        Files.delete(temporary.resolve(AuditStore.NAME));
        var spool = temporary.resolve(AuditSpool.NAME);
        byte[] bytes = Files.readAllBytes(spool);
        Files.write(spool, java.util.Arrays.copyOf(bytes, bytes.length - 5), StandardOpenOption.TRUNCATE_EXISTING);

        audit.record("later");

        assertThat(audit.calls()).containsExactly("placed", "later");
    }

    @Test
    void a_store_that_fails_raises_an_alert_and_then_refuses_changes_until_it_works_again() throws Exception {
        var audit = new AuditFolder(temporary).withQueue(32, 8);
        Files.createDirectory(temporary.resolve(AuditStore.NAME));
        try (var trail = audit.open()) {
            Await.until("the alert is raised", () -> audit.hasAlert(AlertEvent.AUDIT_UNAVAILABLE, true));
            assertThat(trail.refusal()).isEmpty();
            int recorded = 0;
            while (trail.refusal().isEmpty()) {
                trail.record(audit.entry("change " + recorded++), Weight.CHANGE);
            }
            assertThat(recorded).isGreaterThanOrEqualTo(24);
            assertThat(trail.refusal().orElseThrow().code().name()).isEqualTo("AUDIT_UNAVAILABLE");
            // Reads are made and not recorded; cancels use the reserve.
            trail.record(audit.entry("read"), Weight.READ);
            for (int i = 0; i < 8; i++) {
                trail.record(audit.entry("cancel " + i), Weight.CHANGE);
            }
            trail.record(audit.entry("too many"), Weight.CHANGE);

            Files.delete(temporary.resolve(AuditStore.NAME));
            audit.awaitCalls(recorded + 8);
            Await.until("the alert is settled", () -> audit.hasAlert(AlertEvent.AUDIT_UNAVAILABLE, false));
            assertThat(trail.refusal()).isEmpty();
        }

        assertThat(audit.calls()).doesNotContain("read", "too many").contains("change 0", "cancel 7");
        assertThat(audit.rows())
                .filteredOn(row -> row.entry().call().equals(AuditReports.ROWS_LOST))
                .singleElement()
                .satisfies(row -> assertThat(row.entry().calls()).isEqualTo(2));
        assertThat(audit.hasAlert(AlertEvent.AUDIT_ROWS_LOST, true)).isTrue();
        assertThat(audit.verify().findings()).isEmpty();
    }

    @Test
    void a_damaged_file_is_set_aside_and_does_not_prevent_a_start() throws Exception {
        var audit = new AuditFolder(temporary);
        Files.writeString(
                temporary.resolve(AuditStore.NAME), "no database at all, but longer than its header ".repeat(50));

        audit.record("later");

        assertThat(audit.calls()).containsExactly("later");
        assertThat(audit.hasAlert(AlertEvent.AUDIT_DAMAGED, true)).isTrue();
        try (var files = Files.list(temporary)) {
            assertThat(files).anyMatch(file -> file.getFileName().toString().startsWith("audit.db.damaged."));
        }
    }

    @Test
    void a_clock_that_was_set_back_is_reported_and_breaks_nothing() {
        var audit = new AuditFolder(temporary);
        audit.record("before");
        audit.pass(Duration.ofHours(-3));

        audit.record("after");

        assertThat(audit.calls()).containsExactly("before", "after");
        assertThat(audit.rows())
                .anyMatch(row -> row.entry().call().equals(AuditReports.STARTED)
                        && row.entry().parameters().contains("clock_behind_sec=10800"));
        assertThat(audit.verify().findings()).isEmpty();
    }

    @Test
    void many_threads_lose_no_row() throws Exception {
        var audit = new AuditFolder(temporary).withQueue(8_192, 16);
        try (var trail = audit.open()) {
            var threads = IntStream.range(0, 8)
                    .mapToObj(thread -> Thread.ofVirtual()
                            .start(() -> IntStream.range(0, 250)
                                    .forEach(i -> trail.record(audit.entry(thread + "/" + i), Weight.CHANGE))))
                    .toList();
            for (var thread : threads) {
                thread.join();
            }
        }

        assertThat(audit.calls()).hasSize(2_000).doesNotHaveDuplicates();
        assertThat(audit.verify().findings()).isEmpty();
    }

    @Test
    void a_spool_that_grew_is_trimmed_and_loses_nothing() throws Exception {
        var audit = new AuditFolder(temporary).withQueue(8_192, 16);
        try (var trail = audit.open()) {
            for (int i = 0; i < 6_000; i++) {
                trail.record(audit.entry("x" + i), Weight.CHANGE);
            }
            audit.awaitCalls(6_000);
            Await.until("the spool is trimmed", () -> Files.size(temporary.resolve(AuditSpool.NAME)) < 1_500_000);
        }
        assertThat(audit.calls()).hasSize(6_000).doesNotHaveDuplicates();
        assertThat(List.of(audit.verify().findings())).containsExactly(List.of());
    }
}
