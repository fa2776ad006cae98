package kr.kisgateway.gateway.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /v1/session/…} and {@code /health/…}. */
public final class SessionRoutes {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.session");

    /** The line of {@code .env} that makes KIS push execution notices. */
    public static final String NOTICES_LINE = "KIS_HTS_ID=<your HTS login id>";

    private final KisEnvironment environment;
    private final String owner;
    private final SessionView session;
    private final Readiness readiness;
    private final boolean operatorTokenSet;
    private final Optional<Duration> fillPollInterval;
    private final TradingCalendar calendar;
    private final InstantSource clock;

    /**
     * @param owner this process's name in the API
     * @param operatorTokenSet whether an operator token is configured
     * @param fillPollInterval how often fills are requested from KIS, where it does not push them
     */
    public SessionRoutes(
            KisEnvironment environment,
            String owner,
            SessionView session,
            Readiness readiness,
            boolean operatorTokenSet,
            Optional<Duration> fillPollInterval,
            TradingCalendar calendar,
            InstantSource clock) {
        this.environment = environment;
        this.owner = owner;
        this.session = session;
        this.readiness = readiness;
        this.operatorTokenSet = operatorTokenSet;
        this.fillPollInterval = fillPollInterval;
        this.calendar = calendar;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/session/status", this::status);
        table.get(Role.QUOTE, "/v1/session/live-readiness", this::liveReadiness);
        table.post(Role.OPERATOR, "/v1/session/reconnect", this::reconnect);
        table.getWithoutKey("/health/live", call -> call.answer(statusJson("UP")));
        table.getWithoutKey("/health/ready", this::ready);
    }

    private void status(Call call) {
        var json = new JsonBuffer(768).beginObject();
        head(json, session.status());
        json.fieldNull("lease_expires_at")
                .field("market", calendar.session(clock.instant()).name())
                .field("env", environment.wireName())
                .name("app_keys")
                .beginArray();
        session.appKeys().forEach(key -> appKey(json, key));
        json.endArray().endObject();
        call.answer(json);
    }

    private void appKey(JsonBuffer json, SessionView.AppKey key) {
        var status = key.status();
        var budget = status.budget();
        json.beginObject()
                .field("id", key.id())
                .field("owner", owner)
                .field("token_expires_at", status.tokenExpiresAt().map(SessionRoutes::iso))
                .field("ws_state", status.socketState())
                .field("registrations", status.registrations())
                .field("registrations_max", status.registrationsMax())
                .field("calls_last_second", budget.callsLastSecond())
                .name("budget")
                .beginObject()
                .field("limit", budget.limit())
                .field("ledger_calls_last_second", budget.ledgerCallsLastSecond())
                .field("ledger_limit", budget.ledgerLimit())
                .field("waiting", budget.waiting())
                .field("timed_out", budget.timedOut())
                .field("refused_by_kis", budget.refusedByKis())
                .endObject()
                .endObject();
    }

    private void head(JsonBuffer json, SessionView.Status status) {
        json.field("mode", environment.wireName())
                .field("owner", owner)
                .field("state", status.state())
                .field("source", status.connected() ? "kis-ws" : "kis-rest");
    }

    private void liveReadiness(Call call) {
        var status = session.status();
        var blockers = readiness.blockers();
        var json = new JsonBuffer(256)
                .beginObject()
                .name("required_env_missing")
                .tree(readiness.missing())
                .field("ws_connected", status.connected())
                .field("ws_last_error", status.lastError())
                .field("can_trade", blockers.isEmpty())
                .name("blocker_reasons")
                .tree(blockers)
                .name("execution_notices")
                .beginObject()
                .field("mode", fillPollInterval.isPresent() ? "poll" : "push");
        fillPollInterval.ifPresentOrElse(
                every -> json.field("interval_ms", every.toMillis()).field("to_push", NOTICES_LINE),
                () -> json.fieldNull("interval_ms").fieldNull("to_push"));
        json.endObject().endObject();
        call.answer(json);
    }

    private void reconnect(Call call) {
        requireToken(call);
        call.caller().requireUnrestricted("The session serves");
        LOG.info("reconnect_requested by={} trace_id={}", call.caller().name(), call.traceId());
        var wait = session.reconnect();
        var json = new JsonBuffer(192).beginObject().field("success", true);
        head(json, session.status());
        call.answer(json.field("opens_in_ms", wait.toMillis()).endObject());
    }

    /** Requires an operator token or an API key. The gatekeeper verified the token, where one is configured. */
    private void requireToken(Call call) {
        if (operatorTokenSet || !call.caller().isLocal()) {
            return;
        }
        throw new RefusedException(
                call.header("X-Operator-Token").filter(text -> !text.isEmpty()).isEmpty()
                        ? Refusal.of(
                                ErrorCode.OPERATOR_TOKEN_REQUIRED,
                                "The header X-Operator-Token is required for this call.")
                        : Refusal.of(
                                ErrorCode.OPERATOR_TOKEN_WRONG,
                                "No operator token is set, so none can be right; set GATEWAY_OPERATOR_TOKEN and start"
                                        + " again."));
    }

    private void ready(Call call) {
        // A restriction by the settings is intended, and no probe waits for it.
        var blockers = readiness.transientBlockers();
        var json = new JsonBuffer(128)
                .beginObject()
                .field("status", blockers.isEmpty() ? "READY" : "NOT_READY")
                .name("blockers")
                .tree(blockers)
                .endObject();
        // A probe reads the status; a person reads why.
        call.answer(blockers.isEmpty() ? 200 : 503, json);
    }

    private static JsonBuffer statusJson(String status) {
        return new JsonBuffer(32).beginObject().field("status", status).endObject();
    }

    private static String iso(Instant at) {
        return at.atZone(TradingCalendar.SEOUL).toOffsetDateTime().toString();
    }
}
