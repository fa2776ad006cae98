package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import kr.kisgateway.edge.AnyPathListener.Request;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.gateway.audit.AuditEntry;
import kr.kisgateway.gateway.audit.AuditSource;
import kr.kisgateway.gateway.audit.AuditTrail;
import kr.kisgateway.gateway.audit.MaskedParameters;
import kr.kisgateway.gateway.cost.CallCost;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.wire.RestCall;

/** Records the calls of programs at the KIS-compatible port: orders and account calls one by one, others in sums. */
public final class FaceAudit {
    private static final String CANCEL = "02";
    private static final int PATH_MAX = 80;

    private final AuditTrail trail;
    private final MaskedParameters masked;
    private final InstantSource clock;

    public FaceAudit(AuditTrail trail, MaskedParameters masked, InstantSource clock) {
        this.trail = trail;
        this.masked = masked;
        this.clock = clock;
    }

    /** Why an order cannot be sent now: it could not be recorded. Cancels are never refused. */
    Optional<Refusal> refusal(MeteredCall.Content content) {
        boolean cancel = CANCEL.equals(content.fields().get("RVSE_CNCL_DVSN_CD"))
                || content.call().path().contains("cancel")
                || content.call().path().endsWith("-ccnl");
        return content.call().isOrder() && !cancel ? trail.refusal() : Optional.empty();
    }

    /**
     * A call was answered.
     *
     * @param trId a word, or empty
     * @param code of a refusal; empty for an answer
     */
    void answered(
            Request request,
            String trId,
            MeteredCall call,
            int status,
            Optional<String> code,
            CallCost cost,
            Duration took) {
        var content = call.content();
        boolean single = call.key().isPresent()
                && content.map(MeteredCall.Content::call)
                        .filter(it -> it.isLedger() || Queries.isPersonal(it))
                        .isPresent();
        var entry = new AuditEntry(
                clock.instant(),
                AuditSource.FACE,
                AuditEntry.Kind.CALL,
                call.key().map(ApiKey::name).orElse(""),
                call.key().map(key -> "kgw_" + key.id()).orElse(""),
                request.address(),
                request.method() + " "
                        + (content.isPresent() || FaceLogin.isLogin(request.path()) ? path(request) : "?"),
                trId,
                single ? masked.ofKis(content.orElseThrow().fields()) : "",
                status,
                code.orElse(AuditEntry.OK),
                "",
                1,
                code.isPresent() ? 1 : 0,
                cost.calls(),
                took.toNanos() / 1_000);
        if (single) {
            boolean changes = content.map(MeteredCall.Content::call)
                    .filter(RestCall::isOrder)
                    .isPresent();
            trail.record(entry, changes ? AuditTrail.Weight.CHANGE : AuditTrail.Weight.READ);
        } else {
            trail.sum(entry);
        }
    }

    private static String path(Request request) {
        return request.path().length() > PATH_MAX ? request.path().substring(0, PATH_MAX) : request.path();
    }
}
