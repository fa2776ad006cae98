package kr.kisgateway.simulation.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;

/**
 * Judges rounds in which real processes were killed and suspended, from outside: by what clients heard and by the
 * broker's own rows. Besides what {@link HistoryChecker} finds, it looks at every row that a modification or a cancel
 * made, and at the broker's time of each order.
 */
public final class CrashRoundChecks {
    /** The broker stamps whole seconds, and an order takes a moment to arrive. */
    private static final Duration SLACK = Duration.ofMillis(1_500);

    /** Of so many suspensions one may catch an order between the last look at the clock and the first byte. */
    private static final int PAUSES_PER_SLIP = 10;

    private static final Set<String> ENDED = Set.of("FILLED", "CANCELED", "REJECTED", "EXPIRED");

    /** Who stood still. */
    public enum ProcessRole {
        GATEWAY,
        BROKER
    }

    /** A process was suspended. */
    public record Pause(ProcessRole role, Instant from, Instant to) {}

    /**
     * What the broker's list says about an order's modifications and cancels, those that the exchange refused too.
     *
     * @param number the order's first number
     */
    public record Revisions(long number, int modifications, int cancels) {}

    /**
     * What was found.
     *
     * @param findings a sentence each
     * @param lost acknowledged orders that are not there
     * @param doubled orders at the broker that nobody asked for, or that were asked for once and are there twice, and
     *     modifications and partial cancels beyond those asked for
     * @param slipped orders that left late because the process was suspended between its last look and the first byte
     */
    public record Verdict(List<String> findings, int lost, int doubled, int slipped) {}

    private CrashRoundChecks() {}

    /**
     * Judges.
     *
     * @param day as far as it can be seen from outside
     * @param revisions of the orders at the broker, those without any may be missing
     * @param fullyCancelled orders whose cancel as a whole was asked for, by their ids
     * @param pauses all there were
     */
    public static Verdict check(
            DayTrace day, List<Revisions> revisions, Set<String> fullyCancelled, List<Pause> pauses) {
        var findings = new ArrayList<String>(HistoryChecker.check(day));
        int before = findings.size();
        noRevisionWithoutARequest(day, revisions, fullyCancelled, findings);
        int excess = findings.size() - before;
        int slipped = countLateOrders(day, pauses, findings);
        return new Verdict(List.copyOf(findings), lost(day), doubled(day) + excess, slipped);
    }

    private static int lost(DayTrace day) {
        Set<String> reportedIds = new HashSet<>();
        day.reported().forEach(order -> reportedIds.add(order.id()));
        return (int) day.calls().stream()
                .flatMap(call -> call.orderId().stream())
                .filter(id -> !reportedIds.contains(id))
                .count();
    }

    /** Orders at the broker beyond one for each key. */
    private static int doubled(DayTrace day) {
        Set<String> keys = new HashSet<>();
        day.calls().stream().filter(call -> !call.refused()).forEach(call -> keys.add(call.key()));
        Map<Long, ReportedOrder> owners = new HashMap<>();
        Set<String> sent = new HashSet<>();
        day.reported().forEach(order -> order.brokerNumber().ifPresent(number -> owners.put(number, order)));
        int doubled = 0;
        for (BookedOrder booked : day.book()) {
            ReportedOrder owner = owners.get(booked.number());
            boolean first = owner != null && keys.contains(owner.key()) && sent.add(owner.key());
            doubled += first ? 0 : 1;
        }
        return doubled;
    }

    /**
     * A modification or partial cancel may never be repeated, so the broker has at most as many rows of it as clients
     * asked for. A cancel of the whole may be repeated after a look-up: where one was asked for, cancels say nothing.
     */
    private static void noRevisionWithoutARequest(
            DayTrace day, List<Revisions> revisions, Set<String> fullyCancelled, List<String> findings) {
        Map<Long, ReportedOrder> owners = new HashMap<>();
        day.reported().forEach(order -> order.brokerNumber().ifPresent(number -> owners.put(number, order)));
        Map<String, Integer> prices = new HashMap<>();
        Map<String, Integer> quantities = new HashMap<>();
        for (DayTrace.ModifyCall change : day.changes()) {
            prices.merge(change.orderId(), change.price().isPresent() ? 1 : 0, Integer::sum);
            quantities.merge(change.orderId(), change.qty().isPresent() ? 1 : 0, Integer::sum);
        }
        for (Revisions row : revisions) {
            ReportedOrder order = owners.get(row.number());
            if (order == null) {
                continue; // somebody else's, which is a finding of its own
            }
            int mayModify = prices.getOrDefault(order.id(), 0);
            int mayReduce = quantities.getOrDefault(order.id(), 0);
            if (row.modifications() > mayModify) {
                findings.add(
                        "re-priced " + row.modifications() + " times and asked for " + mayModify + " times: " + order);
            }
            if (!fullyCancelled.contains(order.id()) && row.cancels() > mayReduce) {
                findings.add("cancelled in part " + row.cancels() + " times and asked for " + mayReduce + " times: "
                        + order);
            }
        }
    }

    /**
     * Whoever is suspended after the last look at the clock sends when he goes on, and whoever is suspended while an order
     * waits in his socket books it when he goes on. The broker's pauses excuse; the gateway's do so rarely, because the
     * time between the look and the byte is short.
     */
    private static int countLateOrders(DayTrace day, List<Pause> pauses, List<String> findings) {
        Map<String, Set<OrderFingerprint>> fingerprints = day.possibleFingerprints();
        // Of equal orders nobody can say which is which, so the latest deadline counts for all.
        Map<OrderFingerprint, Instant> latest = new HashMap<>();
        for (ClientCall call : day.calls()) {
            for (OrderFingerprint fingerprint :
                    call.orderId().map(fingerprints::get).orElseGet(() -> Set.of(call.fingerprint()))) {
                latest.merge(fingerprint, call.dispatchBy(), (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        List<String> slipped = new ArrayList<>();
        for (BookedOrder booked : day.book()) {
            Instant by = latest.get(booked.fingerprint());
            if (by == null || !booked.at().isAfter(by.plus(SLACK))) {
                continue;
            }
            String late = "sent after its deadline " + by + ": " + booked;
            if (pauses.stream().anyMatch(pause -> pause.role() == ProcessRole.BROKER && explains(pause, by, booked))) {
                continue;
            }
            if (pauses.stream().anyMatch(pause -> pause.role() == ProcessRole.GATEWAY && explains(pause, by, booked))) {
                slipped.add(late);
            } else {
                findings.add(late);
            }
        }
        long suspensions = pauses.stream()
                .filter(pause -> pause.role() == ProcessRole.GATEWAY)
                .count();
        if (slipped.size() > 1 + suspensions / PAUSES_PER_SLIP) {
            findings.addAll(slipped);
        }
        return slipped.size();
    }

    private static boolean explains(Pause pause, Instant by, BookedOrder booked) {
        return !pause.from().isAfter(by) && !booked.at().isAfter(pause.to().plus(SLACK));
    }

    /** Whether everything of the order is over at our side. */
    public static boolean ended(ReportedOrder order) {
        return ENDED.contains(order.status());
    }
}
