package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import kr.kisgateway.gateway.lease.LeaseTimes;
import kr.kisgateway.simulation.OrderCoreDriver.Response;
import kr.kisgateway.simulation.history.ClusterTrace;

/** Three machines with a gateway each and their database: who owns the accounts, which faults they have, and where callers turn. */
final class Cluster {
    /** A commit that took longer is an absence for what waits for prices. */
    static final Duration SLOW = Duration.ofMillis(200);

    private static final int NODES = 3;
    /** A machine never stands still for longer. */
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    /** Within this time a gateway that waits and reaches the database takes a lease that is free. */
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(10);

    private static final Duration CHECK_EVERY = Duration.ofMillis(250);
    /** How often a caller is sent to any machine instead of the one that is ready. */
    private static final double STALE_ROUTES = 0.15;

    /** Refusals after which the caller repeats the request under its key. */
    private static final List<String> REPEATED = List.of("NO_OWNER", "JOURNAL_UNAVAILABLE");

    /**
     * A machine stands still.
     *
     * @param untilTakeover until another gateway has the lease, and {@code time} longer; at most 30 seconds
     * @param suspended whether its monotonic clock stands still too
     */
    record Pause(boolean untilTakeover, Duration time, boolean suspended) {}

    private record Waiting(ClusterNode node, Pause pause) {}

    private final SimulationWorld world;
    private final SeededRandom random;
    private final ClusterFaults faults;
    private final ClusterDatabase database;
    private final List<ClusterNode> nodes = new ArrayList<>();
    private final List<Waiting> waitingForTakeover = new ArrayList<>();
    private final Map<ClusterNode, ClusterFaults.Event.SlowRenewal> slowRenewals = new HashMap<>();
    private final Map<ClusterNode, Instant> ableSince = new HashMap<>();
    private final List<ClusterTrace.Send> sends = new ArrayList<>();
    private final List<String> waits = new ArrayList<>();
    private Instant nextClockStep = Instant.EPOCH;
    private boolean calm;
    private int pauses;
    private int partitions;
    private int handovers;
    private int refusedAsNoOwner;

    Cluster(SimulationWorld world, SeededRandom random, Duration span, boolean attended) {
        this.world = world;
        this.random = random;
        this.faults = ClusterFaults.of(random.split(), span, attended);
        this.database = new ClusterDatabase(
                world.loop,
                random.split(),
                world.timeline,
                world.disk,
                entries -> world.records.written(entries),
                this::takenOver,
                world.bugs);
        var times = new LeaseTimes(faults.lease());
        for (int i = 1; i <= NODES; i++) {
            nodes.add(new ClusterNode(world, this, "node" + i, random.split(), times));
        }
    }

    /** The machines start, and the faults of the day are scheduled. */
    void start() {
        world.clockStepped(); // each machine's clock is off from the start
        nodes.forEach(node -> world.loop.in(random.millis(0, 300), node::start));
        faults.plan()
                .forEach(planned -> world.loop.in(planned.at(), () -> {
                    if (!calm) {
                        world.timeline.log(world.loop.now(), "world", planned.event()::toString);
                        apply(planned.event());
                    }
                }));
        check();
    }

    ClusterDatabase database() {
        return database;
    }

    // ---- who owns the accounts ----

    /** The gateway that owns the accounts and can answer. */
    Optional<GatewayProcess> owner() {
        return ownerNode().filter(node -> !node.isPaused()).flatMap(ClusterNode::process);
    }

    private Optional<ClusterNode> ownerNode() {
        return nodes.stream()
                .filter(node -> node.process().isPresent()
                        && node.lease()
                                .filter(lease -> database.isCurrent(lease.epoch()))
                                .isPresent())
                .findFirst();
    }

    private Optional<ClusterNode> waitingNode() {
        List<ClusterNode> waiting = nodes.stream()
                .filter(node -> node.state() == ClusterNode.State.WAITING)
                .toList();
        return waiting.isEmpty() ? Optional.empty() : Optional.of(random.pick(waiting));
    }

    /** Whether another gateway owned the accounts before {@code node} took them. */
    boolean isTakeover(String node) {
        int count = database.takeovers.size();
        return count > 1 && !database.takeovers.get(count - 2).node().equals(node);
    }

    private void takenOver(ClusterTrace.Takeover takeover) {
        List<Waiting> due = waitingForTakeover.stream()
                .filter(it -> !it.node().name().equals(takeover.node()))
                .toList();
        waitingForTakeover.removeAll(due);
        due.forEach(it -> world.loop.in(it.pause().time(), () -> wake(it.node(), it.pause())));
    }

