package kr.kisgateway.simulator.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.catalog.Face;

/** The realtime registrations of all sessions, by TR and key: which sessions receive which data. */
final class Registrations {
    /** One registration of a session: a TR and the key of what it is about. */
    record Registration(String trId, String trKey) {}

    private final Faults faults;
    private final Set<String> marketTrs;
    private final Map<Registration, List<Long>> sessions = new HashMap<>();
    /** Registrations that depend on each stock's book: books and expected auction results. */
    private final Map<Symbol, Integer> books = new TreeMap<>();

    /** @param timed whether auctions happen, whose results the market then publishes itself */
    Registrations(Faults faults, Face face, boolean timed) {
        this.faults = faults;
        this.marketTrs = marketTrs(face, timed);
    }

    /** The TRs of the simulated market. Paper has KRX's trades and books only. */
    private static Set<String> marketTrs(Face face, boolean timed) {
        Set<String> trs = new TreeSet<>(List.of(VenueScope.KRX.tradesTr(), VenueScope.KRX.booksTr()));
        if (face == Face.LIVE) {
            // Halts and interruptions can be requested at every hour, and a made-up one would be mistaken for one.
            trs.add(VenueScope.KRX.statusTr());
            for (VenueScope scope : VenueScope.values()) {
                trs.addAll(timed ? scope.allTrs() : List.of(scope.tradesTr(), scope.booksTr()));
            }
        }
        return trs;
    }

    /** Whether the simulated market publishes the data of a TR. */
    boolean isMarketData(String trId) {
        return marketTrs.contains(trId);
    }

    void add(Registration registration, long session) {
        List<Long> others = sessions.getOrDefault(registration, List.of());
        List<Long> all = new ArrayList<>(others);
        all.add(session);
        sessions.put(registration, List.copyOf(all));
        if (others.isEmpty() && needsBook(registration)) {
            Symbol.parse(registration.trKey()).ifPresent(of -> books.merge(of, 1, Integer::sum));
        }
    }

    /** Removes a session's registration. Returns whether no other session has it. */
    boolean remove(Registration registration, long session) {
        List<Long> left = sessions.getOrDefault(registration, List.of()).stream()
                .filter(id -> id != session)
                .toList();
        if (!left.isEmpty()) {
            sessions.put(registration, left);
            return false;
        }
        if (sessions.remove(registration) != null && needsBook(registration)) {
            Symbol.parse(registration.trKey())
                    .ifPresent(of -> books.computeIfPresent(of, (s, n) -> n == 1 ? null : Integer.valueOf(n - 1)));
        }
        return true;
    }

    private boolean needsBook(Registration registration) {
        return isMarketData(registration.trId())
                && VenueScope.ofTr(registration.trId())
                        .filter(scope -> registration.trId().equals(scope.booksTr())
                                || registration.trId().equals(scope.expectedTr()))
                        .isPresent();
    }

    /** The sessions registered for a key, whether or not data flow now; empty for most keys. */
    List<Long> sessions(String trId, String key) {
        return sessions.isEmpty() ? List.of() : sessions.getOrDefault(new Registration(trId, key), List.of());
    }

    /** The sessions that receive data of a key now. */
    List<Long> receivers(String trId, String key) {
        return faults.isOn("stop_data") ? List.of() : sessions(trId, key);
    }

    /** The stocks whose books have receivers now. */
    Set<Symbol> watchedBooks() {
        return faults.isOn("stop_data") ? Set.of() : books.keySet();
    }

    /** Whether a session watches the stock on NXT, alone or together with KRX. */
    boolean watchesNxt(Symbol symbol) {
        return Stream.of(VenueScope.NXT, VenueScope.BOTH)
                .flatMap(scope -> scope.allTrs().stream())
                .anyMatch(trId -> !sessions(trId, symbol.code()).isEmpty());
    }
}
