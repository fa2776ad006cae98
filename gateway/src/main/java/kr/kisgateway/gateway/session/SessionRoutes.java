package kr.kisgateway.gateway.session;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.session.FeedGaps;
import kr.kisgateway.api.session.Live;
import kr.kisgateway.api.session.LiveReadiness;
import kr.kisgateway.api.session.Ready;
import kr.kisgateway.api.session.ReconnectAnswer;
import kr.kisgateway.api.session.SessionStatus;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;
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
    private final Supplier<Optional<Instant>> leaseEnd;
    private final SessionView session;
    private final Readiness readiness;
    private final boolean operatorTokenSet;
    private final Optional<Duration> fillPollInterval;
    private final Supplier<Optional<String>> faceProblem;
    private final TradingCalendar calendar;
    private final InstantSource clock;

    /**
     * @param owner this process's name in the API
     * @param leaseEnd when its lease ends unless it is renewed; empty where it needs none
     * @param operatorTokenSet whether an operator token is configured
     * @param fillPollInterval how often fills are requested from KIS, where it does not push them
     * @param faceProblem why the port for KIS's protocol could not be opened; empty where it is open, or off
     */
    public SessionRoutes(
            KisEnvironment environment,
            String owner,
            Supplier<Optional<Instant>> leaseEnd,
            SessionView session,
            Readiness readiness,
            boolean operatorTokenSet,
            Optional<Duration> fillPollInterval,
            Supplier<Optional<String>> faceProblem,
            TradingCalendar calendar,
            InstantSource clock) {
        this.environment = environment;
        this.owner = owner;
        this.leaseEnd = leaseEnd;
        this.session = session;
        this.readiness = readiness;
        this.operatorTokenSet = operatorTokenSet;
        this.fillPollInterval = fillPollInterval;
        this.faceProblem = faceProblem;
        this.calendar = calendar;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/session/status", this::status);
        table.get(Role.QUOTE, "/v1/session/live-readiness", this::liveReadiness);
        table.get(Role.OPERATOR, "/v1/session/gaps", this::gaps);
        table.post(Role.OPERATOR, "/v1/session/reconnect", this::reconnect);
        table.getWithoutKey("/health/live", call -> call.answer(new Live("UP")));
        table.getWithoutKey("/health/ready", this::ready);
    }

    private void status(Call call) {
        var status = session.status();
        call.answer(new SessionStatus(
                environment.wireName(),
                owner,
                status.state(),
                source(status),
                leaseEnd.get().map(at -> BigDecimal.valueOf(at.getEpochSecond())),
                calendar.session(clock.instant()).name(),
                environment.wireName(),
                session.appKeys().stream().map(this::answer).toList()));
    }

    private SessionStatus.AppKey answer(SessionView.AppKey key) {
        var status = key.status();
        var budget = status.budget();
        return new SessionStatus.AppKey(
                key.id(),
                owner,
                status.tokenExpiresAt().map(ApiValues::time),
                status.socketState(),
                status.registrations(),
                status.registrationsMax(),
                budget.callsLastSecond(),
                new SessionStatus.AppKey.Budget(
                        budget.limit(),
                        budget.ledgerCallsLastSecond(),
                        budget.ledgerLimit(),
                        budget.waiting(),
                        budget.timedOut(),
                        budget.refusedByKis()));
    }

    private static String source(SessionView.Status status) {
        return status.connected() ? "kis-ws" : "kis-rest";
    }

    private void liveReadiness(Call call) {
        var status = session.status();
        var blockers = readiness.blockers();
        call.answer(new LiveReadiness(
                readiness.missing(),
                status.connected(),
                status.lastError(),
                blockers.isEmpty(),
                blockers,
                fillPollInterval
                        .map(every -> new LiveReadiness.ExecutionNotices(
                                "poll", OptionalLong.of(every.toMillis()), Optional.of(NOTICES_LINE)))
                        .orElseGet(() ->
                                new LiveReadiness.ExecutionNotices("push", OptionalLong.empty(), Optional.empty()))));
    }

    private void gaps(Call call) {
        call.caller().requireUnrestricted("The gaps are of");
        call.answer(new FeedGaps(session.gaps().stream()
                .map(gap -> new FeedGaps.Gap(
                        gap.appKey(),
                        ApiValues.timeMillis(gap.from()),
                        ApiValues.timeMillis(gap.to()),
                        gap.cause().name(),
                        gap.registrations()))
                .toList()));
    }

    private void reconnect(Call call) {
        requireToken(call);
        call.caller().requireUnrestricted("The session serves");
        LOG.info("reconnect_requested by={}", call.caller().name());
        var wait = session.reconnect();
        var status = session.status();
        call.answer(new ReconnectAnswer(
                true, environment.wireName(), owner, status.state(), source(status), wait.toMillis()));
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
                                "The header X-Operator-Token is required for this call: set GATEWAY_OPERATOR_TOKEN and start"
                                        + " again, or use an operator's key.")
                        : Refusal.of(
                                ErrorCode.OPERATOR_TOKEN_WRONG,
                                "No operator token is set, so none can be right; set GATEWAY_OPERATOR_TOKEN and start"
                                        + " again, or use an operator's key."));
    }

    private void ready(Call call) {
        // A restriction by the settings is intended, and no probe waits for it.
        var blockers = readiness.transientBlockers();
        // A probe reads the status; a person reads why.
        call.answer(
                blockers.isEmpty() ? 200 : 503,
                new Ready(blockers.isEmpty() ? "READY" : "NOT_READY", blockers, faceProblem.get()));
    }
}
