package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.kis.SessionAlerts;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;

/** Checks whether the sockets are open while a market is in session; {@link #check} is to be called every second. */
final class SessionWatch {
    private final SessionView session;
    private final TradingCalendar calendar;
    private final UsHours hours;
    private final InstantSource clock;
    private final SessionAlerts alerts;

    SessionWatch(SessionView session, TradingCalendar calendar, InstantSource clock, SessionAlerts alerts) {
        this.session = session;
        this.calendar = calendar;
        this.hours = UsHours.of(calendar);
        this.clock = clock;
        this.alerts = alerts;
    }

    void check() {
        var now = clock.instant();
        boolean inSession = calendar.session(now) != Session.CLOSED
                || hours.at(now).session().isOpen();
        alerts.check(
                inSession,
                session.appKeys().stream()
                        .collect(Collectors.toMap(
                                SessionView.AppKey::id, key -> key.status().connected())));
    }
}
