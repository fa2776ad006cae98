package kr.kisgateway.gateway.kis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.Severity;

/**
 * Alerts about the sessions with KIS: a reconnect given up, a session taken by another program, a feed that is down, a gap
 * that was not repaired, and every event that the client calls an alert. Each is raised once and settled when it is over.
 */
public final class SessionAlerts {
    /** How long a socket may be disconnected while a market is in session. */
    static final Duration DOWN_AFTER = Duration.ofSeconds(30);

    /** Consecutive failures of KIS to answer for missing minutes before an alert. */
    static final int UNREPAIRED_AFTER = 3;

    private final AlertLog log;
    private final CodeTable codes;
    private final InstantSource clock;

    private record OpenAlert(AlertEvent kind, String subject) {}

    /** At most as many as there are sockets, registrations and kinds of calls. */
    private final Set<OpenAlert> openAlerts = ConcurrentHashMap.newKeySet();

    private final Map<MarketSymbol, Integer> failures = new ConcurrentHashMap<>();

    /** Since when each socket is disconnected while a market is in session. */
    private final Map<String, Instant> disconnectedSince = new ConcurrentHashMap<>();

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
                                + " (OPSP8996): no prices or execution notices are pushed here; stop that program; the"
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

    /** {@code source} with an alert while KIS does not answer for missing minutes. */
    public MinuteSource withAlerts(MinuteSource source) {
        return (symbol, from, to) -> {
            var minutes = source.minutes(symbol, from, to);
            String subject = "minutes of " + symbol.code();
            if (minutes.isPresent()) {
                failures.remove(symbol);
                settle(AlertEvent.GAP_NOT_REPAIRED, subject);
            } else if (failures.merge(symbol, 1, Integer::sum) == UNREPAIRED_AFTER) {
                raise(
                        "P2",
                        AlertEvent.GAP_NOT_REPAIRED,
                        subject,
                        "bars of " + symbol.code() + " lack trades, and KIS has not answered " + UNREPAIRED_AFTER
                                + " times for the missing minutes; the request is repeated every 20 s");
            }
            return minutes;
        };
    }

    /**
     * Checks the sockets; to be called every second.
     *
     * @param inSession whether a market is in session
     * @param connected for each app key whether its socket is open
     */
    public void check(boolean inSession, Map<String, Boolean> connected) {
        Instant now = clock.instant();
        connected.forEach((key, isConnected) -> {
            if (isConnected || !inSession) {
                disconnectedSince.remove(key);
                if (isConnected) {
                    settle(AlertEvent.FEED_DOWN, key);
                }
            } else if (!now.isBefore(
                    disconnectedSince.computeIfAbsent(key, _ -> now).plus(DOWN_AFTER))) {
                raise(
                        "P1",
                        AlertEvent.FEED_DOWN,
                        key,
                        "the WebSocket of app key " + key + " has been disconnected for " + DOWN_AFTER.toSeconds()
                                + " s while the market is in session: prices are polled, orders are refused");
            }
        });
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
