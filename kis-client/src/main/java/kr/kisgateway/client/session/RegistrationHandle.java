package kr.kisgateway.client.session;

import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.client.Registration;
import kr.kisgateway.wire.RealtimeKey;

/** A share of registrations that is released once, however often it is closed. */
public final class RegistrationHandle implements Registration {
    private final Set<RealtimeKey> keys;
    private final Runnable onRelease;
    private final AtomicBoolean closed = new AtomicBoolean();

    public RegistrationHandle(Set<RealtimeKey> keys, Runnable onRelease) {
        this.keys = Set.copyOf(keys);
        this.onRelease = onRelease;
    }

    @Override
    public Set<RealtimeKey> keys() {
        return keys;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onRelease.run();
        }
    }

    /** Without the keys: one may be the customer's login id. */
    @Override
    public String toString() {
        return "Registration[" + keys.size() + " keys]";
    }
}
