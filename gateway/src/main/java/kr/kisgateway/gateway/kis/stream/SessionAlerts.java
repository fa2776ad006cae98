package kr.kisgateway.gateway.kis.stream;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.Severity;

/**
 * Alerts about the sessions with KIS: a reconnect given up, a session taken by another program, a gap that was not repaired,
 * and every event that the client calls an alert. Each is raised once and settled when it is over.
 */
public final class SessionAlerts {
    private final AlertLog log;
    private final CodeTable codes;
    private final InstantSource clock;

    private record OpenAlert(AlertEvent kind, String subject) {}

    /** At most as many as there are sockets, registrations and kinds of calls. */
    private final Set<OpenAlert> openAlerts = ConcurrentHashMap.newKeySet();

    public SessionAlerts(AlertLog log, CodeTable codes, InstantSource clock) {
        this.log = log;
        this.codes = codes;
        this.clock = clock;
    }

    /** Alert level of a code of {@code severity}. */
    static String level(Severity severity) {
        return switch (severity) {
            case CRITICAL -> "P1";
            case HIGH -> "P2";
            case MEDIUM, INFO -> "P3";
        };
    }

    private String level(String code) {
        return codes.entry(code).map(row -> level(row.severity())).orElse("P2");
    }

    /** Processes an event of the session of the app key {@code key}. */
    void event(String key, KisEvent event) {
        switch (event) {
            case KisEvent.ReconnectExhausted it ->
                raise(
                        "P1",
                        AlertEvent.WS_RECONNECT_EXHAUSTED,
                        key,
                        "the WebSocket of app key " + key + " could not be opened " + it.failures() + " times ("
                                + it.lastError() + "); the gateway retries every five minutes from now on; POST"
                                + " /v1/session/reconnect retries now");
            case KisEvent.AppKeyInUse it ->
                raise(
                        "P1",
                        AlertEvent.SESSION_TAKEN_OVER,
                        key,
                        "another program holds the KIS session of app key " + key
                                + " (OPSP8996): no prices or execution notices are pushed here; stop that program, unless"
                                + " it is a cluster's owner whose machine was lost: KIS ends its session by itself; the"
                                + " gateway retries in " + it.pause().toSeconds() + " s");
            case KisEvent.Connected _ -> settle(AlertEvent.WS_RECONNECT_EXHAUSTED, key);
            case KisEvent.TokenFailed it -> {
                if (it.alert()) {
                    raise(
                            level(it.code()),
                            AlertEvent.TOKEN_FAILED,
                            key,
                            "no access token: " + it.code() + " " + it.message());
                }
            }
            case KisEvent.TokenIssued _ -> settle(AlertEvent.TOKEN_FAILED, key);
            case KisEvent.RegistrationRefused it ->
                raise(
                        level(it.code()),
                        AlertEvent.REGISTRATION_REFUSED,
                        key + " " + KisTr.displayName(it.key()),
                        "KIS refused to push " + KisTr.displayName(it.key()) + ": " + it.code() + " " + it.message());
            case KisEvent.BreakerChanged it -> {
                if (it.alert()) {
                    raise(
                            "P2",
                            AlertEvent.BREAKER_OPEN,
                            key + " " + it.calls(),
                            "KIS fails for " + it.calls() + ", so these calls pause; the gateway retries them");
                } else if (it.state().equals("CLOSED")) {
                    settle(AlertEvent.BREAKER_OPEN, key + " " + it.calls());
                }
            }
            case KisEvent.ListenerReset it ->
                raise(
                        "P2",
                        AlertEvent.LISTENER_RESET,
                        key,
                        "the listener " + it.listener() + " stopped and was restarted");
            default -> {
                // the client logs the others; none of them needs an operator
            }
        }
    }

    /** KIS confirmed {@code registration} of the app key {@code key}: the session is the gateway's. */
    void acked(String key, String registration) {
        settle(AlertEvent.SESSION_TAKEN_OVER, key);
        settle(AlertEvent.REGISTRATION_REFUSED, key + " " + registration);
        settle(AlertEvent.GAP_NOT_REPAIRED, registration);
    }

    /** Values missed of {@code registrations} will not be repaired. */
    void gapNotRepaired(List<String> registrations, String cause) {
        registrations.forEach(it -> raise(
                "P2",
                AlertEvent.GAP_NOT_REPAIRED,
                it,
                "missed values of " + it + " were not repaired (" + cause
                        + "), and no more are pushed; prices are polled"));
    }

    private void raise(String level, AlertEvent kind, String subject, String message) {
        boolean isLasting = kind.settlesWhen() != AlertEvent.SettlesWhen.IMMEDIATELY;
        if (!isLasting || openAlerts.add(new OpenAlert(kind, subject))) {
            log.raise(Alert.of(now(), level, kind, subject, message));
        }
    }

    private void settle(AlertEvent kind, String subject) {
        if (openAlerts.remove(new OpenAlert(kind, subject))) {
            log.settle(kind, subject, now());
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
