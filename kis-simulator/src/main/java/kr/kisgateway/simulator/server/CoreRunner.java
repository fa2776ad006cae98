package kr.kisgateway.simulator.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import kr.kisgateway.simulator.broker.Core;
import kr.kisgateway.simulator.broker.Effect;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.broker.Step;
import kr.kisgateway.simulator.broker.StoredChanges;
import kr.kisgateway.simulator.entity.Change;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the core and its file: takes up to {@value #BATCH} inputs, runs the core on each, commits all
 * their records at once, and only then releases the effects. This is a group commit, and nothing is sent that a crash could
 * take back.
 *
 * <p>When a commit fails the file is closed, nothing of the batch is sent, every connection is dropped, and the core is
 * reopened from the file: clients see a broker that lost its connections, not one that lies.
 *
 * <p>When the core fails on an input, that is a defect. Earlier inputs stand, the failed one is answered with 500 or costs
 * its session, and the core is reopened, since its state is undefined. While that fails too, every call is answered with 500
 * and the desk waits a little longer each time.
 */
final class CoreRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoreRunner.class);
    private static final int BATCH = 256;

    /** The most queued inputs; further REST calls are answered as by a failing gateway, socket frames close their session. */
    private static final int QUEUE_CAPACITY = 16_384;

    /** The longest sleep: faults and day rolls are never noticed later than this. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(200);

    /** The outcome of a queued call. */
    sealed interface Outcome {
        record Answered(HttpAnswer answer) implements Outcome {}

        /** Breaks the connection without an answer. */
        record Reset() implements Outcome {}
    }

    private record QueuedInput(Input input, Optional<CompletableFuture<Outcome>> pending) {}

    /** The core failed on an input, which has been answered. */
    private static final class CoreFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final transient RuntimeException defect;

        CoreFailed(RuntimeException defect) {
            super(defect);
            this.defect = defect;
        }
    }

    private static final HttpAnswer DEFECT =
            new HttpAnswer(500, "", "", "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00002\",\"msg1\":\"서버 에러가 발생하였습니다.\"}");

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Supplier<Store> storeFactory;
    private final BiFunction<StoredChanges, Instant, Core> coreFactory;
    private final Scenario scenario;
    private final InstantSource clock;
    private final int clockSpeed;
    private final SocketHub hub;
    private final BlockingQueue<QueuedInput> inputs = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final Map<Long, CompletableFuture<Outcome>> calls = new HashMap<>();
    private final AtomicLong callIds = new AtomicLong();
    private final Thread thread;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile boolean stopping;
    private Instant latest = Instant.MIN;

    /** Inputs taken from the queue and not processed yet, when the core failed on one before them. */
    private List<QueuedInput> unprocessed = List.of();

    /** Failures of the core since the last successful opening. */
    private int failures;

    CoreRunner(
            Supplier<Store> storeFactory,
            BiFunction<StoredChanges, Instant, Core> coreFactory,
            Scenario scenario,
            InstantSource clock,
            int clockSpeed,
            SocketHub hub) {
        this.storeFactory = storeFactory;
        this.coreFactory = coreFactory;
        this.scenario = scenario;
        this.clock = clock;
        this.clockSpeed = clockSpeed;
        this.hub = hub;
        this.thread = Thread.ofPlatform().name("simulator-desk").unstarted(this::run);
    }

    /** Opens the file and the core; returns when inputs are accepted. */
    void start() {
        thread.start();
        ready.join();
    }

    long nextCallId() {
        return callIds.incrementAndGet();
    }

    /** Queues a call; its outcome arrives when it is durable. Empty when the queue is full. */
    Optional<CompletableFuture<Outcome>> submit(Input input) {
        CompletableFuture<Outcome> pending = new CompletableFuture<>();
        return !stopping && inputs.offer(new QueuedInput(input, Optional.of(pending)))
                ? Optional.of(pending)
                : Optional.empty();
    }

    /**
     * Queues a request of this program and waits for its answer.
     *
     * @throws IllegalStateException when the desk is closed or its queue full, or the thread is interrupted
     */
    HttpAnswer request(Input input) {
        CompletableFuture<Outcome> pending =
                submit(input).orElseThrow(() -> new IllegalStateException("the simulator accepts no more calls"));
        try {
            if (pending.get() instanceof Outcome.Answered(HttpAnswer answer)) {
                return answer;
            }
            throw new IllegalStateException("the simulator ended before it answered");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the simulator", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is never a failure", e);
        }
    }

    /** Queues an input without an answer. Returns whether there was room. */
    boolean offer(Input input) {
        return inputs.offer(new QueuedInput(input, Optional.empty()));
    }

    /**
     * Queues an input that must not get lost: waits for room while the desk works, also on a thread that was interrupted. A
     * write that fails reports the end of its socket on the sender's own thread, which that end interrupts.
     */
    void offerUntilTaken(Input input) {
        boolean interrupted = false;
        boolean taken = false;
        while (!taken && !stopping) {
            try {
                taken = inputs.offer(new QueuedInput(input, Optional.empty()), 1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true; // and the flag is down now, so the next try waits
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    int queuedInputs() {
        return inputs.size();
    }

    private void run() {
        try {
            serve();
        } finally {
            stopping = true;
            unprocessed.forEach(this::reset);
            resetAll();
        }
    }

    private void serve() {
        Instant start = clock.instant();
        boolean reopen = true;
        while (reopen) {
            try (Store store = storeFactory.get()) {
                latest = notBeforeLatest(clock.instant());
                Core core = openCore(store);
                process(core, store, List.of(new QueuedInput(new Input.Play(scenario, start), Optional.empty())));
                failures = 0;
                ready.complete(null);
                loop(core, store);
                reopen = false;
            } catch (Store.StoreException e) {
                if (ready.completeExceptionally(e)) {
                    return;
                }
                LOG.error("file_failed the simulator drops every connection and reads its file again", e);
                resetAll();
                reopen = !stopping;
            } catch (CoreFailed e) {
                if (ready.completeExceptionally(e.defect)) {
                    return;
                }
                failures++;
                LOG.error(
                        "core_failed the simulator drops its sockets and reads its file again, failures={}",
                        failures,
                        e);
                reopen = recover();
            } catch (RuntimeException | InterruptedException | Error e) {
                // The end, or a defect of the desk itself: waiting callers must be notified instead of waiting forever.
                if (!ready.completeExceptionally(e) && !stopping) {
                    LOG.error("desk_failed the simulator stops answering", e);
                }
                reopen = false;
            }
        }
    }

    private Core openCore(Store store) {
        try {
            return coreFactory.apply(store.load(), latest);
        } catch (Store.StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CoreFailed(e);
        }
    }

    /** Releases what only the failed core had. Returns whether to open another one. */
    private boolean recover() {
        calls.values().forEach(pending -> pending.complete(new Outcome.Reset()));
        calls.clear();
        hub.dropAll();
        if (failures > 1) {
            // The file itself contradicts the core: no caller must wait for a core that may not open.
            List<QueuedInput> pending = new ArrayList<>(unprocessed);
            unprocessed = List.of();
            inputs.drainTo(pending);
            pending.forEach(this::refuse);
        }
        Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures, 10));
        try {
            return !stop.await(Math.min(pause.toMillis(), LONGEST_PAUSE.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void loop(Core core, Store store) throws InterruptedException {
        while (!stopping || !inputs.isEmpty() || !unprocessed.isEmpty()) {
            List<QueuedInput> batch = new ArrayList<>(unprocessed);
            unprocessed = List.of();
            if (batch.isEmpty()) {
                QueuedInput first = inputs.poll(pollTimeout(core).toNanos(), TimeUnit.NANOSECONDS);
                batch.add(first == null ? new QueuedInput(new Input.Tick(), Optional.empty()) : first);
                inputs.drainTo(batch, BATCH - 1);
            }
            process(core, store, batch);
        }
    }

    private void process(Core core, Store store, List<QueuedInput> batch) {
        List<Change> changes = new ArrayList<>();
        List<Effect> effects = new ArrayList<>();
        Optional<RuntimeException> defect = Optional.empty();
        for (int i = 0; i < batch.size() && defect.isEmpty(); i++) {
            QueuedInput item = batch.get(i);
            item.pending().ifPresent(pending -> calls.put(idOf(item.input()), pending));
            latest = notBeforeLatest(clock.instant());
            try {
                Step step = core.handle(item.input(), latest);
                changes.addAll(step.append());
                effects.addAll(step.afterDurable());
            } catch (RuntimeException e) {
                calls.remove(idOf(item.input()));
                refuse(item);
                unprocessed = List.copyOf(batch.subList(i + 1, batch.size()));
                defect = Optional.of(e);
            }
        }
        if (!changes.isEmpty()) {
            store.commit(changes);
        }
        effects.forEach(this::release);
        if (defect.isPresent()) {
            throw new CoreFailed(defect.get());
        }
    }

    private void refuse(QueuedInput item) {
        item.pending().ifPresent(pending -> pending.complete(new Outcome.Answered(DEFECT)));
    }

    private void reset(QueuedInput item) {
        item.pending().ifPresent(pending -> pending.complete(new Outcome.Reset()));
    }

    /** The instant, never before the last one: wall clocks may step back; the core's time does not. */
    private Instant notBeforeLatest(Instant now) {
        return now.isAfter(latest) ? now : latest;
    }

    private Duration pollTimeout(Core core) {
        Duration due = core.nextDue()
                .map(next -> realDuration(Duration.between(clock.instant(), next)))
                .orElse(LONGEST_WAIT);
        if (due.compareTo(LONGEST_WAIT) > 0) {
            return LONGEST_WAIT;
        }
        // Not below 2 ms: at high tick rates one step plays many actions instead of one each.
        return due.compareTo(Duration.ofMillis(2)) < 0 ? Duration.ofMillis(2) : due;
    }

    /** The wall time of a span of the clock, for which a thread sleeps. */
    private Duration realDuration(Duration span) {
        return span.dividedBy(clockSpeed);
    }

    private void release(Effect effect) {
        switch (effect) {
            case Effect.Reply reply -> complete(reply.id(), new Outcome.Answered(reply.answer()));
            case Effect.ResetCall reset -> complete(reset.id(), new Outcome.Reset());
            case Effect.Push push -> push.sessions().forEach(session -> hub.send(session, push.text()));
            case Effect.CloseSocket close -> hub.close(close.session(), close.code(), close.reason());
            case Effect.DropSocket drop -> hub.drop(drop.session());
        }
    }

    private void complete(long id, Outcome outcome) {
        CompletableFuture<Outcome> pending = calls.remove(id);
        if (pending != null) {
            pending.complete(outcome);
        }
    }

    /** Resets every queued call and every socket. */
    private void resetAll() {
        List<QueuedInput> unserved = new ArrayList<>();
        inputs.drainTo(unserved);
        unserved.forEach(this::reset);
        calls.values().forEach(pending -> pending.complete(new Outcome.Reset()));
        calls.clear();
        hub.dropAll();
    }

    private static long idOf(Input input) {
        return switch (input) {
            case Input.Rest rest -> rest.id();
            case Input.SwitchFaults faults -> faults.id();
            case Input.OperateMarket market -> market.id();
            case Input.ReadState state -> state.id();
            case Input.PlayNow play -> play.id();
            case Input.ReadVerdict verdict -> verdict.id();
            case Input.Play p -> 0;
            case Input.SocketOpened s -> 0;
            case Input.SocketText s -> 0;
            case Input.SocketPong s -> 0;
            case Input.SocketClosed s -> 0;
            case Input.Tick t -> 0;
        };
    }

    /** Processes the queued inputs, closes the file and returns. */
    @Override
    public void close() {
        stopping = true;
        stop.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
