package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kr.kisgateway.gateway.SteadyClock;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseTimes;

/**
 * A machine of a cluster with its gateway: it waits for the lease, owns the accounts while it has it, and waits again when it has lost
 * it. The lease is the product's; what keeps it is driven by events here.
 */
final class ClusterNode implements Host {
    /** As in the product: the pause between two questions whether the lease is free. */
    private static final Duration POLL = Duration.ofMillis(500);
    /** As in the product: after a renewal without an answer. */
    private static final Duration RETRY = Duration.ofMillis(200);

    private static final String LEASE = "owner";

    /** What the gateway of a machine does. */
    enum State {
        DOWN,
        WAITING,
        OPENING,
        OWNER,
        STOPPING
    }

    /** A stop of the machine at a step of its next send. */
    record ArmedPause(Step step, Cluster.Pause pause) {}

    private final SimulationWorld world;
    private final Cluster cluster;
    private final String name;
    private final SeededRandom random;
    private final LeaseTimes times;
    private final NodeClock machineClock;
    private final Deque<Runnable> deferred = new ArrayDeque<>();
    private SteadyClock clock;
    private State state = State.DOWN;
    private int run;
    private boolean paused;
    private Instant pausedAt = Instant.EPOCH;
    private boolean reachesDatabase = true;
    private boolean reachesBroker = true;
    /** When a commit was sent that has no answer yet. */
    private Optional<Instant> unanswered = Optional.empty();

    private Optional<Lease> lease = Optional.empty();
    private Optional<GatewayProcess> process = Optional.empty();
    private Optional<ArmedPause> armed = Optional.empty();
    private boolean armedCommit;
    private Duration nextRenewal = Duration.ZERO;
    /** Whether another gateway owned the accounts before. */
    private boolean tookOver;

    ClusterNode(SimulationWorld world, Cluster cluster, String name, SeededRandom random, LeaseTimes times) {
        this.world = world;
        this.cluster = cluster;
        this.name = name;
        this.random = random;
        this.times = times;
        this.machineClock = new NodeClock(world.loop, random.millis(-1_000, 1_000), random.between(-2_000, 2_000));
        this.clock = newClock();
    }

    private SteadyClock newClock() {
        return new SteadyClock(machineClock::wall, machineClock::nanos);
    }

    // ---- life ----

    /** The gateway of the machine starts, and waits for the lease. */
    void start() {
        if (state == State.DOWN) {
            run++;
            clock = newClock();
            log(() -> "starts");
            await();
        }
    }

    private void await() {
        state = State.WAITING;
        poll();
    }

    private void poll() {
        if (state != State.WAITING) {
            return;
        }
        var start = new Lease.Moment(machineClock.nanos(), clock.instant());
        cluster.database().acquire(this, times.ttl(), answer -> {
            OptionalLong epoch = answer.orElseGet(OptionalLong::empty);
            if (state != State.WAITING) {
                return;
            }
            if (epoch.isEmpty()) {
                in(POLL, this::poll);
                return;
            }
            own(new Lease(LEASE, epoch.getAsLong(), leaseTimes(), machineClock::nanos, this::clock, start));
        });
    }

    /** With the defect it holds until the database would give the lease to another. */
    private LeaseTimes leaseTimes() {
        return bugs().contains(Bug.HOLDS_WITHOUT_A_MARGIN)
                ? new LeaseTimes(times.ttl().multipliedBy(5).dividedBy(4))
                : times;
    }

    private void own(Lease taken) {
        state = State.OPENING;
        lease = Optional.of(taken);
        log(() -> "owns the accounts as " + taken);
        in(times.renewal(), () -> renew(taken));
        cluster.database().open(this, taken.epoch(), opened -> {
            if (state != State.OPENING || !lease.equals(Optional.of(taken))) {
                return;
            }
            Optional<OpenedJournal> journal = opened.flatMap(it -> it);
            if (journal.isEmpty()) {
                log(() -> "cannot open the journal");
                giveUp(taken);
                return;
            }
            state = State.OWNER;
            tookOver = cluster.isTakeover(name);
            var started = new GatewayProcess(
                    world, this, journal.get().fence(), journal.get().entries(), random.split());
            process = Optional.of(started);
            log(() -> "starts as owner, fence " + journal.get().fence());
            started.start();
        });
    }

