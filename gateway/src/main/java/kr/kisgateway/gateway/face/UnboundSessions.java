package kr.kisgateway.gateway.face;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.ToIntFunction;

/**
 * The sessions that have not named a valid key yet. A network has a bounded number of them, and a further one takes the place of
 * its oldest: a program names its key at once, so one that is in use is never the oldest for long.
 */
final class UnboundSessions {
    private final ToIntFunction<InetAddress> limit;
    private final SequencedSet<FaceSession> all = new LinkedHashSet<>();
    private final Map<InetAddress, SequencedSet<FaceSession>> byNetwork = new HashMap<>();

    /** @param limit of a network, see {@link kr.kisgateway.gateway.http.ClientNetwork} */
    UnboundSessions(ToIntFunction<InetAddress> limit) {
        this.limit = limit;
    }

    /** Adds a session; returns the one that must end for it. */
    synchronized Optional<FaceSession> add(FaceSession session) {
        all.add(session);
        var ofNetwork = byNetwork.computeIfAbsent(session.network(), _ -> new LinkedHashSet<>());
        ofNetwork.add(session);
        if (ofNetwork.size() <= limit.applyAsInt(session.network())) {
            return Optional.empty();
        }
        var oldest = ofNetwork.getFirst();
        remove(oldest);
        return Optional.of(oldest);
    }

    /** Removes a session that named its key, or ended. */
    synchronized void remove(FaceSession session) {
        all.remove(session);
        byNetwork.computeIfPresent(session.network(), (_, ofNetwork) -> {
            ofNetwork.remove(session);
            return ofNetwork.isEmpty() ? null : ofNetwork;
        });
    }

    /** Removes the oldest of all; empty when there is none. */
    synchronized Optional<FaceSession> removeOldest() {
        if (all.isEmpty()) {
            return Optional.empty();
        }
        var oldest = all.getFirst();
        remove(oldest);
        return Optional.of(oldest);
    }
}
