package kr.kisgateway.gateway.audit;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.secret.MasterKey;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.secret.SigningKey;

/** The audit of a folder with a clock that a test sets, and what happens to it while no gateway runs. */
final class AuditFolder {
    static final Instant BEGIN = Instant.parse("2026-11-20T01:00:00Z");

    final Path folder;
    final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
    final AlertLog alerts = new AlertLog();
    final InstantSource clock = now::get;
    private final MasterKey master = new MasterKey(Secret.of("m".repeat(43)));
    private int queueMax = 64;
    private int reserve = 16;

    AuditFolder(Path folder) {
        this.folder = folder;
    }

    AuditFolder withQueue(int max, int kept) {
        queueMax = max;
        reserve = kept;
        return this;
    }

    SigningKey key() {
        try {
            return SigningKey.open(folder.resolve(SigningKey.NAME), master, new SecureRandom());
        } catch (SecretException e) {
            throw new AssertionError(e);
        }
    }

    AuditTrail open() {
        return AuditTrail.open(
                folder,
                queueMax,
                reserve,
                key(),
                clock,
                InstantSource.system(),
                new Random(7),
                new AuditTrail.Alerts(
                        source(AlertEvent.AUDIT_UNAVAILABLE),
                        source(AlertEvent.AUDIT_ROWS_LOST),
                        source(AlertEvent.AUDIT_DAMAGED)));
    }

    private AlertSource source(AlertEvent event) {
        return new AlertSource(alerts, event, clock);
    }

    /** A trail that recorded these calls and stopped. */
    void record(String... calls) {
        try (var trail = open()) {
            for (var call : calls) {
                trail.record(entry(call), AuditTrail.Weight.CHANGE);
            }
        }
    }

    AuditEntry entry(String call) {
        return new AuditEntry(
                now.get(),
                AuditSource.API,
                AuditEntry.Kind.CALL,
                "bot",
                "kgw_abcd2345",
                "10.0.0.7",
                call,
                "TTTC0012U",
                "account_id=A1 qty=3",
                200,
                AuditEntry.OK,
                "trace-" + call,
                1,
                0,
                1,
                2_000);
    }

    List<AuditRow> rows() {
        var rows = new ArrayList<AuditRow>();
        new AuditSearch(folder).all(AuditFilter.all(), rows::add);
        return rows;
    }

    /** The calls that are recorded, without the reports of the gateway. */
    List<String> calls() {
        return rows().stream()
                .map(AuditRow::entry)
                .filter(entry -> entry.source() != AuditSource.GATEWAY)
                .map(AuditEntry::call)
                .toList();
    }

    void awaitCalls(int count) {
        Await.until(count + " calls are stored", () -> AuditSearch.existsIn(folder) && isStored(count));
    }

    private boolean isStored(int count) {
        try {
            return calls().size() == count;
        } catch (AuditException e) {
            // The file is there and has no tables yet.
            return false;
        }
    }

    AuditVerifier.Report verify() {
        return AuditVerifier.verify(folder, Optional.of(key().publicKey()), now.get());
    }

    boolean hasAlert(AlertEvent event, boolean open) {
        return alerts.newest(100).stream()
                .anyMatch(alert -> alert.event().equals(event.publicName())
                        && alert.settledAt().isEmpty() == open);
    }

    /** Changes the store as an intruder would, who removes what prevents it first. */
    void intrude(String... statements) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(AuditStore.NAME));
                var statement = connection.createStatement()) {
            for (var trigger : List.of("audit_unchanged", "audit_kept", "checkpoint_unchanged")) {
                statement.execute("DROP TRIGGER IF EXISTS " + trigger);
            }
            for (var sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    void pass(Duration time) {
        now.updateAndGet(was -> was.plus(time));
    }
}
