package kr.kisgateway.gateway.kis.stream;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Registration;
import kr.kisgateway.client.SessionPlan;
import kr.kisgateway.gateway.kis.auth.KisAppKeys;
import kr.kisgateway.gateway.kis.auth.KisAppKeys.AppKey;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.Sockets;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.wire.RealtimeKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers at the WebSocket sessions of all app keys. */
public final class KisSockets implements Sockets {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.pool");

    private final KisAppKeys keys;
    private final Optional<String> htsId;
    private final KisFeed frames;
    private final PerMarket<MarketCalendar> calendars;
    private final PushFeed feed;
    private final InstantSource clock;
    /** At most as many as the sockets take. */
    private final Map<Demand, ActiveRegistration> registrations = new ConcurrentHashMap<>();

    private record ActiveRegistration(RealtimeKey key, Registration registration) {}

    /**
     * @param htsId login id of the trading key's owner, to whom the notices are addressed
     * @param frames receives what is registered
     * @param feed feed of US values outside the day market
     */
    public KisSockets(
            KisAppKeys keys,
            Optional<String> htsId,
            KisFeed frames,
            PerMarket<MarketCalendar> calendars,
            PushFeed feed,
            InstantSource clock) {
        this.keys = keys;
        this.htsId = htsId;
        this.frames = frames;
        this.calendars = calendars;
        this.feed = feed;
        this.clock = clock;
    }

    /** The current registration key of {@code demand}. */
    private RealtimeKey key(Demand demand) {
        if (KisTr.isUsNotices(demand)) {
            return new RealtimeKey(KisTr.key(demand, feed).trId(), htsId.orElse(""));
        }
        var session = calendars.of(demand.market()).session(clock.instant());
        return KisTr.key(demand, session.series() == PriceSeries.DAY_MARKET ? PushFeed.DAY_MARKET : feed);
    }

    @Override
    public Placement register(Demand demand) {
        var key = key(demand);
        // Notices come to the app key whose owner's account trades.
        var acquired = KisTr.isUsNotices(demand)
                ? keys.primary().realtime().acquireRegistration(key)
                : keys.pool().acquireRegistration(key);
        return switch (acquired) {
            case KisReply.Ok<Registration>(Registration registration) -> {
                registrations.put(demand, new ActiveRegistration(key, registration));
                yield frames.shareConfirmed(demand, key) ? Placement.CONFIRMED : Placement.REQUESTED;
            }
            case KisReply.Failed<Registration>(KisFailure failure) -> {
                LOG.warn("registration_failed symbol={} kind={} {}", demand.code(), demand.kindName(), failure.code());
                yield Placement.REFUSED;
            }
        };
    }

    @Override
    public void release(Demand demand) {
        var previous = registrations.remove(demand);
        if (previous != null) {
            previous.registration().close();
        }
    }

    @Override
    public List<Demand> refreshKeys() {
        var refused = new ArrayList<Demand>();
        for (var demand : List.copyOf(registrations.keySet())) {
            var previous = registrations.get(demand);
            if (previous == null || previous.key().equals(key(demand))) {
                continue;
            }
            // Unregister first, then register: the socket may be full.
            release(demand);
            if (register(demand) == Placement.REFUSED) {
                refused.add(demand);
            }
        }
        return refused;
    }

    @Override
    public Capacity room(Market market) {
        var open = keys.openKeys(
                market.equals(Market.KOREA) ? SessionPlan.Group.DOMESTIC : SessionPlan.Group.OVERSEAS, clock.instant());
        int max = open.stream()
                .mapToInt(key -> key.client().realtime().status().registrationsMax())
                .sum();
        return new Capacity(max, open.stream().mapToInt(AppKey::notices).sum(), keys.nextChange(clock));
    }

    @Override
    public Optional<String> appKeyOf(Demand demand) {
        if (KisTr.isUsNotices(demand)) {
            return Optional.ofNullable(registrations.get(demand))
                    .map(_ -> keys.all().getFirst().id());
        }
        return Optional.ofNullable(registrations.get(demand))
                .flatMap(it -> keys.pool().sessionOf(it.key()))
                .flatMap(session -> keys.all().stream()
                        .filter(key -> key.client().realtime().equals(session))
                        .map(AppKey::id)
                        .findFirst());
    }
}
