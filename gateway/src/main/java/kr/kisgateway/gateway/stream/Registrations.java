package kr.kisgateway.gateway.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.stream.RegistrationPort.Kind;
import kr.kisgateway.market.Symbol;

/**
 * Counts who needs which registration, so that the first asks KIS and the last gives it back. The number of keys is
 * bounded by what the port takes (41 at KIS, notices included).
 */
public final class Registrations {
    private record Key(Kind kind, Symbol symbol) {}

    private final RegistrationPort port;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Integer> users = new HashMap<>();

    public Registrations(RegistrationPort port) {
        this.port = port;
    }

    /** One more user; false, and nothing changed, when KIS has no room. */
    public boolean acquire(Kind kind, Symbol symbol) {
        var key = new Key(kind, symbol);
        lock.lock();
        try {
            var count = users.getOrDefault(key, 0);
            if (count == 0 && !port.register(kind, symbol)) {
                return false;
            }
            users.put(key, count + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** One user less. */
    public void release(Kind kind, Symbol symbol) {
        var key = new Key(kind, symbol);
        lock.lock();
        try {
            var count = users.getOrDefault(key, 0);
            if (count == 1) {
                users.remove(key);
                port.release(kind, symbol);
            } else if (count > 1) {
                users.put(key, count - 1);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Registrations held at present. */
    public int size() {
        lock.lock();
        try {
            return users.size();
        } finally {
            lock.unlock();
        }
    }
}
