package kr.kisgateway.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.audit.AuditTrail.Weight;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requirement(value = "A-16", clause = "retention")
@Tag("slow")
class AuditArchiverTest {
    private static final YearMonth FIRST = YearMonth.of(2026, 11);

    @TempDir
    private Path temporary;

    private static Instant in(YearMonth month) {
        return month.atDay(15).atTime(10, 0).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private static String name(YearMonth month) {
        return "audit-" + month + ".jsonl.gz";
    }

    private boolean hasFile(YearMonth month) {
        return Files.exists(temporary.resolve("audit").resolve(name(month)));
    }

    /** The months as they pass on a running gateway: each with a call, recorded and moved by the trail itself. */
    private static void run(AuditFolder audit, YearMonth from, YearMonth through) {
        for (var month = from; !month.isAfter(through); month = month.plusMonths(1)) {
            runIn(audit, month);
        }
    }

    private static void runIn(AuditFolder audit, YearMonth month) {
        audit.now.set(in(month));
        var sealed = month.minusMonths(2);
        try (var trail = audit.open()) {
            trail.record(audit.entry("call of " + month), Weight.CHANGE);
            if (!sealed.isBefore(FIRST)) {
                Await.until(sealed + " is sealed", () -> sealedThrough(audit).equals(Optional.of(sealed)));
            }
        }
    }

    private static Optional<YearMonth> sealedThrough(AuditFolder audit) {
        return new AuditSearch(audit.folder)
                .recent(AuditFilter.all(), Optional.empty(), 1)
                .sealedThrough();
    }

    @Test
    void seven_years_are_kept_in_sealed_files_and_verified_and_then_the_oldest_are_removed() {
        var audit = new AuditFolder(temporary);
        var last = FIRST.plusMonths(AuditArchiver.KEEP_MONTHS);

        run(audit, FIRST, last);

        // Seven years later: every month is there, most in files, and complete.
        assertThat(audit.calls()).hasSize(AuditArchiver.KEEP_MONTHS + 1);
        assertThat(hasFile(FIRST)).isTrue();
        assertThat(audit.verify().findings()).isEmpty();
        assertThat(audit.verify().sealedFiles()).isEqualTo(AuditArchiver.KEEP_MONTHS - 1);
        assertThat(new AuditSearch(temporary)
                        .recent(AuditFilter.all(), Optional.empty(), 1_000)
                        .rows())
                .as("the store has the last two months alone")
                .allMatch(found -> !found.row().entry().at().isBefore(in(last.minusMonths(1))));

        // A month after its seven years the first file is old enough, and a day later it is removed.
        runIn(audit, last.plusMonths(1));
        assertThat(hasFile(FIRST)).isTrue();
        audit.pass(Duration.ofDays(2));
        try (var _ = audit.open()) {
            Await.until("the oldest file is removed", () -> !hasFile(FIRST));
            assertThat(hasFile(FIRST.plusMonths(1))).isTrue();
        }

        assertThat(audit.calls())
                .doesNotContain("call of " + FIRST)
                .contains("call of " + FIRST.plusMonths(1))
                .hasSize(AuditArchiver.KEEP_MONTHS + 1);
        var report = audit.verify();
        assertThat(report.findings()).isEmpty();
    }

    @Test
    void a_file_that_was_removed_before_its_time_is_reported() throws IOException {
        var audit = new AuditFolder(temporary);
        run(audit, FIRST, FIRST.plusMonths(3));
        Files.delete(temporary.resolve("audit").resolve(name(FIRST)));

        assertThat(audit.verify().findings()).anyMatch(it -> it.contains(name(FIRST) + " is missing"));
        assertThat(audit.verify().firstBroken()).hasValue(1);

        audit.intrude(
                "UPDATE seal SET removed_ms = " + audit.now.get().toEpochMilli() + " WHERE month = '" + FIRST + "'");
        assertThat(audit.verify().findings()).anyMatch(it -> it.contains("before its seven years were over"));
    }

    @Test
    void a_changed_row_of_a_sealed_file_is_named() throws IOException {
        var audit = new AuditFolder(temporary);
        run(audit, FIRST, FIRST.plusMonths(3));
        var file = temporary.resolve("audit").resolve(name(FIRST));
        String text;
        try (var in = new java.util.zip.GZIPInputStream(Files.newInputStream(file))) {
            text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
        assertThat(text).contains("call of " + FIRST);
        try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(
                    text.replaceFirst("10\\.0\\.0\\.7", "10.0.0.8").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        var report = audit.verify();

        assertThat(report.findings()).anyMatch(it -> it.contains(name(FIRST) + " was changed"));
        assertThat(report.firstBroken().orElseThrow()).isBetween(1L, 2L);
        assertThat(report.findings()).anyMatch(it -> it.matches("row [12] was changed"));
    }

    @Test
    void a_changed_seal_is_reported() {
        var audit = new AuditFolder(temporary);
        run(audit, FIRST, FIRST.plusMonths(3));

        audit.intrude("UPDATE seal SET sealed_ms = sealed_ms + 1 WHERE month = '" + FIRST + "'");

        assertThat(audit.verify().findings())
                .anyMatch(it -> it.contains("the seal of " + name(FIRST) + " was changed"));
    }

    @Test
    void each_step_of_sealing_can_be_the_last_of_a_process() throws IOException {
        for (int steps = 0; steps < 6; steps++) {
            var folder = Files.createDirectories(temporary.resolve("steps" + steps));
            var audit = new AuditFolder(folder);
            try (var store = AuditStore.open(folder.resolve(AuditStore.NAME))) {
                var head = store.head();
                var none = new AuditStore.Spooled(0, 0);
                for (var month = FIRST; month.isBefore(FIRST.plusMonths(3)); month = month.plusMonths(1)) {
                    audit.now.set(in(month));
                    head = store.append(
                            head, java.util.List.of(audit.entry("a" + month), audit.entry("b" + month)), none);
                }
                audit.now.set(in(FIRST.plusMonths(4)));
                var checkpoint = AuditCheckpoint.of(head.seq(), audit.now.get(), head.hash(), audit.key());
                store.add(checkpoint);
                Files.write(folder.resolve("audit.head"), AuditJson.bytes(checkpoint));
                var left = new AtomicInteger(steps);
                new AuditArchiver(new AuditFiles(folder), store, audit.key(), audit.clock)
                        .run(() -> left.getAndDecrement() > 0);
                assertThat(audit.calls()).as("after %s steps", steps).hasSize(6).doesNotHaveDuplicates();
                assertThat(audit.verify().findings())
                        .as("after %s steps", steps)
                        .isEmpty();

                new AuditArchiver(new AuditFiles(folder), store, audit.key(), audit.clock).run(() -> true);
                assertThat(audit.calls()).hasSize(6).doesNotHaveDuplicates();
                assertThat(audit.verify().findings()).isEmpty();
                assertThat(store.seals()).hasSize(3);
                assertThat(store.rowsAfter(0, 10)).isEmpty();
            }
        }
    }

    @Test
    void a_file_that_was_written_before_the_store_knew_of_it_is_written_once_more() throws IOException {
        var audit = new AuditFolder(temporary);
        run(audit, FIRST, FIRST.plusMonths(1));
        Files.createDirectories(temporary.resolve("audit"));
        Files.writeString(temporary.resolve("audit").resolve(name(FIRST)), "of a process that was killed");

        runIn(audit, FIRST.plusMonths(2));

        assertThat(audit.verify().findings()).isEmpty();
        assertThat(audit.calls()).contains("call of " + FIRST);
    }

    @Test
    void a_month_with_a_changed_row_is_not_sealed_and_raises_an_alert() {
        var audit = new AuditFolder(temporary);
        runIn(audit, FIRST);
        audit.intrude("UPDATE audit SET principal = 'other' WHERE seq = 2");
        audit.now.set(in(FIRST.plusMonths(2)));

        try (var _ = audit.open()) {
            Await.until("the alert is raised", () -> audit.hasAlert(AlertEvent.AUDIT_DAMAGED, true));
        }

        assertThat(hasFile(FIRST)).isFalse();
        assertThat(audit.verify().firstBroken()).hasValue(2);
    }

    @Test
    void a_clock_that_was_ahead_by_mistake_removes_nothing() {
        var audit = new AuditFolder(temporary);
        run(audit, FIRST, FIRST.plusMonths(2));
        var mistaken = FIRST.plusYears(20);
        audit.now.set(in(mistaken));
        try (var _ = audit.open()) {
            Await.until(
                    "all past months are sealed", () -> sealedThrough(audit).equals(Optional.of(FIRST.plusMonths(2))));
        }
        assertThat(hasFile(FIRST)).isTrue();

        // Right again: rows continue, and nothing was lost.
        audit.now.set(in(FIRST.plusMonths(2)).plus(Duration.ofDays(1)));
        audit.record("after the correction");
        audit.now.set(in(mistaken).plus(Duration.ofHours(1)));
        audit.record("ahead once more");

        assertThat(hasFile(FIRST)).isTrue();
        assertThat(audit.calls()).contains("call of " + FIRST, "after the correction", "ahead once more");
        assertThat(audit.verify().findings()).isEmpty();
    }
}
