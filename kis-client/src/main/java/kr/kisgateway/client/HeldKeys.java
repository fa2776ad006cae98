package kr.kisgateway.client;

import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.wire.RealtimeKey;

/** A hold on keys that lets go once, however often it is closed. */
final class HeldKeys implements Registration {
    private final Set<RealtimeKey> keys;
    private final Runnable letGo;
    private final AtomicBoolean closed = new AtomicBoolean();

    HeldKeys(Set<RealtimeKey> keys, Runnable letGo) {
        this.keys = Set.copyOf(keys);
        this.letGo = letGo;
    }

    @Override
    public Set<RealtimeKey> keys() {
        return keys;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            letGo.run();
        }
    }

    /** Without the keys: one may be the customer's login id. */
    @Override
    public String toString() {
        return "Registration[" + keys.size() + " keys]";
    }
}