    private void renew(Lease renewed) {
        if (!lease.equals(Optional.of(renewed))) {
            return;
        }
        Lease.Moment start = renewed.now();
        Duration slowness = nextRenewal;
        nextRenewal = Duration.ZERO;
        cluster.database().renew(this, renewed.epoch(), times.ttl(), slowness, answer -> {
            if (!lease.equals(Optional.of(renewed))) {
                return;
            }
            if (answer.isEmpty()) {
                log(() -> "lease not renewed, held " + renewed.isHeld());
                in(RETRY, () -> renew(renewed));
            } else if (answer.get()) {
                renewed.extend(bugs().contains(Bug.COUNTS_FROM_THE_ANSWER) ? renewed.now() : start);
                if (!slowness.isZero()) {
                    cluster.slowRenewalEnded(this);
                }
                in(times.renewal(), () -> renew(renewed));
            } else {
                lost(renewed);
            }
        });
    }

    /** Another gateway has the lease: this one ends, and waits. */
    private void lost(Lease former) {
        former.lose();
        if (!lease.equals(Optional.of(former)) || state == State.STOPPING) {
            return;
        }
        log(() -> "has lost the lease");
        end();
        in(random.millis(100, 500), this::await);
    }

    /** The gateway could not start as owner: it gives the lease back and starts again. */
    private void giveUp(Lease taken) {
        lease = Optional.empty();
        state = State.STOPPING;
        taken.lose();
        cluster.database().release(this, taken.epoch(), _ -> in(random.millis(500, 1_500), this::await));
    }

    private void end() {
        lease = Optional.empty();
        armed = Optional.empty();
        state = State.STOPPING;
        process.ifPresent(it -> {
            world.records.deaths.add(world.loop.now());
            it.crash();
        });
        process = Optional.empty();
        unanswered.ifPresent(world.records::recordAbsence);
        unanswered = Optional.empty();
        cluster.database().disconnected(this);
    }

    /** The gateway of the machine is killed, and starts again later. */
    void kill(Duration downtime) {
        if (state == State.DOWN) {
            return;
        }
        log(() -> "is killed");
        run++;
        paused = false;
        deferred.clear();
        end();
        state = State.DOWN;
        world.loop.in(downtime, this::start);
    }

    @Override
    public void died(GatewayProcess dead) {
        cluster.killed(this);
    }

    /** A regular stop: sends in flight end, then the lease is released. */
    void stop(Duration downtime) {
        if (state != State.OWNER) {
            return;
        }
        log(() -> "stops");
        Lease released = lease.orElseThrow();
        GatewayProcess stopping = process.orElseThrow();
        if (bugs().contains(Bug.SENDS_AFTER_THE_RELEASE)) {
            cluster.database().release(this, released.epoch(), _ -> {});
            in(Duration.ofSeconds(3), () -> stopped(downtime));
            lease = Optional.of(new Lease(
                    LEASE,
                    released.epoch(),
                    new LeaseTimes(Duration.ofSeconds(60)),
                    machineClock::nanos,
                    this::clock,
                    released.now()));
            return;
        }
        state = State.STOPPING;
        Instant begun = world.loop.now();
        stopping.stop(() -> in(random.millis(200, 1_500), () -> {
            world.records.recordAbsence(begun);
            process = Optional.empty();
            lease = Optional.empty();
            released.lose();
            cluster.database().release(this, released.epoch(), _ -> stopped(downtime));
        }));
    }

    private void stopped(Duration downtime) {
        run++;
        end();
        state = State.DOWN;
        log(() -> "has stopped");
        world.loop.in(downtime, this::start);
    }

    // ---- faults ----

    /** The machine stands still until it is woken. */
    void pause() {
        if (!paused) {
            paused = true;
            pausedAt = world.loop.now();
            log(() -> "stands still");
        }
    }

    /** The machine goes on. */
    void wake() {
        if (paused) {
            paused = false;
            world.records.recordAbsence(pausedAt);
            log(() -> "goes on after "
                    + Duration.between(pausedAt, world.loop.now()).toMillis() + " ms");
            while (!paused && !deferred.isEmpty()) {
                deferred.remove().run();
            }
        }
    }

    /** The monotonic clock did not count while the machine stood still. */
    void wakeFromSuspension() {
        if (paused) {
            machineClock.suspended(Duration.between(pausedAt, world.loop.now()));
            wake();
        }
    }

    void arm(ArmedPause pause) {
        armed = Optional.of(pause);
    }

    /** Stops it between the two messages of its next commit. */
    void armCommit() {
        armedCommit = true;
    }

    void slowNextRenewal(Duration time) {
        nextRenewal = time;
    }

    void setReachesDatabase(boolean reaches) {
        reachesDatabase = reaches;
        log(() -> (reaches ? "reaches" : "does not reach") + " the database");
    }

