package kr.kisgateway.gateway.kis;

import java.time.InstantSource;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.RealtimeStatus;
import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.Symbol;

/** The client's session as quotes and operators want to see it. */
public final class KisSession implements SessionView, Feed {
    /** A quote asks tens of thousands of times a second, and what it wants to know changes in seconds. */
    private static final long REMEMBER_MS = 100;

    private final KisClient kis;
    private final KisFeed feed;
    private final InstantSource clock;
    private volatile Remembered remembered;

    private record Remembered(Feed.Status status, long untilMs) {}

    public KisSession(KisClient kis, KisFeed feed, InstantSource clock) {
        this.kis = kis;
        this.feed = feed;
        this.clock = clock;
        this.remembered = look();
    }

    @Override
    public boolean isLive(Symbol symbol) {
        return feed.isLive(symbol);
    }

    @Override
    public Feed.Status feedStatus() {
        var now = remembered;
        if (clock.millis() >= now.untilMs()) {
            now = look();
            remembered = now;
        }
        return now.status();
    }

    @Override
    public SessionView.Status status() {
        var realtime = kis.realtime().status();
        var budget = kis.budget().state();
        return new SessionView.Status(
                state(realtime.state()),
                realtime.state().name(),
                realtime.connected(),
                realtime.lastError(),
                kis.tokenExpiresAt(),
                realtime.registrations(),
                realtime.registrationsMax(),
                new Budget(
                        budget.usedLastSecond(),
                        budget.limit(),
                        budget.ledgerUsedLastSecond(),
                        budget.ledgerLimit(),
                        budget.waiting().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum(),
                        budget.timedOut(),
                        budget.refusedByKis()));
    }

    @Override
    public void reconnect() {
        kis.realtime().reconnect();
    }

    private Remembered look() {
        var status = kis.realtime().status();
        return new Remembered(
                new Feed.Status(
                        status.connected(),
                        status.lastError(),
                        status.reconnectCount(),
                        status.lastMessageAt(),
                        status.lastHeartbeatAt()),
                clock.millis() + REMEMBER_MS);
    }

    private static String state(RealtimeStatus.State state) {
        return switch (state) {
            case IDLE -> "IDLE";
            case APPROVING, CONNECTING -> "CONNECTING";
            case OPEN -> "ACTIVE";
            case RELEASING, WAITING, EXHAUSTED -> "RECONNECTING";
            case CLOSED -> "CLOSED";
        };
    }
}
