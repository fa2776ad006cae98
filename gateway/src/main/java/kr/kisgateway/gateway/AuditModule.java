package kr.kisgateway.gateway;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Optional;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.audit.AuditCopier;
import kr.kisgateway.gateway.audit.AuditPages;
import kr.kisgateway.gateway.audit.AuditSearch;
import kr.kisgateway.gateway.audit.AuditTrail;
import kr.kisgateway.gateway.audit.MaskedParameters;
import kr.kisgateway.gateway.audit.SharedAudit;
import kr.kisgateway.gateway.database.OwnerCheck;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.secret.MasterKey;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.secret.SigningKey;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.task.TaskRunner;

/** The audit trail. */
final class AuditModule {
    /** What the names of its files begin with. */
    static final String FILES = "audit";

    private AuditModule() {}

    /** Opens the trail; what is recorded before its store is open waits. */
    static AuditTrail open(
            DataFolder data, MasterKey master, SteadyClock clock, SecureRandom random, AlertLog alerts, Meters meters) {
        var trail = AuditTrail.open(
                data.file(""),
                signingKey(data, master, random),
                clock,
                clock.monotonicClock(),
                random,
                new AuditTrail.Alerts(
                        new AlertSource(alerts, AlertEvent.AUDIT_UNAVAILABLE, "P1", clock),
                        new AlertSource(alerts, AlertEvent.AUDIT_ROWS_LOST, clock),
                        new AlertSource(alerts, AlertEvent.AUDIT_DAMAGED, "P1", clock)));
        trail.bindTo(meters);
        return trail;
    }

    /** Copies the trail of a gateway of a cluster to the database; to be closed after the trail. */
    static AuditCopier copy(
            DataFolder data,
            Membership membership,
            SteadyClock clock,
            TaskRunner tasks,
            AlertLog alerts,
            Meters meters) {
        var copier = AuditCopier.start(
                data.file(""),
                shared(membership.postgres()),
                membership.node().name(),
                clock,
                clock.monotonicClock(),
                new AlertSource(alerts, AlertEvent.AUDIT_NOT_SHARED, clock),
                tasks);
        copier.bindTo(meters);
        return copier;
    }

    /** Where the copies are, which every gateway may change. */
    static StoreDatabase shared(Postgres postgres) {
        return StoreDatabase.schema(postgres, OwnerCheck.none());
    }

    /** Recent rows: of all gateways of the cluster, or of this one. */
    static AuditPages pages(Platform platform) {
        return platform.membership()
                .<AuditPages>map(it -> new SharedAudit(shared(it.postgres())))
                .orElseGet(() -> new AuditSearch(platform.settings().dataDir()));
    }

    private static SigningKey signingKey(DataFolder data, MasterKey master, SecureRandom random) {
        try {
            return SigningKey.open(data.file(SigningKey.NAME), master, random);
        } catch (SecretException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    /** Parameters as the audit records them, without anything that the settings have as a secret. */
    static MaskedParameters masked(Settings settings) {
        var secrets = new ArrayList<Secret>();
        var kis = settings.kis();
        add(secrets, kis.appKey());
        add(secrets, kis.appSecret());
        add(secrets, kis.htsId().map(Secret::of));
        add(secrets, kis.account().map(it -> Secret.of(it.cano())));
        kis.furtherKeys().forEach(key -> {
            add(secrets, key.appKey());
            add(secrets, key.appSecret());
            add(secrets, key.htsId().map(Secret::of));
            add(secrets, key.account().map(it -> Secret.of(it.cano())));
        });
        kis.furtherAccounts().forEach(it -> add(secrets, it.number().map(number -> Secret.of(number.cano()))));
        add(secrets, settings.http().operatorToken());
        settings.secrets().stored().values().forEach(it -> secrets.add(it.value()));
        return new MaskedParameters(secrets);
    }

    private static void add(ArrayList<Secret> secrets, Optional<Secret> secret) {
        secret.ifPresent(secrets::add);
    }
}
