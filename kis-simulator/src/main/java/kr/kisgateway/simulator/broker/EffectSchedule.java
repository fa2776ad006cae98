package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** Effects that wait for an instant: late answers and notices, and connections that close after a while. */
final class EffectSchedule {
    /** The most effects that may wait at once; a further one is released at once. */
    private static final int MAX_SCHEDULED = 100_000;

    private record ScheduledEffect(Instant at, long sequence, Effect effect) {}

    private final PriorityQueue<ScheduledEffect> schedule =
            new PriorityQueue<>(Comparator.comparing(ScheduledEffect::at).thenComparingLong(ScheduledEffect::sequence));
    private long sequence;

    void add(Instant at, Effect effect) {
        schedule.add(new ScheduledEffect(schedule.size() < MAX_SCHEDULED ? at : Instant.MIN, sequence++, effect));
    }

    /** Releases the effects that are due, the oldest first. */
    void release(Instant now, StepOutput out) {
        while (!schedule.isEmpty() && !schedule.peek().at().isAfter(now)) {
            out.addEffect(schedule.remove().effect());
        }
    }

    Optional<Instant> nextDue() {
        return Optional.ofNullable(schedule.peek()).map(ScheduledEffect::at);
    }
}
