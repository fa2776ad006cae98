package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.simulation.history.ClusterTrace;

/**
 * The database that the gateways of a cluster share: the journal and the row of the lease, by the rules of docs/CLUSTER.md. A call takes
 * its time on the way, waits for locks, may find the server down, and its answer may be lost after it was carried out.
 *
 * <p>A commit of the journal is two messages, as in the product: the first locks the row with the owner's epoch against changes and
 * inserts, the second commits. Everything that changes the row waits for those that have begun.
 */
final class ClusterDatabase {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);

    /** @param expires by the database's clock */
    private record Row(String holder, long epoch, Instant expires) {}

    /** A transaction that has inserted and not committed. */
    private final class Transaction {
        private final ClusterNode node;
        private final long epoch;
        private final List<JournalEntry> entries;
        private Optional<Loop.Task> idle = Optional.empty();
        private boolean over;

        Transaction(ClusterNode node, long epoch, List<JournalEntry> entries) {
            this.node = node;
            this.epoch = epoch;
            this.entries = entries;
        }

        void end() {
            over = true;
            idle.ifPresent(Loop.Task::callOff);
            sharing.remove(this);
            grantLocks();
        }
    }

    /** A statement that waits for the lock of the row. */
    private static final class LockRequest {
        private final boolean exclusive;
        private final Runnable granted;
        private boolean over;

        LockRequest(boolean exclusive, Runnable granted) {
            this.exclusive = exclusive;
            this.granted = granted;
        }
    }

    /** A call that a client waits for; it receives one answer or none. */
    private static final class Call<T> {
        private final Consumer<Optional<T>> done;
        private boolean over;

        Call(Consumer<Optional<T>> done) {
            this.done = done;
        }

        void end(Optional<T> answer) {
            if (!over) {
                over = true;
                done.accept(answer);
            }
        }
    }

    /** What the server does with a call; the consumer receives its answer. */
    private interface Statement<T> {
        void run(Consumer<T> answer, Runnable fail);
    }

    private final Loop loop;
    private final SeededRandom random;
    private final Timeline timeline;
    private final JournalDisk storage;
    private final NodeClock clock;
    private final Consumer<List<JournalEntry>> durable;
    private final Consumer<ClusterTrace.Takeover> takenOver;
    private final Set<Bug> bugs;

    private final Set<Transaction> sharing = new LinkedHashSet<>();
    private final Deque<LockRequest> locks = new ArrayDeque<>();
    private final Set<Runnable> waitingCalls = new LinkedHashSet<>();
    private final Map<String, Long> lastSeq = new HashMap<>();
    private Optional<Row> row = Optional.empty();
    private boolean exclusive;
    private boolean isUp = true;
    private int life;
    private int fence;
    private int answersToLose;
    private Duration stall = Duration.ZERO;
    private Instant upSince;

    final List<ClusterTrace.Takeover> takeovers = new ArrayList<>();
    final List<ClusterTrace.Commit> commits = new ArrayList<>();
    private int lostAnswers;

    /**
     * @param storage what is durable
     * @param durable receives the entries of each commit when it is durable
     * @param takenOver receives each change of the owner
     */
    ClusterDatabase(
            Loop loop,
            SeededRandom random,
            Timeline timeline,
            JournalDisk storage,
            Consumer<List<JournalEntry>> durable,
            Consumer<ClusterTrace.Takeover> takenOver,
            Set<Bug> bugs) {
        this.loop = loop;
        this.random = random;
        this.timeline = timeline;
        this.storage = storage;
        this.clock = new NodeClock(loop, random.millis(-1_000, 1_000), random.between(-1_000, 1_000));
        this.durable = durable;
        this.takenOver = takenOver;
        this.bugs = bugs;
        this.upSince = loop.now();
    }

    // ---- faults ----

    boolean isUp() {
        return isUp;
    }

    /** The server ends in the middle of everything, and starts again after {@code downtime}. */
    void crash(Duration downtime) {
        if (!isUp) {
            return;
        }
        log("DIES with " + sharing.size() + " transactions");
        isUp = false;
        life++;
        List.copyOf(sharing).forEach(transaction -> {
            transaction.over = true;
            transaction.idle.ifPresent(Loop.Task::callOff);
        });
        sharing.clear();
        locks.forEach(request -> request.over = true);
        locks.clear();
        exclusive = false;
        List.copyOf(waitingCalls).forEach(Runnable::run);
        waitingCalls.clear();
        loop.in(downtime, () -> {
            isUp = true;
            upSince = loop.now();
            log("is up again");
        });
    }

    /** The next answers to commits are lost. */
    void loseAnswers(int count) {
        answersToLose = count;
    }

    /** The next commit takes {@code time}. */
    void stall(Duration time) {
        stall = time;
    }

    void stepClock(Duration by) {
        clock.step(by);
    }

    /** No more faults. */
    void calm() {
        answersToLose = 0;
        stall = Duration.ZERO;
        clock.correct();
    }

    /** The client's process has ended: the server rolls back what it had begun and not asked to commit. */
    void disconnected(ClusterNode node) {
        List.copyOf(sharing).stream()
                .filter(transaction -> transaction.node == node && transaction.idle.isPresent())
                .forEach(Transaction::end);
    }

    // ---- what is true at the server ----

    /** Since when the lease has been free and the server up; empty while it is not. */
    Optional<Instant> freeSince() {
        Instant expired = row.map(it -> loop.now().minus(Duration.between(it.expires(), clock.wall())))
                .orElse(upSince);
        return isUp && !expired.isAfter(loop.now())
                ? Optional.of(expired.isAfter(upSince) ? expired : upSince)
                : Optional.empty();
    }

    /** Whether {@code epoch} is the newest. */
    boolean isCurrent(long epoch) {
        return row.filter(it -> it.epoch() == epoch).isPresent();
    }

    int lostAnswers() {
        return lostAnswers;
    }

    private void log(String what) {
        timeline.log(loop.now(), "database", () -> what);
    }

    // ---- statements ----

    /** Takes the lease if it is free, or the node had it last: its former process has ended. The answer has the epoch. */
    void acquire(ClusterNode node, Duration ttl, Consumer<Optional<OptionalLong>> done) {
        this.<OptionalLong>call(node, done, (answer, fail) -> {
            Instant expires = clock.wall().plus(ttl);
            lock(true, fail, () -> {
                boolean free = row.isEmpty()
                        || !row.get().expires().isAfter(clock.wall())
                        || row.get().holder().equals(node.name());
                if (!free) {
                    unlock();
                    answer.accept(OptionalLong.empty());
                    return;
                }
                long epoch = row.map(Row::epoch).orElse(0L) + 1;
                commitRow(new Row(node.name(), epoch, expires), () -> {
                    var takeover = new ClusterTrace.Takeover(loop.now(), epoch, node.name());
                    takeovers.add(takeover);
                    log(node.name() + " takes the lease, epoch " + epoch);
                    takenOver.accept(takeover);
                    answer.accept(OptionalLong.of(epoch));
                });
            });
        });
    }

    /** Extends the lease; false when another has had it since. */
    void renew(ClusterNode node, long epoch, Duration ttl, Duration slowness, Consumer<Optional<Boolean>> done) {
        this.<Boolean>call(node, done, (answer, fail) -> {
            Instant expires = clock.wall().plus(ttl);
            Consumer<Boolean> late = slowness.isZero() ? answer : it -> loop.in(slowness, () -> answer.accept(it));
            changeRow(epoch, expires, late, fail);
        });
    }

    /** Ends the lease at once. */
    void release(ClusterNode node, long epoch, Consumer<Optional<Boolean>> done) {
        this.<Boolean>call(node, done, (answer, fail) -> changeRow(epoch, clock.wall(), answer, fail));
    }

    private void changeRow(long epoch, Instant expires, Consumer<Boolean> answer, Runnable fail) {
        lock(true, fail, () -> {
            if (!isCurrent(epoch)) {
                unlock();
                answer.accept(false);
                return;
            }
            commitRow(new Row(row.orElseThrow().holder(), epoch, expires), () -> answer.accept(true));
        });
    }

    /** Opens the journal when no transaction of an earlier connection runs any more; empty when another has the lease. */
    void open(ClusterNode node, long epoch, Consumer<Optional<Optional<Host.OpenedJournal>>> done) {
        this.<Optional<Host.OpenedJournal>>call(
                node,
                done,
                (answer, fail) -> lock(true, fail, () -> {
                    if (!isCurrent(epoch) && !bugs.contains(Bug.CHECKS_NO_EPOCH)) {
                        unlock();
                        answer.accept(Optional.empty());
                        return;
                    }
                    commitRow(row.orElseThrow(), () -> {
                        int opened = ++fence;
                        answer.accept(Optional.of(new Host.OpenedJournal(storage.read(), opened)));
                    });
                }));
    }

    /** Inserts and commits; false when another has had the lease since, and then nothing is written. */
    void commit(ClusterNode node, long epoch, List<JournalEntry> entries, Consumer<Optional<Boolean>> done) {
        Consumer<Optional<Optional<Transaction>>> inserted = answer -> answer.ifPresentOrElse(
                begun -> begun.ifPresentOrElse(
                        transaction -> node.beforeCommit(() -> commit(transaction, done)),
                        () -> done.accept(Optional.of(false))),
                () -> done.accept(Optional.empty()));
        this.<Optional<Transaction>>call(
                node,
                inserted,
                (answer, fail) -> lock(false, fail, () -> {
                    if (!isCurrent(epoch) && !bugs.contains(Bug.CHECKS_NO_EPOCH)) {
                        answer.accept(Optional.empty());
                        return;
                    }
                    if (entries.stream().anyMatch(it -> it.seq() <= lastSeq.getOrDefault(it.stream(), 0L))) {
                        log("refuses a second event at one position of a stream");
                        fail.run();
                        return;
                    }
                    var transaction = new Transaction(node, epoch, entries);
                    sharing.add(transaction);
                    transaction.idle = Optional.of(loop.in(Postgres.IDLE_LIMIT, () -> {
                        log("ends an idle transaction of " + node.name());
                        transaction.end();
                    }));
                    answer.accept(Optional.of(transaction));
                }));
    }

    private void commit(Transaction transaction, Consumer<Optional<Boolean>> done) {
        this.<Boolean>call(transaction.node, done, (answer, fail) -> {
            if (transaction.over) {
                fail.run();
                return;
            }
            transaction.idle.ifPresent(Loop.Task::callOff);
            transaction.idle = Optional.empty();
            Duration time = stall.isZero() ? flush() : stall;
            stall = Duration.ZERO;
            loop.in(time, () -> {
                if (transaction.over) {
                    return; // the server died first
                }
                write(transaction);
                transaction.end();
                if (answersToLose > 0) {
                    answersToLose--;
                    lostAnswers++;
                    log("an answer to a commit of " + transaction.node.name() + " is lost");
                } else {
                    answer.accept(true);
                }
            });
        });
    }

    private void write(Transaction transaction) {
        storage.write(transaction.entries);
        storage.sync();
        transaction.entries.forEach(it -> lastSeq.merge(it.stream(), it.seq(), Math::max));
        commits.add(new ClusterTrace.Commit(
                loop.now(),
                transaction.epoch,
                row.map(Row::epoch).orElse(0L),
                transaction.entries.getFirst().type() + " "
                        + transaction.entries.getFirst().subject()));
        durable.accept(transaction.entries);
    }

    private void commitRow(Row changed, Runnable then) {
        int begun = life;
        loop.in(flush(), () -> {
            if (begun == life) {
                row = Optional.of(changed);
                unlock();
                then.run();
            }
        });
    }

    private Duration flush() {
        return random.chance(0.01) ? random.millis(5, 400) : random.micros(200, 2_500);
    }

    // ---- locks of the row ----

    private void lock(boolean exclusively, Runnable fail, Runnable granted) {
        var request = new LockRequest(exclusively, granted);
        locks.add(request);
        loop.in(Postgres.IDLE_LIMIT, () -> {
            if (!request.over) {
                request.over = true;
                locks.remove(request);
                fail.run();
                grantLocks();
            }
        });
        grantLocks();
    }

    private void unlock() {
        exclusive = false;
        grantLocks();
    }

    private void grantLocks() {
        while (!locks.isEmpty() && !exclusive) {
            LockRequest first = locks.peek();
            if (first.exclusive && !sharing.isEmpty()) {
                return;
            }
            locks.remove();
            first.over = true;
            exclusive = first.exclusive;
            first.granted.run();
        }
    }

    // ---- the way there and back ----

    private <T> void call(ClusterNode node, Consumer<Optional<T>> done, Statement<T> statement) {
        var call = new Call<>(done);
        Runnable fail = () -> back(node, () -> call.end(Optional.empty()));
        if (!node.reachesDatabase()) {
            node.in(CONNECT_LIMIT, () -> call.end(Optional.empty()));
            return;
        }
        node.in(Postgres.ANSWER_LIMIT, () -> call.end(Optional.empty()));
        loop.in(latency(), () -> {
            if (!node.reachesDatabase() || call.over) {
                return;
            }
            if (!isUp) {
                fail.run();
                return;
            }
            waitingCalls.add(fail);
            int begun = life;
            statement.run(
                    answer -> {
                        waitingCalls.remove(fail);
                        if (begun == life) {
                            back(node, () -> call.end(Optional.of(answer)));
                        }
                    },
                    () -> {
                        waitingCalls.remove(fail);
                        fail.run();
                    });
        });
    }

    private void back(ClusterNode node, Runnable arrived) {
        loop.in(latency(), () -> {
            if (node.reachesDatabase()) {
                node.deliver(arrived);
            }
        });
    }

    private Duration latency() {
        return random.chance(0.005) ? random.millis(5, 300) : random.micros(100, 1_500);
    }
}