    void setReachesBroker(boolean reaches) {
        reachesBroker = reaches;
        log(() -> (reaches ? "reaches" : "does not reach") + " the broker");
        if (!reaches) {
            process.ifPresent(GatewayProcess::breakSocket);
        }
    }

    void stepClock(Duration by) {
        machineClock.step(by);
        log(() -> "its clock steps by " + by);
    }

    /** No more faults. */
    void calm() {
        armed = Optional.empty();
        armedCommit = false;
        nextRenewal = Duration.ZERO;
        reachesDatabase = true;
        reachesBroker = true;
        machineClock.correct();
        clock = newClock();
        wake();
    }

    // ---- state ----

    State state() {
        return state;
    }

    boolean isPaused() {
        return paused;
    }

    boolean reachesDatabase() {
        return reachesDatabase;
    }

    /** The gateway as owner; empty while it is none, as far as it knows. */
    Optional<GatewayProcess> process() {
        return process;
    }

    // ---- the process's environment ----

    /** Runs {@code work} in the gateway's present run, when the machine does not stand still. */
    void deliver(Runnable work) {
        deliver(run, work);
    }

    private void deliver(int of, Runnable work) {
        if (of != run) {
            return;
        }
        if (paused || !deferred.isEmpty()) {
            deferred.add(() -> {
                if (of == run) {
                    work.run();
                }
            });
        } else {
            work.run();
        }
    }

    void in(Duration delay, Runnable work) {
        int of = run;
        world.loop.in(machineClock.trueTime(delay), () -> deliver(of, work));
    }

    /** Between the two messages of a commit. */
    void beforeCommit(Runnable work) {
        if (armedCommit) {
            armedCommit = false;
            cluster.pauseNow(this);
        }
        deliver(work);
    }

    @Override
    public Instant clock() {
        return clock.instant();
    }

    @Override
    public Duration until(Instant at) {
        return machineClock.trueTime(Duration.between(clock(), at));
    }

    @Override
    public void whenAwake(Runnable work) {
        deliver(work);
    }

    @Override
    public boolean stopsAt(Step step, String order) {
        if (armed.filter(it -> it.step() == step).isPresent() && cluster.mayPause(this)) {
            Cluster.Pause pause = armed.get().pause();
            armed = Optional.empty();
            log(() -> "is stopped at " + step + " of " + order);
            cluster.pause(this, pause);
        }
        return paused;
    }

    @Override
    public Instant trueTime() {
        return world.loop.now();
    }

    @Override
    public void left(String order, Instant compared) {
        cluster.sent(this, order, compared);
    }

    @Override
    public boolean reachesBroker() {
        return reachesBroker;
    }

    @Override
    public Optional<Lease> lease() {
        return lease;
    }

    @Override
    public void write(List<JournalEntry> entries) {
        // The database receives them with the commit.
    }

    @Override
    public void flush(GatewayProcess writer, List<JournalEntry> entries, Runnable durable, Runnable failed) {
        Lease held = lease.orElseThrow();
        Instant begun = world.loop.now();
        unanswered = Optional.of(begun);
        cluster.database().commit(this, held.epoch(), entries, answer -> {
            if (unanswered.equals(Optional.of(begun))) { // not that of a later life
                unanswered = Optional.empty();
            }
            boolean committed = answer.orElse(false);
            if (!committed || Duration.between(begun, world.loop.now()).compareTo(Cluster.SLOW) > 0) {
                world.records.recordAbsence(begun);
            }
            if (committed) {
                writer.run(durable);
                return;
            }
            log(() -> answer.isPresent() ? "a commit was refused: another owns the journal" : "a commit got no answer");
            writer.run(failed);
            if (answer.isPresent()) {
                lost(held);
            }
        });
    }

    @Override
    public void reopen(Consumer<Optional<OpenedJournal>> done) {
        Lease held = lease.orElseThrow();
        cluster.database().open(this, held.epoch(), opened -> {
            if (!lease.equals(Optional.of(held))) {
                return;
            }
            if (opened.isPresent() && opened.get().isEmpty()) {
                lost(held);
            } else {
                tookOver = false;
                done.accept(opened.flatMap(it -> it));
            }
        });
    }

    @Override
    public Set<Bug> bugs() {
        return tookOver ? Bug.atTakeover(world.bugs) : world.bugs;
    }

    String name() {
        return name;
    }

    @Override
    public void log(Supplier<String> what) {
        world.timeline.log(world.loop.now(), name, what);
    }
}