    /** A request for an order leaves a machine. */
    void sent(ClusterNode node, String order, Instant compared) {
        node.lease()
                .ifPresent(lease -> sends.add(
                        new ClusterTrace.Send(world.loop.now(), node.name(), lease.epoch(), order, compared)));
    }

    // ---- faults ----

    private void apply(ClusterFaults.Event event) {
        Optional<ClusterNode> owner = ownerNode();
        switch (event) {
            case ClusterFaults.Event.OwnerDies(int steps) -> owner().ifPresent(it -> it.scheduleCrash(steps));
            case ClusterFaults.Event.WaitingDies(Duration downtime) ->
                waitingNode().ifPresent(node -> node.kill(downtime));
            case ClusterFaults.Event.OwnerStops(Duration downtime, boolean pause) ->
                owner.ifPresent(node -> {
                    handovers++;
                    if (pause) {
                        node.arm(new ClusterNode.ArmedPause(
                                Host.Step.BEFORE_COMPARISON, new Pause(true, random.millis(5, 400), false)));
                    }
                    node.stop(downtime);
                });
            case ClusterFaults.Event.Stands(boolean ofOwner, Pause pause) ->
                (ofOwner ? owner : waitingNode()).filter(this::mayPause).ifPresent(node -> pause(node, pause));
            case ClusterFaults.Event.StandsAtSend(Host.Step step, Pause pause) ->
                owner.ifPresent(node -> node.arm(new ClusterNode.ArmedPause(step, pause)));
            case ClusterFaults.Event.StandsInCommit() -> owner.ifPresent(ClusterNode::armCommit);
            case ClusterFaults.Event.SlowRenewal slow ->
                owner.ifPresent(node -> {
                    slowRenewals.put(node, slow);
                    node.slowNextRenewal(slow.by());
                });
            case ClusterFaults.Event.DatabaseUnreachable(boolean ofOwner, Duration span) ->
                (ofOwner ? owner : waitingNode()).ifPresent(node -> {
                    partitions++;
                    node.setReachesDatabase(false);
                    world.loop.in(span, () -> node.setReachesDatabase(true));
                });
            case ClusterFaults.Event.BrokerUnreachable(Duration span) ->
                owner.ifPresent(node -> {
                    partitions++;
                    node.setReachesBroker(false);
                    world.loop.in(span, () -> node.setReachesBroker(true));
                });
            case ClusterFaults.Event.DatabaseDies(Duration downtime) -> database.crash(downtime);
            case ClusterFaults.Event.AnswersLost(int count) -> database.loseAnswers(count);
            case ClusterFaults.Event.CommitStalls(Duration time) -> database.stall(time);
            case ClusterFaults.Event.DatabaseClockSteps(double share) -> {
                if (world.loop.now().isBefore(nextClockStep)) {
                    return; // two steps within a lease could exceed its margin
                }
                nextClockStep = world.loop.now().plus(faults.lease().multipliedBy(2));
                database.stepClock(Duration.ofNanos(
                        (long) (share * new LeaseTimes(faults.lease()).margin().toNanos())));
                if (share > 0) {
                    owner.ifPresent(node -> node.arm(new ClusterNode.ArmedPause(
                            Host.Step.BEFORE_COMPARISON, new Pause(true, random.millis(1, 20), false))));
                }
            }
            case ClusterFaults.Event.NodeClockSteps(Duration by) -> stepClock(by);
        }
    }

    /** The clock of any machine is set. */
    void stepClock(Duration by) {
        world.clockStepped();
        random.pick(nodes).stepClock(by);
    }

    /** After the late answer to a renewal the machine stands still at the next send until another has the lease. */
    void slowRenewalEnded(ClusterNode node) {
        Optional.ofNullable(slowRenewals.remove(node))
                .ifPresent(slow -> node.arm(
                        new ClusterNode.ArmedPause(slow.step(), new Pause(true, random.millis(1, 100), false))));
    }

    boolean mayPause(ClusterNode node) {
        return !calm && !node.isPaused() && node.state() != ClusterNode.State.DOWN;
    }

    /** The machine stands still for a while. */
    void pauseNow(ClusterNode node) {
        if (mayPause(node)) {
            pause(node, new Pause(false, random.millis(500, 12_000), false));
        }
    }

    void pause(ClusterNode node, Pause pause) {
        pauses++;
        node.pause();
        if (pause.untilTakeover()) {
            waitingForTakeover.add(new Waiting(node, pause));
            world.loop.in(PAUSE_MAX, () -> {
                if (waitingForTakeover.removeIf(it -> it.node() == node)) {
                    wake(node, pause);
                }
            });
        } else {
            world.loop.in(pause.time(), () -> wake(node, pause));
        }
    }

