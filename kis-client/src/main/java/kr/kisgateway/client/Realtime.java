package kr.kisgateway.client;

import java.time.Duration;
import java.util.Set;
import kr.kisgateway.wire.RealtimeKey;

/** The one WebSocket session of the app key. Registrations are restored after every reconnect. */
public interface Realtime {
    /**
     * Registers {@code key}: any realtime TR of the catalog, by its live or its paper id. Sends nothing twice; nothing at all
     * while there is no socket. However often it is called, one {@link #release} undoes it; independent users call
     * {@link #acquireRegistration}.
     */
    RegisterAnswer register(RealtimeKey key);

    /**
     * Releases {@code key} as far as {@link #register} registered it: it stays while it has other users. Its slot is free for
     * others once KIS has answered.
     */
    void release(RealtimeKey key);

    /**
     * Registers all of {@code keys}, or none: any realtime TRs of the catalog, by their live or paper ids. Each takes one of the
     * session's slots as long as it has a user. An empty set sends nothing.
     *
     * @return Failed with INVALID_REQUEST, UNSUPPORTED or REGISTRATIONS_FULL when one of them is not available; nothing was
     *     changed then
     */
    KisReply<Registration> acquireRegistration(Set<RealtimeKey> keys);

    /** As {@link #acquireRegistration(Set)}, of one. */
    default KisReply<Registration> acquireRegistration(RealtimeKey key) {
        return acquireRegistration(Set.of(key));
    }

    /**
     * Adds a listener that receives everything from now on, on its own thread.
     *
     * @param name for logs and events
     */
    ListenerHandle listen(String name, KisListener listener);

    /** A snapshot of the session. */
    RealtimeStatus status();

    /** Registrations that the session can still take; negative while KIS has lowered its limit below what is registered. */
    int freeRegistrations();

    /**
     * Releases everything, closes and connects again. No two sockets are opened within five seconds, because KIS blocks keys that
     * connect in a loop, and while another session uses the app key (OPSP8996) it still waits.
     *
     * @return the minimum time until the socket is reopened
     */
    Duration reconnect();

    /** Waits until KIS has answered every release; false when {@code limit} passed first. */
    boolean awaitReleased(Duration limit);
}
