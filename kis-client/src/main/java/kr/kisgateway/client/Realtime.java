package kr.kisgateway.client;

import java.time.Duration;
import kr.kisgateway.wire.RealtimeKey;

/** The one WebSocket session of the app key. What is registered here is kept registered through every reconnect. */
public interface Realtime {
    /** Asks for {@code key}. Sends nothing twice; nothing at all while there is no socket. */
    RegisterAnswer register(RealtimeKey key);

    /** Gives {@code key} up. Its slot is free for others once KIS has answered. */
    void release(RealtimeKey key);

    /** How the session is. */
    RealtimeStatus status();

    /** Releases everything, closes and connects anew. While KIS holds the app key for another session (OPSP8996) it still waits. */
    void reconnect();

    /** Waits until KIS has answered every release; false when {@code limit} passed first. */
    boolean awaitReleased(Duration limit);
}
