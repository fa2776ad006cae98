package kr.kisgateway.gateway;

import java.util.ArrayList;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.session.Readiness;
import kr.kisgateway.gateway.session.SessionRoutes;
import kr.kisgateway.gateway.session.SessionWatch;
import kr.kisgateway.gateway.settings.Settings;

/** The session with the broker, as callers see it, and whether the gateway can trade. */
final class SessionModule {
    private SessionModule() {}

    static void register(Platform platform, BrokerAdapter broker, OrderModule orders) {
        var settings = platform.settings();
        new SessionRoutes(
                        settings.environment(),
                        "gateway-" + ProcessHandle.current().pid(),
                        broker.realtime().session(),
                        new Readiness(
                                broker.realtime().session(),
                                restrictions(settings),
                                () -> orders.blockers(platform.disk())),
                        settings.http().operatorToken().isPresent(),
                        settings.fillPollInterval(),
                        platform.calendar(),
                        platform.clock())
                .register(platform.routes());
    }

    /** Watches whether the sockets are open while a market is in session. */
    static void start(Platform platform, BrokerAdapter broker) {
        var watch = new SessionWatch(
                broker.realtime().session(), platform.calendars(), platform.clock(), platform.alerts());
        platform.parts().add(platform.tasks().every("session-watch", Platform.WATCH_INTERVAL, watch::check));
    }

    /** Restrictions of the settings, as readiness reports them. */
    private static Readiness.Restrictions restrictions(Settings settings) {
        var guards = settings.risk().guards();
        var blockers = new ArrayList<String>();
        if (!guards.missing().isEmpty()) {
            blockers.add("MISSING_REQUIRED_ENV");
        }
        if (guards.readOnly()) {
            blockers.add("READ_ONLY");
        }
        if (settings.accounts().stream().noneMatch(guards::allows)) {
            blockers.add("LIVE_DISABLED");
        }
        return new Readiness.Restrictions(guards.missing(), blockers);
    }
}
