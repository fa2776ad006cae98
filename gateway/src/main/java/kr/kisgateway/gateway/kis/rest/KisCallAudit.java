package kr.kisgateway.gateway.kis.rest;

import java.time.InstantSource;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.client.EndedCall;
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
    public void ended(EndedCall call) {
        var cost = CallCost.current();
        cost.ifPresent(it -> it.add(call.trId()));
        if (cost.filter(CallCost::isOrder).isPresent()) {
            return;
        }
        boolean isOk = call.result() == Result.OK;
        trail.sum(new AuditEntry(
                clock.instant(),
                AuditSource.KIS,
                AuditEntry.Kind.CALL,
                cost.map(CallCost::principal).filter(name -> !name.isEmpty()).orElse(OWN),
                "",
                "",
                "query",
                call.trId(),
                "",
                0,
                isOk ? AuditEntry.OK : call.result().name(),
                "",
                1,
                isOk ? 0 : 1,
                1,
                call.nanos() / 1_000));
    }
}
