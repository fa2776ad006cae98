package kr.kisgateway.gateway.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.RuleFigure;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.PerMarket;

/**
 * Raises an alert for each socket that stays disconnected while a market is in session; {@link #check} is to be called every
 * second.
 */
public final class SessionWatch {
    private final SessionView session;
    private final PerMarket<MarketCalendar> calendars;
    private final InstantSource clock;
    private final AlertLog alerts;
    /** Since when each socket is disconnected while a market is in session. */
    private final Map<String, Instant> disconnectedSince = new ConcurrentHashMap<>();

    private final Set<String> down = ConcurrentHashMap.newKeySet();

    public SessionWatch(
            SessionView session, PerMarket<MarketCalendar> calendars, InstantSource clock, AlertLog alerts) {
        this.session = session;
        this.calendars = calendars;
        this.clock = clock;
        this.alerts = alerts;
    }

    /** Checks each app key's socket. */
    public void check() {
        var now = clock.instant();
        boolean inSession = calendars.all().stream()
                .anyMatch(calendar -> calendar.session(now).isOpen());
        var after = alerts.policy().duration(RuleFigure.FEED_DOWN_AFTER);
        session.appKeys().forEach(key -> check(key.id(), key.status().connected(), inSession, after, now));
    }

    private void check(String key, boolean connected, boolean inSession, Duration after, Instant now) {
        if (connected || !inSession) {
            disconnectedSince.remove(key);
            if (connected && down.remove(key)) {
                alerts.settle(AlertEvent.FEED_DOWN, key, now);
            }
        } else if (!now.isBefore(
                        disconnectedSince.computeIfAbsent(key, _ -> now).plus(after))
                && down.add(key)) {
            alerts.raise(Alert.of(
                    now,
                    "P1",
                    AlertEvent.FEED_DOWN,
                    key,
                    "the WebSocket of app key " + key + " has been disconnected for " + after.toSeconds()
                            + " s while the market is in session: prices are polled, orders are refused"));
        }
    }
}
