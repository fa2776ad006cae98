package kr.kisgateway.gateway.kis;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.market.MarketSymbol;

/**
 * Of which symbols one kind of data is live: from the acknowledgement of a registration until its socket closes or it is
 * released, but not before the first value that comes after a gap. Bounded by what KIS registers.
 */
final class Liveness {
    /** By which socket each symbol comes. */
    private final Map<MarketSymbol, Integer> acked = new ConcurrentHashMap<>();

    private final Set<MarketSymbol> gapOpen = ConcurrentHashMap.newKeySet();
    /** Of which a value came since the registration was acknowledged, and since the last gap. */
    private final Set<MarketSymbol> received = ConcurrentHashMap.newKeySet();

    boolean isLive(MarketSymbol symbol) {
        return acked.containsKey(symbol) && !gapOpen.contains(symbol);
    }

    /**
     * A value of {@code symbol} came.
     *
     * @return whether it is the first since the registration was acknowledged or a gap was known
     */
    boolean received(MarketSymbol symbol) {
        boolean first = received.add(symbol);
        if (first) {
            gapOpen.remove(symbol);
        }
        return first;
    }

    /** Values of {@code symbol} may have been missed. */
    void missed(MarketSymbol symbol) {
        gapOpen.add(symbol);
        received.remove(symbol);
    }

    void acked(MarketSymbol symbol, int socket) {
        acked.put(symbol, socket);
    }

    /** Nothing comes by {@code socket} any more; what is known will be old when it is registered again. */
    void closed(int socket) {
        acked.entrySet().removeIf(entry -> {
            if (entry.getValue() == socket) {
                gapOpen.add(entry.getKey());
                received.remove(entry.getKey());
                return true;
            }
            return false;
        });
    }

    /** From now on nobody tells of {@code symbol} by {@code socket}; what is known will be old when it is registered again. */
    void released(MarketSymbol symbol, int socket) {
        if (acked.remove(symbol, socket)) {
            gapOpen.add(symbol);
            received.remove(symbol);
        }
    }
}
