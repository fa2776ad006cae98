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
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;

/**
 * Verifies rounds in which real processes were killed and suspended, from outside: by clients' answers and the broker's
 * own rows. Beyond {@link HistoryChecker} it checks every row of a modification or cancel, and the broker's time of
 * each order.
 */
public final class CrashRoundChecks {
    /** The broker stamps whole seconds, and an order has latency. */
    private static final Duration SLACK = Duration.ofMillis(1_500);

    /** One suspension in this many may hit an order between the last clock check and the first byte. */
    private static final int PAUSES_PER_SLIP = 10;

    private static final Set<String> ENDED = Set.of("FILLED", "CANCELED", "REJECTED", "EXPIRED");

    /** The suspended process. */
    public enum ProcessRole {
        GATEWAY,
        BROKER
    }

    /** A suspension of a process. */
    public record Pause(ProcessRole role, Instant from, Instant to) {}

    /**
     * The modifications and cancels of an order in the broker's list, including those that the exchange refused.
     *
     * @param number the order's first number
     */
    public record Revisions(long number, int modifications, int cancels) {}

    /**
     * Result of the checks.
     *
     * @param findings a sentence each
     * @param lost acknowledged orders that do not exist
     * @param doubled orders at the broker without a request, or twice for one request, and modifications and partial
     *     cancels beyond those requested
     * @param slipped orders sent late because the process was suspended between its last clock check and the first byte
     */
    public record Verdict(List<String> findings, int lost, int doubled, int slipped) {}

    private CrashRoundChecks() {}

    /**
     * Runs all checks.
     *
     * @param day the trace as far as it is visible from outside
     * @param revisions of the orders at the broker; orders without any may be missing
     * @param fullyCancelled ids of orders whose complete cancel was requested
     * @param pauses all suspensions
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

    /** Orders at the broker beyond one per key. */
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
     * A modification or partial cancel must never be repeated, so the broker has at most as many rows of it as clients
     * requested. A complete cancel may be repeated after a look-up: where one was requested, the number of cancels
     * proves nothing.
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
                continue; // an order of another origin, which is a finding of its own
            }
            int mayModify = prices.getOrDefault(order.id(), 0);
            int mayReduce = quantities.getOrDefault(order.id(), 0);
            if (row.modifications() > mayModify) {
                findings.add(
                        "re-priced " + row.modifications() + " times and requested " + mayModify + " times: " + order);
            }
            if (!fullyCancelled.contains(order.id()) && row.cancels() > mayReduce) {
                findings.add("partially cancelled " + row.cancels() + " times and requested " + mayReduce + " times: "
                        + order);
            }
        }
    }

    /**
     * A gateway suspended after the last clock check sends on resuming, and a broker suspended while an order waits in
     * its socket books it on resuming. The broker's pauses excuse a late order; the gateway's do so rarely, because the
     * time between the check and the byte is short.
     */
    private static int countLateOrders(DayTrace day, List<Pause> pauses, List<String> findings) {
        Map<OrderFingerprint, Instant> latest = HistoryChecker.latestDeadlines(day.calls(), day.possibleFingerprints());
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

    /** Whether the order has ended in the gateway. */
    public static boolean ended(ReportedOrder order) {
        return ENDED.contains(order.status());
    }
}
