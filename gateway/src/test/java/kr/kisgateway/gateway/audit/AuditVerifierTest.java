package kr.kisgateway.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What an intruder who can write the data folder, and has no key, cannot do unnoticed. */
@Requirement(value = "A-16", clause = "verify")
class AuditVerifierTest {
    private static final int ROWS = 6;

    @TempDir
    private Path temporary;

    /** A start, four calls and a stop: rows 1 to 6. */
    private AuditFolder recorded(String name) throws Exception {
        var audit = new AuditFolder(Files.createDirectories(temporary.resolve(name)));
        audit.record("first", "second", "third", "fourth");
        return audit;
    }

    private record Tampering(String name, Consumer<AuditFolder> by, long firstBroken, String finding) {}

    private static Tampering sql(String name, long firstBroken, String finding, String... statements) {
        return new Tampering(name, audit -> audit.intrude(statements), firstBroken, finding);
    }

    @TestFactory
    @Requirement(value = "A-16", clause = "chain")
    Stream<DynamicTest> the_first_row_that_was_tampered_with_is_named() {
        return Stream.of(
                        sql(
                                "a changed principal",
                                3,
                                "row 3 was changed",
                                "UPDATE audit SET principal = 'other' WHERE seq = 3"),
                        sql(
                                "a changed time",
                                2,
                                "row 2 was changed",
                                "UPDATE audit SET at_ms = at_ms - 1 WHERE seq = 2"),
                        sql(
                                "a text moved between two fields",
                                4,
                                "row 4 was changed",
                                "UPDATE audit SET call = call || tr, tr = '' WHERE seq = 4"),
                        sql("a deleted row", 3, "row 3 is missing", "DELETE FROM audit WHERE seq = 3"),
                        sql(
                                "a deleted row whose place the others take",
                                3,
                                "row 3 was changed",
                                "DELETE FROM audit WHERE seq = 3",
                                "UPDATE audit SET seq = seq - 1 WHERE seq = 4",
                                "UPDATE audit SET seq = seq - 1 WHERE seq = 5",
                                "UPDATE audit SET seq = seq - 1 WHERE seq = 6"),
                        sql(
                                "two swapped rows",
                                2,
                                "row 2 was changed",
                                "UPDATE audit SET seq = 100 WHERE seq = 2",
                                "UPDATE audit SET seq = 2 WHERE seq = 4",
                                "UPDATE audit SET seq = 4 WHERE seq = 100"),
                        sql(
                                "a removed end",
                                5,
                                "rows 5 to 6 are missing at the end",
                                "DELETE FROM audit WHERE seq >= 5"),
                        sql(
                                "a removed end with its signatures",
                                5,
                                "rows 5 to 6 are missing at the end",
                                "DELETE FROM audit WHERE seq >= 5",
                                "DELETE FROM checkpoint"),
                        sql("all rows removed", 1, "rows 1 to 6 are missing at the end", "DELETE FROM audit"),
                        new Tampering(
                                "a changed row and all hashes computed again",
                                audit -> rewrite(audit, 3),
                                1,
                                "rows 1 to 6 were replaced"),
                        new Tampering(
                                "all hashes computed again and the signatures removed",
                                audit -> {
                                    rewrite(audit, 3);
                                    audit.intrude("DELETE FROM checkpoint");
                                },
                                1,
                                "rows 1 to 6 were replaced"))
                .map(tampering -> dynamicTest(tampering.name(), () -> {
                    var audit = recorded(tampering.name());
                    assertThat(audit.verify().findings()).isEmpty();

                    tampering.by().accept(audit);

                    var report = audit.verify();
                    assertThat(report.isClean()).isFalse();
                    assertThat(report.findings()).anyMatch(it -> it.contains(tampering.finding()));
                    assertThat(report.firstBroken()).hasValue(tampering.firstBroken());
                }));
    }

    /** Changes a row and computes its hash and all later ones again, as anybody can who has read the source. */
    private static void rewrite(AuditFolder audit, long changed) {
        var rows = audit.rows();
        audit.intrude();
        byte[] hash = AuditStore.START;
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + audit.folder.resolve(AuditStore.NAME));
                var update = connection.prepareStatement("UPDATE audit SET principal = ?, hash = ? WHERE seq = ?")) {
            for (var row : rows) {
                var entry = row.entry();
                var written = row.seq() == changed
                        ? new AuditEntry(
                                entry.at(),
                                entry.source(),
                                entry.kind(),
                                "scapegoat",
                                entry.key(),
                                entry.address(),
                                entry.call(),
                                entry.tr(),
                                entry.parameters(),
                                entry.status(),
                                entry.result(),
                                entry.traceId(),
                                entry.calls(),
                                entry.failed(),
                                entry.cost(),
                                entry.micros())
                        : entry;
                hash = written.hash(hash, row.seq());
                update.setString(1, written.principal());
                update.setBytes(2, hash);
                update.setLong(3, row.seq());
                update.executeUpdate();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void an_untouched_audit_is_clean_and_completely_signed() throws Exception {
        var report = recorded("untouched").verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.rows()).isEqualTo(ROWS);
        assertThat(report.unsigned()).isZero();
        assertThat(report.firstBroken()).isEmpty();
    }

    @Test
    void signatures_of_another_key_are_not_taken_for_the_gateways() throws Exception {
        var audit = recorded("foreign");
        var other = new AuditFolder(Files.createDirectories(temporary.resolve("other")));

        var report = AuditVerifier.verify(audit.folder, Optional.of(other.key().publicKey()), audit.now.get());

        assertThat(report.findings()).anyMatch(it -> it.contains("for which the gateway's master key does not vouch"));
    }

    @Test
    void a_removed_newest_signature_is_reported() throws Exception {
        var audit = recorded("headless");
        Files.delete(audit.folder.resolve("audit.head"));

        assertThat(audit.verify().findings()).singleElement().asString().contains("audit.head) is missing");
    }

    @Test
    void a_changed_newest_signature_is_reported() throws Exception {
        var audit = recorded("forged");
        var head = audit.folder.resolve("audit.head");
        Files.writeString(head, Files.readString(head).replace("\"seq\" : 6", "\"seq\" : 4"));

        assertThat(audit.verify().findings()).singleElement().asString().contains("audit.head) was changed");
    }

    @Test
    void the_store_refuses_to_change_or_remove_a_row() throws Exception {
        var audit = recorded("kept");
        for (var sql :
                List.of("UPDATE audit SET principal = 'x'", "DELETE FROM audit", "UPDATE checkpoint SET seq = 9")) {
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + audit.folder.resolve(AuditStore.NAME));
                    var statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute(sql)).hasMessageContaining("append-only");
            }
        }
        assertThat(audit.verify().findings()).isEmpty();
    }

    @Test
    void a_start_reports_what_was_changed_while_the_gateway_was_stopped() throws Exception {
        var audit = recorded("noticed");
        audit.intrude("DELETE FROM audit WHERE seq >= 5", "DELETE FROM checkpoint");

        audit.record("later");

        assertThat(audit.hasAlert(AlertEvent.AUDIT_DAMAGED, true)).isTrue();
        assertThat(audit.rows())
                .anyMatch(row -> row.entry().call().equals(AuditReports.ROWS_MISSING)
                        && row.entry().parameters().equals("first=5 last=6"));
        // The signatures of the new end do not hide what is missing.
        assertThat(audit.verify().findings()).anyMatch(it -> it.contains("rows missing, first=5 last=6"));
    }
}
