package kr.kisgateway.gateway.kis.rest;

import java.time.InstantSource;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.gateway.audit.AuditEntry;
import kr.kisgateway.gateway.audit.AuditSource;
import kr.kisgateway.gateway.audit.AuditTrail;
import kr.kisgateway.gateway.cost.CallCost;

/**
 * Sums the calls to KIS by minute, TR and the caller on whose thread they are made, and adds them to the cost of that caller's request.
 * Orders are recorded with their terms, by {@link kr.kisgateway.gateway.audit.AuditedBroker}.
 */
public final class KisCallAudit implements CallListener {
    private static final String OWN = "gateway";

    private final AuditTrail trail;
    private final InstantSource clock;

    public KisCallAudit(AuditTrail trail, InstantSource clock) {
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    public void ended(String trId, Result result, long nanos) {
        var cost = CallCost.current();
        cost.ifPresent(it -> it.add(trId));
        if (cost.filter(CallCost::isOrder).isPresent()) {
            return;
        }
        trail.sum(new AuditEntry(
                clock.instant(),
                AuditSource.KIS,
                AuditEntry.Kind.CALL,
                cost.map(CallCost::principal).filter(name -> !name.isEmpty()).orElse(OWN),
                "",
                "",
                "query",
                trId,
                "",
                0,
                result == Result.OK ? AuditEntry.OK : result.name(),
                "",
                1,
                result == Result.OK ? 0 : 1,
                1,
                nanos / 1_000));
    }
}
