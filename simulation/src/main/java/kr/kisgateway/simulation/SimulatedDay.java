package kr.kisgateway.simulation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Runs complete days and verifies them. The same seed is the same day, to the microsecond, on every machine and in
 * every run; so a failed day can be replayed alone and with its timeline.
 */
public final class SimulatedDay {
    private final SimulationWorld.SharedData sharedData = SimulationWorld.SharedData.load();

    /**
     * Result of a day.
     *
     * @param findings all findings of the checker, one sentence each; empty is good
     * @param orders accepted orders
     * @param deaths crashes of the gateway
     * @param events number of executed events
     * @param figures counts of further actions, by name
     * @param faults counts of faults, by name
     */
    public record Verdict(
            long seed,
            List<String> findings,
            int orders,
            int deaths,
            long events,
            SequencedMap<String, Integer> figures,
            SortedMap<String, Integer> faults) {
        public Verdict {
            findings = List.copyOf(findings);
            figures = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(figures));
            faults = Collections.unmodifiableSortedMap(new TreeMap<>(faults));
        }
    }

    /** Runs the day of {@code seed}. */
    public Verdict run(long seed) {
        return run(seed, Timeline.silent(), Set.of());
    }

    /** Runs the day of {@code seed} and logs every event, line by line, as it happens. */
    public Verdict run(long seed, Consumer<String> timeline) {
        return run(seed, Timeline.to(timeline), Set.of());
    }

    /** Runs the day of {@code seed} with three gateways that share a database. */
    public Verdict runCluster(long seed) {
        return runCluster(seed, Timeline.silent(), Set.of());
    }

    /** The same, and logs every event. */
    public Verdict runCluster(long seed, Consumer<String> timeline) {
        return runCluster(seed, Timeline.to(timeline), Set.of());
    }

    /** The same with planted defects, to verify that the checker finds them. */
    Verdict run(long seed, Timeline timeline, Set<Bug> bugs) {
        return run(seed, timeline, bugs, false);
    }

    /** A day of three gateways with planted defects. */
    Verdict runCluster(long seed, Timeline timeline, Set<Bug> bugs) {
        return run(seed, timeline, bugs, true);
    }

    private Verdict run(long seed, Timeline timeline, Set<Bug> bugs, boolean clustered) {
        var world = new SimulationWorld(sharedData, seed, timeline, bugs, clustered);
        List<String> findings = world.run();
        return new Verdict(
                seed,
                findings,
                world.records.ordersAccepted(),
                world.deaths(),
                world.events(),
                world.figures(),
                world.faults());
    }
}
