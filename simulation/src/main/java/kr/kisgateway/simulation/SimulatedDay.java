package kr.kisgateway.simulation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs whole days and judges them. The same seed is the same day, to the microsecond, on every machine and every time; so
 * a day that went wrong can be looked at again, alone and with its timeline.
 */
public final class SimulatedDay {
    private final SimulationWorld.SharedData sharedData = SimulationWorld.SharedData.load();

    /**
     * How a day went.
     *
     * @param findings everything the judge found, one sentence each; empty is good
     * @param orders accepted
     * @param deaths of the gateway
     * @param events that happened in all
     * @param figures what else was done, counted by its name
     */
    public record Verdict(
            long seed,
            List<String> findings,
            int orders,
            int deaths,
            long events,
            SequencedMap<String, Integer> figures) {
        public Verdict {
            findings = List.copyOf(findings);
            figures = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(figures));
        }
    }

    /** Runs the day of {@code seed}. */
    public Verdict run(long seed) {
        return run(seed, Timeline.silent(), Set.of());
    }

    /** Runs the day of {@code seed} and tells everything that happens, line by line, while it does. */
    public Verdict run(long seed, Consumer<String> timeline) {
        return run(seed, Timeline.to(timeline), Set.of());
    }

    /** The same with defects planted, to see whether they are found. */
    Verdict run(long seed, Timeline timeline, Set<Bug> bugs) {
        var world = new SimulationWorld(sharedData, seed, timeline, bugs);
        List<String> findings = world.run();
        return new Verdict(
                seed, findings, world.records.ordersAccepted(), world.deaths(), world.events(), world.figures());
    }
}