    private static void wake(ClusterNode node, Pause pause) {
        if (pause.suspended()) {
            node.wakeFromSuspension();
        } else {
            node.wake();
        }
    }

    /** A gateway has died: it starts again soon, or so late that another is the owner. */
    void killed(ClusterNode node) {
        world.countDeath();
        node.kill(calm || random.chance(0.4) ? random.millis(1_100, 4_000) : random.millis(4_000, 30_000));
    }

    /** No faults from here on. */
    void calm() {
        calm = true;
        waitingForTakeover.clear();
        slowRenewals.clear();
        database.calm();
        nodes.forEach(ClusterNode::calm);
    }

    // ---- calls ----

    /**
     * A caller's request, through a balancer that knows the owner: a gateway that waits refuses, and the caller repeats it until it
     * gives up.
     */
    void call(Duration timeout, BiConsumer<GatewayProcess, Consumer<Response>> call, Consumer<Response> done) {
        var answered = new AtomicBoolean();
        Consumer<Response> once = response -> {
            if (!answered.getAndSet(true)) {
                world.loop.in(random.micros(30, 300), () -> done.accept(response));
            }
        };
        Instant until = world.loop.now().plus(timeout);
        world.loop.at(until, () -> once.accept(new Response.NoAnswer()));
        route(call, once, answered::get, until);
    }

    private void route(
            BiConsumer<GatewayProcess, Consumer<Response>> call,
            Consumer<Response> once,
            java.util.function.BooleanSupplier over,
            Instant until) {
        Runnable again = () -> {
            if (!over.getAsBoolean()) {
                world.loop.in(random.millis(100, 600), () -> route(call, once, over, until));
            }
        };
        world.loop.in(random.micros(30, 300), () -> {
            if (over.getAsBoolean()) {
                return;
            }
            Predicate<ClusterNode> ready = node -> node.process().isPresent();
            List<ClusterNode> owners = nodes.stream().filter(ready).toList();
            ClusterNode node = random.pick(owners.isEmpty() || random.chance(STALE_ROUTES) ? nodes : owners);
            if (node.process().isPresent()) {
                GatewayProcess called = node.process().get();
                call.accept(called, response -> {
                    // A former owner does not know what its successor has accepted, and is not ready for ever.
                    boolean isFormer = !owner().equals(Optional.of(called));
                    if (response instanceof Response.Refused refused
                            && (REPEATED.contains(refused.code())
                                    || isFormer && refused.code().equals("NOT_READY"))) {
                        again.run();
                    } else {
                        once.accept(response);
                    }
                });
            } else {
                refusedAsNoOwner += node.state() == ClusterNode.State.WAITING ? 1 : 0;
                again.run();
            }
        });
    }

    // ---- verification ----

    private void check() {
        Instant now = world.loop.now();
        Optional<Instant> free = database.freeSince();
        for (ClusterNode node : nodes) {
            boolean able = node.state() == ClusterNode.State.WAITING
                    && !node.isPaused()
                    && node.reachesDatabase()
                    && free.isPresent();
            if (!able) {
                ableSince.remove(node);
                continue;
            }
            Instant since = ableSince.computeIfAbsent(node, _ -> now);
            if (since.plus(TAKEN_WITHIN).isBefore(now)) {
                ableSince.put(node, Instant.MAX.minus(TAKEN_WITHIN));
                waits.add(node.name() + " waits since " + since);
            }
        }
        world.loop.in(CHECK_EVERY, this::check);
    }

    ClusterTrace trace() {
        return new ClusterTrace(
                List.copyOf(database.takeovers), List.copyOf(database.commits), List.copyOf(sends), List.copyOf(waits));
    }

    /** How often each kind of fault of machines and database was planned is added to {@code counts}. */
    void countFaults(Map<String, Integer> counts) {
        faults.plan()
                .forEach(planned ->
                        counts.merge("cluster: " + Words.of(planned.event().getClass()), 1, Integer::sum));
    }

    /** Adds what happened. */
    void count(SequencedMap<String, Integer> figures) {
        ClusterTrace trace = trace();
        int changes = 0;
        for (int i = 1; i < trace.takeovers().size(); i++) {
            changes += trace.takeovers()
                            .get(i)
                            .node()
                            .equals(trace.takeovers().get(i - 1).node())
                    ? 0
                    : 1;
        }
        figures.put("changes of the owner", changes);
        figures.put("regular stops", handovers);
        figures.put("machines that stood still", pauses);
        figures.put("partitions", partitions);
        figures.put("lost answers to commits", database.lostAnswers());
        figures.put("calls refused as NO_OWNER", refusedAsNoOwner);
        figures.put("requests that left after a takeover", trace.lateWrites());
    }
}
