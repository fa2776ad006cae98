package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import kr.kisgateway.simulator.catalog.RealtimeFrameGenerator;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.RealtimeTr;

/** Sends a frame of each registered realtime TR without a simulated market, once a second. */
final class GeneratedFeed {
    private final RealtimeFrameGenerator generator;
    private final Map<String, ActiveStream> activeStreams = new TreeMap<>();
    private Instant next = Instant.MAX;

    private record ActiveStream(RealtimeTr tr, Registrations.Registration registration) {}

    GeneratedFeed(RealtimeFrameGenerator generator) {
        this.generator = generator;
    }

    Optional<RealtimeTr> find(String trId) {
        return generator.find(trId);
    }

    void start(RealtimeTr tr, Registrations.Registration registration, Instant now) {
        if (activeStreams.isEmpty()) {
            next = secondAfter(now);
        }
        activeStreams.put(name(registration), new ActiveStream(tr, registration));
    }

    void stop(Registrations.Registration registration) {
        activeStreams.remove(name(registration));
    }

    /** When the next frames are due; empty without registrations. */
    Optional<Instant> nextDue() {
        return activeStreams.isEmpty() ? Optional.empty() : Optional.of(next);
    }

    /**
     * Sends the due frames. Skipped seconds are left out.
     *
     * @param watchers the current subscribers of a registration
     * @param keys the secret of each of them
     */
    void advance(
            Instant now,
            Function<Registrations.Registration, List<Long>> watchers,
            Function<Long, NoticeKey> keys,
            StepOutput out) {
        if (activeStreams.isEmpty() || next.isAfter(now)) {
            return;
        }
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        next = secondAfter(now);
        for (ActiveStream each : activeStreams.values()) {
            Registrations.Registration registration = each.registration();
            List<Long> receivers = watchers.apply(registration);
            if (receivers.isEmpty()) {
                continue;
            }
            if (each.tr().encrypted()) {
                receivers.forEach(session -> out.push(session, frame(each, second, keys.apply(session))));
            } else {
                out.push(receivers, frame(each, second, keys.apply(receivers.getFirst())));
            }
        }
    }

    private String frame(ActiveStream each, Instant second, NoticeKey key) {
        return generator.frame(
                each.tr(), each.registration().trId(), each.registration().trKey(), second, key);
    }

    private static String name(Registrations.Registration registration) {
        return registration.trId() + ' ' + registration.trKey();
    }

    private static Instant secondAfter(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }
}
