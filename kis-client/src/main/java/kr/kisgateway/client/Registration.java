package kr.kisgateway.client;

import java.util.Set;
import kr.kisgateway.wire.RealtimeKey;

/**
 * One user's share of registrations. KIS sends each of them once, however many users it has, and it is released with its
 * last user. When KIS refuses or drops a registration, {@link KisListener#event} reports it and this share of it
 * ends.
 */
public interface Registration extends AutoCloseable {
    /** The registered keys, by the TR ids of this environment. */
    Set<RealtimeKey> keys();

    /** Ends this use; keys without other users are released. Further calls have no effect. */
    @Override
    void close();
}
