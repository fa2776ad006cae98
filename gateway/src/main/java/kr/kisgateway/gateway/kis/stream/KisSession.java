package kr.kisgateway.gateway.kis.stream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.RealtimeStatus;
import kr.kisgateway.gateway.broker.BrokerSession;
import kr.kisgateway.gateway.feed.FeedGap;
import kr.kisgateway.gateway.kis.auth.KisAppKeys;
import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.MarketSymbol;

/** The clients' sessions for quotes and operators. */
public final class KisSession implements BrokerSession {
    /** Quotes read this tens of thousands of times a second, and it changes in seconds. */
    private static final long CACHE_MS = 100;

    private final KisAppKeys keys;
    private final KisFeed feed;
    private final InstantSource clock;
    private volatile CachedStatus cachedStatus;

    private record CachedStatus(Feed.Status status, long untilMs) {}

    public KisSession(KisAppKeys keys, KisFeed feed, InstantSource clock) {
        this.keys = keys;
        this.feed = feed;
        this.clock = clock;
        this.cachedStatus = readStatus();
    }

    @Override
    public boolean isLive(MarketSymbol symbol) {
        return feed.isLive(symbol);
    }

    @Override
    public boolean isBookLive(MarketSymbol symbol) {
        return feed.isBookLive(symbol);
    }

    @Override
    public OptionalInt leastDelaySeconds() {
        return feed.leastDelaySeconds();
    }

    @Override
    public Feed.Status feedStatus() {
        var cached = cachedStatus;
        if (clock.millis() >= cached.untilMs()) {
            cached = readStatus();
            cachedStatus = cached;
        }
        return cached.status();
    }

    @Override
    public List<FeedGap> gaps() {
        return feed.gaps();
    }

    @Override
    public SessionView.Status status() {
        return status(keys.primary(), feed.isTaken(0));
    }

    @Override
    public List<AppKey> appKeys() {
        var all = keys.all();
        return IntStream.range(0, all.size())
                .mapToObj(i -> new AppKey(all.get(i).id(), status(all.get(i).client(), feed.isTaken(i))))
                .toList();
    }

    private static SessionView.Status status(KisClient kis, boolean taken) {
        var realtime = kis.realtime().status();
        var budget = kis.budget().state();
        return new SessionView.Status(
                state(realtime.state()),
                realtime.state().name(),
                realtime.state() == RealtimeStatus.State.OPEN,
                // Without registrations KIS confirms nothing that would show that the session is the gateway's again.
                taken && !(realtime.connected() && realtime.registrations() == 0),
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
    public Duration reconnect() {
        var waits = keys.all().stream()
                .map(key -> key.client().realtime().reconnect())
                .toList();
        return waits.getFirst();
    }

    /** Of several sockets the one silent for longest counts for all: no pushed value is trusted too long. */
    private CachedStatus readStatus() {
        var all = keys.pool().status();
        var open = all.stream().filter(RealtimeStatus::connected).toList();
        var relevant = open.isEmpty() ? all : open;
        return new CachedStatus(
                new Feed.Status(
                        !open.isEmpty(),
                        all.stream().flatMap(it -> it.lastError().stream()).findFirst(),
                        all.stream().mapToLong(RealtimeStatus::reconnectCount).sum(),
                        oldest(relevant, RealtimeStatus::lastMessageAt),
                        oldest(relevant, RealtimeStatus::lastHeartbeatAt)),
                clock.millis() + CACHE_MS);
    }

    private static Optional<Instant> oldest(
            List<RealtimeStatus> sockets, Function<RealtimeStatus, Optional<Instant>> timestamp) {
        return sockets.stream().flatMap(it -> timestamp.apply(it).stream()).min(Comparator.naturalOrder());
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
