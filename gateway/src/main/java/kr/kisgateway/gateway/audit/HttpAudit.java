package kr.kisgateway.gateway.audit;

import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.access.KeyText;
import kr.kisgateway.gateway.audit.AuditTrail.Weight;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.CallRecorder;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.Gatekeeper.RequestCredentials;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable.Route;

/** Records the calls of the API. */
public final class HttpAudit implements CallRecorder {
    private static final String BEARER = "bearer ";

    /** Bodies that are sent by POST and only ask for market data. */
    private static final Set<String> QUOTATIONS = Set.of("/v1/quotes/batch", "/v1/bars/batch", "/mcp");

    /** What only reads also with a body. */
    private static final Pattern TRS = Pattern.compile("/api/v[0-9.]+/tr/.*");

    /** Calls that change nothing though they are sent by POST. */
    private static final Set<String> CHECKS = Set.of("/v1/orders/preview", "/v1/risk/check");

    /** Calls that reduce risk, or only look: they are made also when they cannot be recorded. */
    private static final Set<String> NEVER_REFUSED = Set.of(
            "/v1/orders/{id}/cancel",
            "/v1/orders/cancel-all",
            "/v1/parents/{id}/cancel",
            "/v1/risk/kill-switch",
            "/v1/orders/reconcile",
            "/v1/session/reconnect");

    /** What pages and programs read all the time and is no account's. */
    private static final Set<String> WATCHED = Set.of(
            "/metrics",
            "/v1/metrics/history",
            "/v1/metrics/journal",
            "/v1/metrics/order",
            "/v1/alerts",
            "/v1/jobs",
            "/v1/jobs/{id}",
            "/v1/history/recordings",
            "/v1/face/clients",
            "/v1/face/clients/{key}");

    private final AuditTrail trail;
    private final MaskedParameters masked;
    private final InstantSource clock;
    private final Function<String, Optional<String>> keyNames;

    /** @param keyNames the name of the key with an id */
    public HttpAudit(
            AuditTrail trail,
            MaskedParameters masked,
            InstantSource clock,
            Function<String, Optional<String>> keyNames) {
        this.trail = trail;
        this.masked = masked;
        this.clock = clock;
        this.keyNames = keyNames;
    }

    /** How the calls of a route are recorded. */
    public enum Form {
        /** A row each; the call changes something. */
        CHANGE,
        /** A row each; the call reads an account, or what only administrators may read. */
        ACCOUNT,
        /** In the sums of their minutes. */
        SUMMED
    }

    /** How the calls of {@code route} are recorded. */
    public static Form form(Route route) {
        if (!route.method().equals("GET")
                && !QUOTATIONS.contains(route.path())
                && !TRS.matcher(route.path()).matches()) {
            return CHECKS.contains(route.path()) ? Form.ACCOUNT : Form.CHANGE;
        }
        boolean account = route.role().filter(role -> role.covers(Role.TRADE)).isPresent();
        return account && !WATCHED.contains(route.path()) ? Form.ACCOUNT : Form.SUMMED;
    }

    @Override
    public RouteRecorder of(Route route) {
        var form = form(route);
        boolean refusable = form == Form.CHANGE
                && !NEVER_REFUSED.contains(route.path())
                && !route.method().equals("DELETE");
        String name = route.method() + " " + route.path();
        return new RouteRecorder() {
            @Override
            public Optional<Refusal> refusal() {
                return refusable ? trail.refusal() : Optional.empty();
            }

            @Override
            public void answered(AnsweredCall call) {
                // A flood of callers without a key must not fill the disk.
                var principal = principal(call);
                boolean single = form != Form.SUMMED && principal.isPresent();
                var entry = entry(name, call, principal.orElse(""), single);
                if (single) {
                    trail.record(entry, form == Form.CHANGE ? Weight.CHANGE : Weight.READ);
                } else {
                    trail.sum(entry);
                }
            }
        };
    }

    /** The caller, also one whose role did not suffice: the key was verified before. */
    private Optional<String> principal(AnsweredCall call) {
        return call.caller()
                .map(Caller::name)
                .or(() -> call.code()
                        .filter(ErrorCode.FORBIDDEN.name()::equals)
                        .flatMap(_ -> presentedKey(call.credentials()))
                        .flatMap(key -> keyNames.apply(key.id())));
    }

    private AuditEntry entry(String name, AnsweredCall call, String principal, boolean single) {
        return new AuditEntry(
                clock.instant(),
                AuditSource.API,
                AuditEntry.Kind.CALL,
                principal,
                presentedKey(call.credentials()).map(key -> "kgw_" + key.id()).orElse(""),
                call.credentials().address(),
                name,
                call.cost().trs(),
                single ? masked.ofApi(call.path(), call.query(), call.body().map(RequestBody::tree)) : "",
                call.status(),
                call.code().orElse(AuditEntry.OK),
                single ? masked.traceId(call.traceId()) : "",
                1,
                call.code().isPresent() ? 1 : 0,
                call.cost().calls(),
                call.micros());
    }

    /** The presented key; empty where none was, or a text that is no key. */
    private static Optional<KeyText> presentedKey(RequestCredentials credentials) {
        return credentials
                .authorization()
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).strip())
                .or(() -> credentials.apiKey().map(String::strip))
                .flatMap(KeyText::parse);
    }
}
