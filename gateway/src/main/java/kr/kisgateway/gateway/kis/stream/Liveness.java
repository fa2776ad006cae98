package kr.kisgateway.gateway.kis.stream;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.market.MarketSymbol;

/**
 * Symbols of which one kind of data is live: from the acknowledgement of a registration until its socket closes or it is
 * released, but not before the first value after a gap. Bounded by the number of registrations.
 */
final class Liveness {
    /** Socket of each acknowledged symbol. */
    private final Map<MarketSymbol, Integer> acked = new ConcurrentHashMap<>();

    private final Set<MarketSymbol> gapOpen = ConcurrentHashMap.newKeySet();
    /** Symbols with a value since the acknowledgement and since the last gap. */
    private final Set<MarketSymbol> received = ConcurrentHashMap.newKeySet();

    /** Released symbols: no gap was published, because no client was subscribed any more. */
    private final Set<MarketSymbol> released = ConcurrentHashMap.newKeySet();

    boolean isLive(MarketSymbol symbol) {
        return acked.containsKey(symbol) && !gapOpen.contains(symbol);
    }

    /**
     * A value of {@code symbol} was received.
     *
     * @return whether it is the first since the acknowledgement or the last gap
     */
    boolean received(MarketSymbol symbol) {
        boolean first = received.add(symbol);
        if (first) {
            gapOpen.remove(symbol);
        }
        return first;
    }

    /** Whether {@code symbol} was released since its last value; the next call returns false. */
    boolean takeReleased(MarketSymbol symbol) {
        return released.remove(symbol);
    }

    /** Values of {@code symbol} may have been missed. */
    void missed(MarketSymbol symbol) {
        gapOpen.add(symbol);
        received.remove(symbol);
        released.remove(symbol);
    }

    void acked(MarketSymbol symbol, int socket) {
        acked.put(symbol, socket);
    }

    /** {@code socket} closed; present values are outdated once its symbols are registered again. */
    void closed(int socket) {
        acked.entrySet().removeIf(entry -> {
            if (entry.getValue() == socket) {
                missed(entry.getKey());
                return true;
            }
            return false;
        });
    }

    /** {@code symbol} was released from {@code socket}; its value is outdated once it is registered again. */
    void released(MarketSymbol symbol, int socket) {
        if (acked.remove(symbol, socket)) {
            gapOpen.add(symbol);
            if (received.remove(symbol)) {
                released.add(symbol);
            }
        }
    }
}
