package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.kis.SessionAlerts;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;

/** Checks every second whether the sockets are open while a market is in session. */
final class SessionWatch implements AutoCloseable {
    private final SessionView session;
    private final TradingCalendar calendar;
    private final UsHours hours;
    private final InstantSource clock;
    private final SessionAlerts alerts;
    private final CountDownLatch closing = new CountDownLatch(1);

    private SessionWatch(SessionView session, TradingCalendar calendar, InstantSource clock, SessionAlerts alerts) {
        this.session = session;
        this.calendar = calendar;
        this.hours = UsHours.of(calendar);
        this.clock = clock;
        this.alerts = alerts;
    }

    /** Checks until closed. */
    static SessionWatch start(
            SessionView session, TradingCalendar calendar, InstantSource clock, SessionAlerts alerts) {
        var watch = new SessionWatch(session, calendar, clock, alerts);
        Thread.ofPlatform().name("session-watch").daemon().start(watch::watch);
        return watch;
    }

    private void watch() {
        try {
            while (!closing.await(1, TimeUnit.SECONDS)) {
                check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check() {
        var now = clock.instant();
        boolean inSession = calendar.session(now) != Session.CLOSED
                || hours.at(now).session().isOpen();
        alerts.check(
                inSession,
                session.appKeys().stream()
                        .collect(Collectors.toMap(
                                SessionView.AppKey::id, key -> key.status().connected())));
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
