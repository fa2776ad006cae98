package kr.kisgateway.client;

import java.time.Duration;
import java.util.Set;
import kr.kisgateway.wire.RealtimeKey;

/** The one WebSocket session of the app key. What is registered here is kept registered through every reconnect. */
public interface Realtime {
    /**
     * Asks for {@code key}: any realtime TR of the catalog, by its live or its paper id. Sends nothing twice; nothing at all
     * while there is no socket. However often it is asked for here, one {@link #release} gives it up; users that come and
     * go each for themselves use {@link #acquireRegistration}.
     */
    RegisterAnswer register(RealtimeKey key);

    /**
     * Gives {@code key} up, as far as {@link #register} asked for it: it stays while others {@link #acquireRegistration} it. Its slot is free
     * for others once KIS has answered.
     */
    void release(RealtimeKey key);

    /**
     * Holds all of {@code keys}, or none: any realtime TRs of the catalog, by their live or paper ids. Each takes one of the
     * session's slots as long as anybody holds it. None to hold is no request.
     *
     * @return Failed with INVALID_REQUEST, UNSUPPORTED or REGISTRATIONS_FULL when one of them cannot be had; nothing was
     *     changed then
     */
    KisReply<Registration> acquireRegistration(Set<RealtimeKey> keys);

    /** As {@link #acquireRegistration(Set)}, of one. */
    default KisReply<Registration> acquireRegistration(RealtimeKey key) {
        return acquireRegistration(Set.of(key));
    }

    /**
     * Has one more listener hear everything from now on, on a thread of its own.
     *
     * @param name for logs and events
     */
    ListenerHandle listen(String name, KisListener listener);

    /** How the session is. */
    RealtimeStatus status();

    /**
     * Releases everything, closes and connects again. No two sockets are opened within five seconds, because KIS blocks keys that
     * connect all the time, and while another session holds the app key (OPSP8996) it still waits.
     *
     * @return how long it takes at least until the socket is opened again
     */
    Duration reconnect();

    /** Waits until KIS has answered every release; false when {@code limit} passed first. */
    boolean awaitReleased(Duration limit);
}
