package kr.kisgateway.client;

import java.util.Set;
import kr.kisgateway.wire.RealtimeKey;

/**
 * One user's hold on registrations. KIS sends each of them once, however many hold it, and it is released when the last
 * one lets go. Should KIS refuse or take back a registration, {@link KisListener#event} tells it and this hold of it is
 * gone.
 */
public interface Registration extends AutoCloseable {
    /** What is held, by the TR ids of this environment. */
    Set<RealtimeKey> keys();

    /** Lets go; what nobody else holds is released. Once is enough, and more does no harm. */
    @Override
    void close();
}
