package kr.kisgateway.gateway.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.ToLongFunction;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.session.SessionView.Status;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.PerMarket;

/** The sessions and the call budgets of the app keys, as meters. */
public final class SessionMeters {
    private static final String ALL = "all";
    private static final String LEDGER = "ledger";

    private final Meters meters;
    private final SessionView session;

    private SessionMeters(Meters meters, SessionView session) {
        this.meters = meters;
        this.session = session;
    }

    /** @param waitingMax calls of an app key that may wait for its budget */
    public static void bind(
            Meters meters,
            SessionView session,
            PerMarket<MarketCalendar> calendars,
            int waitingMax,
            InstantSource clock) {
        meters.gauge(
                "session.expected",
                Meters.FLAG,
                "1 while any market is in session, so that sockets have to be connected",
                () -> calendars.all().stream()
                                .anyMatch(calendar ->
                                        calendar.session(clock.instant()).isOpen())
                        ? 1
                        : 0);
        var bound = new SessionMeters(meters, session);
        session.appKeys().forEach(key -> bound.bind(key.id(), waitingMax, clock));
    }

    private void bind(String key, int waitingMax, InstantSource clock) {
        gauge(
                "session.connected",
                Meters.FLAG,
                "1 while the WebSocket to the broker is open",
                key,
                status -> status.connected() ? 1 : 0);
        gauge(
                "session.taken",
                Meters.FLAG,
                "1 while another program has the app key's session",
                key,
                status -> status.takenOver() ? 1 : 0);
        gauge(
                "session.token.left",
                "seconds",
                "Until the access token expires; 0 without one",
                key,
                status -> status.tokenExpiresAt()
                        .map(end -> Duration.between(clock.instant(), end).toSeconds())
                        .filter(seconds -> seconds > 0)
                        .orElse(0L));
        gauge(
                "session.registrations",
                "registrations",
                "Registrations at the broker in use, execution notices included",
                key,
                Status::registrations);
        gauge(
                "session.registrations.limit",
                "registrations",
                "Registrations at the broker that an app key may have",
                key,
                Status::registrationsMax);
        budget(key, waitingMax);
    }

    private void budget(String key, int waitingMax) {
        budget(
                "budget.used",
                "Calls counted in the last second",
                key,
                ALL,
                status -> status.budget().callsLastSecond());
        budget(
                "budget.used",
                "Calls counted in the last second",
                key,
                LEDGER,
                status -> status.budget().ledgerCallsLastSecond());
        budget(
                "budget.limit",
                "Calls a second that are allowed now",
                key,
                ALL,
                status -> status.budget().limit());
        budget(
                "budget.limit",
                "Calls a second that are allowed now",
                key,
                LEDGER,
                status -> status.budget().ledgerLimit());
        gauge(
                "budget.waiting",
                "calls",
                "Calls that wait for a slot of the budget",
                key,
                status -> status.budget().waiting());
        gauge(
                "budget.waiting.limit",
                "calls",
                "Calls that may wait for a slot of the budget; a further one is refused",
                key,
                _ -> waitingMax);
        counter(
                "budget.timeouts",
                "Calls refused because no slot came in time",
                key,
                status -> status.budget().timedOut());
        counter(
                "budget.refusals",
                "Calls that the broker refused for their rate",
                key,
                status -> status.budget().refusedByKis());
    }

    private void budget(String name, String description, String key, String calls, ToLongFunction<Status> value) {
        meters.gauge(name, "calls", description, () -> read(key, value), "key", key, "calls", calls);
    }

    private void gauge(String name, String unit, String description, String key, ToLongFunction<Status> value) {
        meters.gauge(name, unit, description, () -> read(key, value), "key", key);
    }

    private void counter(String name, String description, String key, ToLongFunction<Status> value) {
        meters.counter(name, "calls", description, () -> read(key, value), "key", key);
    }

    private long read(String key, ToLongFunction<Status> value) {
        return session.appKeys().stream()
                .filter(one -> one.id().equals(key))
                .mapToLong(one -> value.applyAsLong(one.status()))
                .sum();
    }
}
