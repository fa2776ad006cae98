package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import kr.kisgateway.simulator.catalog.RealtimeTable;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.RealtimeTr;

/** Sends a frame of each registered realtime TR that has no market behind it, once a second. */
final class Ticker {
    private final RealtimeTable table;
    private final Map<String, Ticking> ticking = new TreeMap<>();
    private Instant next = Instant.MAX;

    private record Ticking(RealtimeTr tr, Sockets.Registration registration) {}

    Ticker(RealtimeTable table) {
        this.table = table;
    }

    Optional<RealtimeTr> find(String trId) {
        return table.find(trId);
    }

    void start(RealtimeTr tr, Sockets.Registration registration, Instant now) {
        if (ticking.isEmpty()) {
            next = secondAfter(now);
        }
        ticking.put(name(registration), new Ticking(tr, registration));
    }

    void stop(Sockets.Registration registration) {
        ticking.remove(name(registration));
    }

    /** When the next frames are due; empty when nobody wants any. */
    Optional<Instant> nextDue() {
        return ticking.isEmpty() ? Optional.empty() : Optional.of(next);
    }

    /**
     * Sends what is due. Seconds that passed unseen are left out.
     *
     * @param watchers who hears a registration now
     * @param keys the secret of each of them
     */
    void advance(
            Instant now, Function<Sockets.Registration, List<Long>> watchers, Function<Long, NoticeKey> keys, Out out) {
        if (ticking.isEmpty() || next.isAfter(now)) {
            return;
        }
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        next = secondAfter(now);
        for (Ticking each : ticking.values()) {
            Sockets.Registration registration = each.registration();
            List<Long> hearing = watchers.apply(registration);
            if (hearing.isEmpty()) {
                continue;
            }
            if (each.tr().encrypted()) {
                hearing.forEach(session -> out.push(session, frame(each, second, keys.apply(session))));
            } else {
                out.push(hearing, frame(each, second, keys.apply(hearing.getFirst())));
            }
        }
    }

    private String frame(Ticking each, Instant second, NoticeKey key) {
        return table.frame(
                each.tr(), each.registration().trId(), each.registration().trKey(), second, key);
    }

    private static String name(Sockets.Registration registration) {
        return registration.trId() + ' ' + registration.trKey();
    }

    private static Instant secondAfter(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }
}
