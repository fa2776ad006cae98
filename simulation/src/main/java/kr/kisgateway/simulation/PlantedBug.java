package kr.kisgateway.simulation;

import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A defect and the day on which the checker found it.
 *
 * @param finding the sentence of the checker
 */
record PlantedBug(Bug bug, long seed, String finding) {
    /** A defect must be found within this many days; most are on the first. */
    private static final int DAYS = 60;

    /** The beginning of the sentence, with the rule that was broken; what follows are the orders and times of that day. */
    String rule() {
        String text = finding.substring(
                0, finding.indexOf(bug.finding()) + bug.finding().length());
        return text.substring(text.indexOf(": ") + 1).strip();
    }

    /** Runs days with {@code bug} until the checker finds it; empty when it does not. */
    static Optional<PlantedBug> find(SimulatedDay days, Bug bug) {
        return LongStream.concat(LongStream.of(bug.seed()), LongStream.rangeClosed(1, DAYS))
                .boxed()
                .flatMap(seed -> run(days, bug, seed).findings().stream()
                        .filter(sentence -> sentence.contains(bug.finding()))
                        .limit(1)
                        .map(sentence -> new PlantedBug(bug, seed, sentence)))
                .findFirst();
    }

    private static SimulatedDay.Verdict run(SimulatedDay days, Bug bug, long seed) {
        return bug.isOfCluster()
                ? days.runCluster(seed, Timeline.silent(), Set.of(bug))
                : days.run(seed, Timeline.silent(), Set.of(bug));
    }
}
