package kr.kisgateway.gateway.kis;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Registration;
import kr.kisgateway.gateway.kis.KisAppKeys.AppKey;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.Sockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers at the WebSocket sessions of all app keys. */
public final class KisSockets implements Sockets {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.pool");

    private final KisAppKeys keys;
    private final InstantSource clock;
    /** At most as many as the sockets take. */
    private final Map<Demand, Registration> held = new ConcurrentHashMap<>();

    public KisSockets(KisAppKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public boolean register(Demand demand) {
        return switch (keys.pool().hold(KisTr.key(demand))) {
            case KisReply.Ok<Registration>(Registration registration) -> {
                held.put(demand, registration);
                yield true;
            }
            case KisReply.Failed<Registration>(KisFailure failure) -> {
                LOG.warn("registration_not_taken symbol={} kind={} {}", demand.symbol(), demand.kind(), failure.code());
                yield false;
            }
        };
    }

    @Override
    public void release(Demand demand) {
        var registration = held.remove(demand);
        if (registration != null) {
            registration.close();
        }
    }

    @Override
    public Room room() {
        var open = keys.korean(clock.instant());
        int most = open.stream()
                .mapToInt(key -> key.client().realtime().status().registrationsMax())
                .sum();
        return new Room(most, open.stream().mapToInt(AppKey::notices).sum(), keys.nextChange(clock));
    }

    @Override
    public Optional<String> appKeyOf(Demand demand) {
        return keys.pool()
                .sessionOf(KisTr.key(demand))
                .flatMap(session -> keys.all().stream()
                        .filter(key -> key.client().realtime().equals(session))
                        .map(AppKey::id)
                        .findFirst());
    }
}
