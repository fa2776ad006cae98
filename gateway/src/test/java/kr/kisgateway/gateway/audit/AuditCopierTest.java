package kr.kisgateway.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.audit.AuditVerifier.CopyReport;
import kr.kisgateway.gateway.database.StoreSchema;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.secret.SigningKey;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import kr.kisgateway.market.TradingCalendar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of audits in PostgreSQL. */
@Tag("slow")
class AuditCopierTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final AuditStore.Head NOTHING = new AuditStore.Head(0, AuditStore.START);

    @TempDir
    private Path temporary;

    private final ManualTaskRunner tasks = new ManualTaskRunner();
    private final AtomicReference<Instant> monotonic = new AtomicReference<>(AuditFolder.BEGIN);
    private StoreSchema schema;
    private SharedAudit shared;

    @BeforeEach
    void createSchema() {
        schema = new StoreSchema(temporary);
        shared = new SharedAudit(schema.shared());
    }

    @AfterEach
    void closeSchema() {
        schema.close();
    }

    private AuditFolder folder(String name) throws Exception {
        return new AuditFolder(Files.createDirectories(temporary.resolve(name)));
    }

    private AuditCopier copier(AuditFolder audit, String gateway) {
        return AuditCopier.start(
                audit.folder,
                schema.shared(),
                gateway,
                audit.clock,
                monotonic::get,
                new AlertSource(audit.alerts, AlertEvent.AUDIT_NOT_SHARED, audit.clock),
                tasks);
    }

    /** Copies what the folder has, as a gateway does that runs for a moment. */
    private void copy(AuditFolder audit, String gateway) {
        try (var copier = copier(audit, gateway)) {
            tasks.advance(SECOND);
        }
    }

    private List<AuditRow> copied(String gateway) {
        var rows = new ArrayList<AuditRow>();
        shared.of(gateway).all(AuditFilter.all(), rows::add);
        return rows;
    }

    private List<CopyReport> verified(String gateway) {
        return shared.of(gateway).verify(AuditFolder.BEGIN);
    }

    private List<String> findings(String gateway) {
        return verified(gateway).stream()
                .flatMap(it -> it.report().findings().stream())
                .toList();
    }

    @Test
    void rows_and_signatures_of_a_folder_outlive_it() throws Exception {
        var audit = folder("a");
        audit.record("first", "second");
        copy(audit, "a");
        assertThat(copied("a")).isEqualTo(audit.rows()).hasSize(4);
        assertThat(verified("a")).singleElement().satisfies(copy -> {
            assertThat(copy.report().findings()).isEmpty();
            assertThat(copy.report().rows()).isEqualTo(4);
            assertThat(copy.report().unsigned()).isZero();
            assertThat(copy.first()).isEqualTo(1);
            assertThat(copy.last()).isEqualTo(4);
            assertThat(copy.keys())
                    .containsExactly(SigningKey.fingerprint(audit.key().publicKey()));
        });
    }

    @Test
    void what_is_recorded_until_the_end_is_copied() throws Exception {
        var audit = folder("a");
        try (var copier = copier(audit, "a")) {
            tasks.advance(SECOND);
            assertThat(shared.gateways()).isEmpty();
            audit.record("first");
        }
        assertThat(copied("a")).isEqualTo(audit.rows()).hasSize(3);
    }

    @Test
    void every_row_is_there_once_after_lost_connections_and_starts() throws Exception {
        var audit = folder("a");
        audit.record("first");
        try (var copier = copier(audit, "a")) {
            tasks.advance(SECOND);
            audit.record("second");
            schema.endConnections();
            tasks.advance(SECOND);
            tasks.advance(SECOND);
            assertThat(copied("a")).isEqualTo(audit.rows()).hasSize(6);
        }
        audit.record("third");
        copy(audit, "a");
        copy(audit, "a");
        assertThat(copied("a")).isEqualTo(audit.rows()).hasSize(9);
        assertThat(verified("a"))
                .singleElement()
                .satisfies(copy -> assertThat(copy.report().isClean()).isTrue());
    }

    @Test
    void rows_that_a_database_lost_when_it_failed_over_are_copied_again() throws Exception {
        var audit = folder("a");
        audit.record("first", "second");
        copy(audit, "a");
        try (var copier = copier(audit, "a")) {
            tasks.advance(SECOND);
            schema.execute("DELETE FROM audit_row WHERE seq > 2");
            schema.execute("DELETE FROM audit_signature");
            schema.endConnections();
            audit.record("third");
            tasks.advance(SECOND);
            tasks.advance(SECOND);
        }
        assertThat(copied("a")).isEqualTo(audit.rows());
        assertThat(verified("a")).singleElement().satisfies(copy -> {
            assertThat(copy.report().isClean()).isTrue();
            assertThat(copy.report().unsigned()).isZero();
        });
    }

    @Test
    void another_folder_of_the_same_name_begins_another_chain_and_both_are_found() throws Exception {
        var audit = folder("a");
        audit.record("first");
        copy(audit, "a");
        var other = folder("replaced");
        other.record("elsewhere");
        copy(other, "a");
        audit.pass(Duration.ofHours(1));
        audit.record("again");
        copy(audit, "a");
        assertThat(verified("a")).hasSize(2).allMatch(it -> it.report().isClean());
        assertThat(copied("a").stream()
                        .filter(row -> row.entry().source() == AuditSource.API)
                        .map(row -> row.entry().call()))
                .as("the folder that recorded last is the last")
                .containsExactly("elsewhere", "first", "again");
    }

    @Test
    void a_restored_folder_begins_another_chain_behind_the_last_common_row_and_removes_nothing() throws Exception {
        var audit = folder("a");
        audit.record("first");
        Path before = Files.createDirectories(temporary.resolve("before"));
        try (var files = Files.list(audit.folder)) {
            for (var file : files.toList()) {
                Files.copy(file, before.resolve(file.getFileName()));
            }
        }
        audit.record("lost");
        copy(audit, "a");
        var restored = new AuditFolder(before);
        restored.pass(Duration.ofHours(1));
        restored.record("after");
        copy(restored, "a");
        assertThat(copied("a").stream()
                        .filter(row -> row.entry().source() == AuditSource.API)
                        .map(row -> row.entry().call()))
                .containsExactly("first", "lost", "after");
        assertThat(verified("a"))
                .allMatch(it -> it.report().isClean())
                .extracting(CopyReport::first)
                .containsExactly(1L, 4L);
    }

    /** Three months as they pass, each with a call; the first one is in a sealed file then. */
    private void recordMonths(AuditFolder audit, Runnable afterEach) {
        var first = YearMonth.of(2026, 11);
        for (var month = first; month.isBefore(first.plusMonths(3)); month = month.plusMonths(1)) {
            audit.now.set(
                    month.atDay(15).atTime(10, 0).atZone(TradingCalendar.SEOUL).toInstant());
            try (var trail = audit.open()) {
                trail.record(audit.entry("call of " + month), AuditTrail.Weight.CHANGE);
                if (month.equals(first.plusMonths(2))) {
                    Await.until(
                            "the first month is sealed",
                            () -> new AuditSearch(audit.folder)
                                    .recent(AuditFilter.all(), Optional.empty(), 1)
                                    .sealedThrough()
                                    .equals(Optional.of(first)));
                }
            }
            afterEach.run();
        }
    }

    @Test
    void months_that_move_into_sealed_files_are_in_one_chain_and_a_restored_folder_goes_on_behind_the_last_common_row()
            throws Exception {
        var audit = folder("a");
        recordMonths(audit, () -> copy(audit, "a"));
        assertThat(copied("a")).isEqualTo(audit.rows());
        assertThat(verified("a"))
                .singleElement()
                .satisfies(copy -> assertThat(copy.report().findings()).isEmpty());

        var before = temporary.resolve("before");
        try (var files = Files.walk(audit.folder)) {
            for (var file : files.toList()) {
                Files.copy(file, before.resolve(audit.folder.relativize(file)));
            }
        }
        long common = audit.rows().size();
        audit.record("lost");
        copy(audit, "a");
        var restored = new AuditFolder(before);
        restored.now.set(audit.now.get().plusSeconds(60));
        restored.record("after");
        copy(restored, "a");
        assertThat(verified("a")).extracting(CopyReport::first).containsExactly(1L, common + 1);
        assertThat(copied("a").stream()
                        .filter(row -> row.entry().source() == AuditSource.API)
                        .map(row -> row.entry().call()))
                .containsExactly("call of 2026-11", "call of 2026-12", "call of 2027-01", "lost", "after");
    }

    @Test
    void a_month_that_was_sealed_before_the_gateway_joined_the_cluster_is_in_its_folder_alone() throws Exception {
        var audit = folder("a");
        recordMonths(audit, () -> {});
        copy(audit, "a");
        assertThat(copied("a").stream()
                        .filter(row -> row.entry().source() == AuditSource.API)
                        .map(row -> row.entry().call()))
                .containsExactly("call of 2026-12", "call of 2027-01");
        assertThat(verified("a")).singleElement().satisfies(copy -> {
            assertThat(copy.report().findings()).isEmpty();
            assertThat(copy.first()).isGreaterThan(1);
        });
    }

    @Test
    void what_is_changed_in_the_database_is_named() throws Exception {
        var audit = folder("a");
        audit.record("first", "second", "third", "fourth");
        copy(audit, "a");
        var tampering = Map.of(
                "row 3 was changed", "UPDATE audit_row SET principal = 'other' WHERE seq = 3",
                "row 3 is missing", "DELETE FROM audit_row WHERE seq = 3",
                "rows 5 to 6 are missing at the end", "DELETE FROM audit_row WHERE seq > 4",
                "the signature of row 6 was changed", "UPDATE audit_signature SET at_ms = at_ms + 1");
        for (var entry : tampering.entrySet()) {
            schema.execute("CREATE TABLE rows_before AS SELECT * FROM audit_row");
            schema.execute("CREATE TABLE signatures_before AS SELECT * FROM audit_signature");
            schema.execute(entry.getValue());
            assertThat(findings("a")).containsExactly(entry.getKey());
            schema.execute("DELETE FROM audit_row");
            schema.execute("INSERT INTO audit_row OVERRIDING SYSTEM VALUE SELECT * FROM rows_before");
            schema.execute("DELETE FROM audit_signature");
            schema.execute("INSERT INTO audit_signature SELECT * FROM signatures_before");
            schema.execute("DROP TABLE rows_before, signatures_before");
        }
        assertThat(findings("a")).isEmpty();
    }

    @Test
    void what_was_changed_in_the_folder_before_it_was_copied_is_named() throws Exception {
        var audit = folder("a");
        audit.record("first", "second");
        audit.intrude("UPDATE audit SET principal = 'other' WHERE seq = 3");
        copy(audit, "a");
        copy(audit, "a");
        assertThat(verified("a")).hasSize(1);
        assertThat(findings("a")).containsExactly("row 3 was changed");
    }

    @Test
    void rows_of_all_gateways_are_found_in_the_order_of_time_page_by_page() throws Exception {
        var first = folder("first");
        var second = folder("second");
        for (int minute = 0; minute < 4; minute++) {
            var audit = minute % 2 == 0 ? first : second;
            audit.now.set(AuditFolder.BEGIN.plusSeconds(60L * minute));
            audit.record("call-" + minute);
        }
        // Copied in another order than recorded.
        copy(second, "b");
        copy(first, "a");
        var calls = new AuditFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.of(AuditSource.API),
                Optional.empty(),
                Optional.of("bot"),
                Optional.empty(),
                Optional.of("call-"),
                Optional.of("TTTC0012U"),
                Optional.empty(),
                Optional.empty());
        var found = new ArrayList<String>();
        Optional<String> cursor = Optional.empty();
        int pages = 0;
        do {
            var page = shared.recent(calls, cursor, 3);
            page.rows()
                    .forEach(it -> found.add(
                            it.gateway().orElse("") + " " + it.row().entry().call()));
            cursor = page.next();
            pages++;
        } while (cursor.isPresent());
        assertThat(found).containsExactly("b call-3", "a call-2", "b call-1", "a call-0");
        assertThat(pages).isEqualTo(2);
        assertThatThrownBy(() -> shared.recent(calls, Optional.of("17"), 3))
                .isInstanceOf(AuditPages.UnknownCursorException.class);
    }

    @Test
    void rows_older_than_seven_years_are_removed_from_the_beginning_and_the_rest_verifies() throws Exception {
        var audit = folder("a");
        audit.now.set(Instant.parse("2015-01-05T00:00:00Z"));
        audit.record("old");
        try (var copier = copier(audit, "a")) {
            tasks.advance(SECOND);
            assertThat(copied("a")).isEmpty();
            assertThat(schema.number("SELECT before_seq FROM audit_chain")).isEqualTo(3);
            assertThat(schema.number("SELECT count(*) FROM audit_signature")).isZero();
            audit.now.set(Instant.now());
            audit.record("new");
            tasks.advance(SECOND);
            assertThat(copied("a")).hasSize(3).isEqualTo(audit.rows().subList(3, 6));
            assertThat(verified("a"))
                    .singleElement()
                    .satisfies(copy -> assertThat(copy.report().isClean()).isTrue());
            audit.record("newer");
            tasks.advance(SECOND);
            assertThat(copied("a")).isEqualTo(audit.rows().subList(3, 9));
        }
        copy(audit, "a");
        assertThat(verified("a"))
                .singleElement()
                .satisfies(copy -> assertThat(copy.report().isClean()).isTrue());
    }

    @Test
    void a_database_that_is_away_for_a_minute_raises_an_alert_until_rows_are_copied_again() throws Exception {
        var audit = folder("a");
        audit.record("first");
        var meters = Meters.forPrometheus();
        try (var copier = copier(audit, "a")) {
            copier.bindTo(meters);
            tasks.advance(SECOND);
            audit.record("second");
            schema.execute("ALTER TABLE audit_row RENAME TO other");
            tasks.advance(SECOND);
            monotonic.updateAndGet(it -> it.plusSeconds(59));
            tasks.advance(SECOND);
            assertThat(audit.hasAlert(AlertEvent.AUDIT_NOT_SHARED, true)).isFalse();
            monotonic.updateAndGet(it -> it.plusSeconds(1));
            tasks.advance(Duration.ofSeconds(5));
            assertThat(audit.hasAlert(AlertEvent.AUDIT_NOT_SHARED, true)).isTrue();
            assertThat(audit.alerts.newest(100)).as("it is raised once").hasSize(1);
            assertThat(meters.value("audit.not_shared")).isEqualTo(3);
            schema.execute("ALTER TABLE other RENAME TO audit_row");
            tasks.advance(SECOND);
            assertThat(audit.hasAlert(AlertEvent.AUDIT_NOT_SHARED, true)).isFalse();
            assertThat(copied("a")).isEqualTo(audit.rows());
            assertThat(meters.value("audit.not_shared")).isZero();
        }
    }

    @Test
    void gateways_that_begin_an_empty_schema_at_once_share_it() {
        var stores = StoreSchema.openAtOnce(4, () -> SharedAuditStore.open(schema.shared()));
        for (int i = 0; i < stores.size(); i++) {
            stores.get(i).begin("gateway-" + i, AuditFolder.BEGIN, NOTHING, 0);
        }
        assertThat(shared.gateways()).containsExactly("gateway-0", "gateway-1", "gateway-2", "gateway-3");
        stores.forEach(SharedAuditStore::close);
    }

    @Test
    void of_two_processes_that_begin_to_copy_one_gateway_at_once_one_begins() {
        var began = StoreSchema.openAtOnce(4, () -> {
            try (var store = SharedAuditStore.open(schema.shared())) {
                store.begin("a", AuditFolder.BEGIN, NOTHING, 0);
                return true;
            } catch (AuditException e) {
                return false;
            }
        });
        assertThat(began).containsOnlyOnce(true);
        assertThat(schema.number("SELECT count(*) FROM audit_chain")).isEqualTo(1);
    }

    @Test
    void a_folder_whose_row_another_process_copied_to_the_chain_begins_another_chain() throws Exception {
        var audit = folder("a");
        audit.record("first");
        copy(audit, "a");
        Path image = Files.createDirectories(temporary.resolve("image"));
        try (var files = Files.list(audit.folder)) {
            for (var file : files.toList()) {
                Files.copy(file, image.resolve(file.getFileName()));
            }
        }
        var other = new AuditFolder(image);
        try (var one = copier(audit, "a");
                var two = copier(other, "a")) {
            tasks.advance(SECOND);
            audit.record("of the one");
            other.record("of the other", "a second of the other");
            tasks.advance(Duration.ofSeconds(3));
        }
        assertThat(verified("a")).hasSize(2).allMatch(it -> it.report().isClean());
        assertThat(copied("a").stream()
                        .filter(row -> row.entry().source() == AuditSource.API)
                        .map(row -> row.entry().call()))
                .containsExactlyInAnyOrder("first", "of the one", "of the other", "a second of the other");
    }

    @Test
    void a_row_with_a_number_far_away_ends_no_search() throws Exception {
        var audit = folder("a");
        audit.record("first", "second");
        copy(audit, "a");
        schema.execute("UPDATE audit_row SET seq = 9223372036854775807, status = 9223372036854775807 WHERE seq = 4");
        assertThat(copied("a")).hasSize(4);
        assertThat(findings("a")).isNotEmpty();
        assertThat(shared.recent(AuditFilter.all(), Optional.empty(), 10).rows())
                .hasSize(4);
    }

    @Test
    void thousands_of_rows_are_copied_with_a_pause_between_steps_and_the_rest_at_the_end() throws Exception {
        var audit = folder("a").withQueue(8_192, 16);
        audit.record(IntStream.range(0, 2_500).mapToObj(i -> "call-" + i).toArray(String[]::new));
        try (var copier = copier(audit, "a")) {
            tasks.advance(Duration.ZERO);
            assertThat(schema.number("SELECT count(*) FROM audit_row")).isEqualTo(1_000);
            tasks.advance(Duration.ofMillis(100));
            assertThat(schema.number("SELECT count(*) FROM audit_row")).isEqualTo(2_502);
            audit.record(IntStream.range(0, 1_500).mapToObj(i -> "more-" + i).toArray(String[]::new));
        }
        assertThat(copied("a")).isEqualTo(audit.rows()).hasSize(4_004);
        assertThat(findings("a")).isEmpty();
        // All of them in the same millisecond.
        var found = new ArrayList<AuditRow>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = shared.recent(AuditFilter.all(), cursor, 700);
            page.rows().forEach(it -> found.add(it.row()));
            cursor = page.next();
        } while (cursor.isPresent());
        assertThat(found.reversed()).isEqualTo(audit.rows());
    }
}
