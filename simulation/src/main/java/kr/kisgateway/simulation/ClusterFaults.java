package kr.kisgateway.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What happens to the machines of a cluster and to their database on a day, drawn from the seed before it begins. */
final class ClusterFaults {
    /** A fault at one moment. */
    sealed interface Event {
        /** The owner is killed after {@code steps} further steps. */
        record OwnerDies(int steps) implements Event {}

        /** A gateway that waits is killed. */
        record WaitingDies(Duration downtime) implements Event {}

        /** The owner is stopped regularly; with {@code pause} its machine stands still at its next send. */
        record OwnerStops(Duration downtime, boolean pause) implements Event {}

        /** A machine stands still: the owner's, or that of a gateway that waits. */
        record Stands(boolean owner, Cluster.Pause pause) implements Event {}

        /** The owner's machine stands still at a step of its next send. */
        record StandsAtSend(Host.Step step, Cluster.Pause pause) implements Event {}

        /** The owner's machine stands still between the insert and the commit of its next group of events. */
        record StandsInCommit() implements Event {}

        /** The answer to the owner's next renewal is late; then its machine stands still at a send until another has the lease. */
        record SlowRenewal(Duration by, Host.Step step) implements Event {}

        record DatabaseUnreachable(boolean owner, Duration span) implements Event {}

        record BrokerUnreachable(Duration span) implements Event {}

        record DatabaseDies(Duration downtime) implements Event {}

        record AnswersLost(int count) implements Event {}

        record CommitStalls(Duration time) implements Event {}

        /**
         * The database's clock is set; after a step ahead the owner's machine stands still at its next send until another has the lease.
         *
         * @param share of the margin of a lease
         */
        record DatabaseClockSteps(double share) implements Event {}

        record NodeClockSteps(Duration by) implements Event {}
    }

    /** @param at offset from the start of the day */
    record Planned(Duration at, Event event) {}

    private static final List<Duration> LEASES = List.of(
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));

    private static final List<Host.Step> FENCED_STEPS = List.of(Host.Step.BEFORE_SEND, Host.Step.BEFORE_COMPARISON);

    private final Duration lease;
    private final List<Planned> plan;

    private ClusterFaults(Duration lease, List<Planned> plan) {
        this.lease = lease;
        this.plan = plan;
    }

    /** How long a lease lasts. */
    Duration lease() {
        return lease;
    }

    List<Planned> plan() {
        return plan;
    }

    private interface EventFactory {
        Event event();
    }

    /**
     * @param span in which they begin
     * @param attended whether a person resolves orders in doubt: one who declares an order as missing must know that nothing is in flight
     */
    static ClusterFaults of(SeededRandom random, Duration span, boolean attended) {
        Duration lease = random.pick(LEASES);
        var plan = new ArrayList<Planned>();
        if (random.chance(0.9)) { // one day in ten has none
            int last = (int) span.minusSeconds(3).toMillis();
            add(plan, random, last, random.between(0, 2), () -> new Event.OwnerDies(random.between(0, 40)));
            add(plan, random, last, random.between(0, 1), () -> new Event.WaitingDies(random.millis(1_000, 20_000)));
            add(
                    plan,
                    random,
                    last,
                    random.between(0, 1),
                    () -> new Event.OwnerStops(random.millis(1_000, 15_000), random.chance(0.8)));
            add(plan, random, last, random.between(0, 2), () -> new Event.Stands(random.chance(0.8), pause(random)));
            add(
                    plan,
                    random,
                    last,
                    random.between(0, 2),
                    () -> new Event.StandsAtSend(random.pick(FENCED_STEPS), pause(random)));
            add(plan, random, last, random.between(0, 1), Event.StandsInCommit::new);
            add(
                    plan,
                    random,
                    last,
                    random.between(0, 1),
                    () -> new Event.SlowRenewal(random.millis(500, 3_000), random.pick(FENCED_STEPS)));
            add(
                    plan,
                    random,
                    last,
                    random.between(0, 2),
                    () -> new Event.DatabaseUnreachable(random.chance(0.7), random.millis(500, 20_000)));
            add(
                    plan,
                    random,
                    last,
                    random.between(0, 1),
                    () -> new Event.BrokerUnreachable(random.millis(500, 15_000)));
            add(plan, random, last, random.between(0, 1), () -> new Event.DatabaseDies(random.millis(200, 8_000)));
            add(plan, random, last, random.between(0, 2), () -> new Event.AnswersLost(random.between(1, 2)));
            add(plan, random, last, random.between(0, 2), () -> new Event.CommitStalls(random.millis(300, 7_000)));
            add(
                    plan,
                    random,
                    last,
                    random.between(0, 2),
                    () -> new Event.DatabaseClockSteps(
                            (random.chance(0.6) ? random.between(60, 80) : random.between(-80, 20)) / 100.0));
            add(plan, random, last, random.between(0, 2), () -> new Event.NodeClockSteps(random.millis(-1_500, 1_500)));
            if (!attended && random.chance(0.1)) {
                add(
                        plan,
                        random,
                        last,
                        1,
                        () -> new Event.StandsAtSend(
                                Host.Step.BEFORE_WRITE, new Cluster.Pause(true, random.millis(5, 500), false)));
            }
        }
        return new ClusterFaults(lease, plan);
    }

    /** For some time up to 30 seconds, or until another has the lease; one in eight stops the monotonic clock too. */
    private static Cluster.Pause pause(SeededRandom random) {
        boolean untilTakeover = random.chance(0.5);
        Duration time = untilTakeover
                ? random.millis(5, 800)
                : random.chance(0.5) ? random.millis(100, 3_000) : random.millis(3_000, 30_000);
        return new Cluster.Pause(untilTakeover, time, random.chance(0.125));
    }

    private static void add(List<Planned> plan, SeededRandom random, int last, int count, EventFactory factory) {
        for (int i = 0; i < count; i++) {
            plan.add(new Planned(random.millis(0, last), factory.event()));
        }
    }
}
