package kr.kisgateway.simulation.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.simulation.history.HistoryChecker.Booked;
import kr.kisgateway.simulation.history.HistoryChecker.Called;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;

/**
 * Judges rounds in which real processes were killed and suspended, from outside: by what clients heard and by the
 * broker's own rows. Besides what {@link HistoryChecker} finds, it looks at every row that a modification or a cancel
 * made, and at the broker's time of each order.
 */
public final class Rounds {
    /** The broker stamps whole seconds, and an order takes a moment to arrive. */
    private static final Duration SLACK = Duration.ofMillis(1_500);

    /** Of so many suspensions one may catch an order between the last look at the clock and the first byte. */
    private static final int PAUSES_FOR_ONE_SLIP = 10;

    private static final Set<String> ENDED = Set.of("FILLED", "CANCELED", "REJECTED", "EXPIRED");

    /** Who stood still. */
    public enum Who {
        GATEWAY,
        BROKER
    }

    /** A process was suspended. */
    public record Pause(Who who, Instant from, Instant to) {}

    /**
     * What the broker's list says about an order's modifications and cancels, those that the exchange refused too.
     *
     * @param number the order's first number
     */
    public record Revisions(long number, int modifications, int cancels) {}

    /**
     * What was found.
     *
     * @param wrong a sentence each
     * @param lost acknowledged orders that are not there
     * @param doubled orders at the broker that nobody asked for, or that were asked for once and are there twice, and
     *     modifications and partial cancels beyond those asked for
     * @param slipped orders that left late because the process was suspended between its last look and the first byte
     */
    public record Verdict(List<String> wrong, int lost, int doubled, int slipped) {}

    private Rounds() {}

    /**
     * Judges.
     *
     * @param day as far as it can be seen from outside
     * @param revisions of the orders at the broker, those without any may be missing
     * @param fullyCancelled orders whose cancel as a whole was asked for, by their ids
     * @param pauses all there were
     */
    public static Verdict judge(
            Observed day, List<Revisions> revisions, Set<String> fullyCancelled, List<Pause> pauses) {
        var wrong = new ArrayList<String>(HistoryChecker.judge(day));
        int before = wrong.size();
        onlyWhatWasAskedFor(day, revisions, fullyCancelled, wrong);
        int excess = wrong.size() - before;
        int slipped = nothingLeftLate(day, pauses, wrong);
        return new Verdict(List.copyOf(wrong), lost(day), doubled(day) + excess, slipped);
    }

    private static int lost(Observed day) {
        Set<String> there = new HashSet<>();
        day.shown().forEach(order -> there.add(order.id()));
        return (int) day.calls().stream()
                .flatMap(call -> call.orderId().stream())
                .filter(id -> !there.contains(id))
                .count();
    }

    /** Orders at the broker beyond one for each key. */
    private static int doubled(Observed day) {
        Set<String> keys = new HashSet<>();
        day.calls().stream().filter(call -> !call.refused()).forEach(call -> keys.add(call.key()));
        Map<Long, Shown> owners = new HashMap<>();
        Set<String> sent = new HashSet<>();
        day.shown().forEach(order -> order.brokerNumber().ifPresent(number -> owners.put(number, order)));
        int doubled = 0;
        for (Booked booked : day.book()) {
            Shown owner = owners.get(booked.number());
            boolean first = owner != null && keys.contains(owner.key()) && sent.add(owner.key());
            doubled += first ? 0 : 1;
        }
        return doubled;
    }

    /**
     * A modification or partial cancel may never be repeated, so the broker has at most as many rows of it as clients
     * asked for. A cancel of the whole may be repeated after a look-up: where one was asked for, cancels say nothing.
     */
    private static void onlyWhatWasAskedFor(
            Observed day, List<Revisions> revisions, Set<String> fullyCancelled, List<String> wrong) {
        Map<Long, Shown> owners = new HashMap<>();
        day.shown().forEach(order -> order.brokerNumber().ifPresent(number -> owners.put(number, order)));
        Map<String, Integer> prices = new HashMap<>();
        Map<String, Integer> quantities = new HashMap<>();
        for (Observed.Changed change : day.changes()) {
            prices.merge(change.orderId(), change.price().isPresent() ? 1 : 0, Integer::sum);
            quantities.merge(change.orderId(), change.qty().isPresent() ? 1 : 0, Integer::sum);
        }
        for (Revisions row : revisions) {
            Shown order = owners.get(row.number());
            if (order == null) {
                continue; // somebody else's, which is a finding of its own
            }
            int mayModify = prices.getOrDefault(order.id(), 0);
            int mayReduce = quantities.getOrDefault(order.id(), 0);
            if (row.modifications() > mayModify) {
                wrong.add("re-priced " + row.modifications() + " times and asked for " + mayModify + " times: " + order);
            }
            if (!fullyCancelled.contains(order.id()) && row.cancels() > mayReduce) {
                wrong.add("cancelled in part " + row.cancels() + " times and asked for " + mayReduce + " times: "
                        + order);
            }
        }
    }

    /**
     * Whoever is suspended after the last look at the clock sends when he goes on, and whoever is suspended while an order
     * waits in his socket books it when he goes on. The broker's pauses excuse; the gateway's do so rarely, because the
     * time between the look and the byte is short.
     */
    private static int nothingLeftLate(Observed day, List<Pause> pauses, List<String> wrong) {
        Map<String, Set<Print>> possible = day.possible();
        // Of equal orders nobody can say which is which, so the latest deadline counts for all.
        Map<Print, Instant> latest = new HashMap<>();
        for (Called call : day.calls()) {
            for (Print print : call.orderId().map(possible::get).orElseGet(() -> Set.of(call.print()))) {
                latest.merge(print, call.dispatchBy(), (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        List<String> slipped = new ArrayList<>();
        for (Booked booked : day.book()) {
            Instant by = latest.get(booked.print());
            if (by == null || !booked.at().isAfter(by.plus(SLACK))) {
                continue;
            }
            String late = "sent after its deadline " + by + ": " + booked;
            if (pauses.stream().anyMatch(pause -> pause.who() == Who.BROKER && explains(pause, by, booked))) {
                continue;
            }
            if (pauses.stream().anyMatch(pause -> pause.who() == Who.GATEWAY && explains(pause, by, booked))) {
                slipped.add(late);
            } else {
                wrong.add(late);
            }
        }
        long suspensions =
                pauses.stream().filter(pause -> pause.who() == Who.GATEWAY).count();
        if (slipped.size() > 1 + suspensions / PAUSES_FOR_ONE_SLIP) {
            wrong.addAll(slipped);
        }
        return slipped.size();
    }

    private static boolean explains(Pause pause, Instant by, Booked booked) {
        return !pause.from().isAfter(by) && !booked.at().isAfter(pause.to().plus(SLACK));
    }

    /** Whether everything of the order is over at our side. */
    public static boolean ended(Shown order) {
        return ENDED.contains(order.status());
    }
}
