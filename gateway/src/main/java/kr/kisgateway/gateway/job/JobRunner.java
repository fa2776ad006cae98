package kr.kisgateway.gateway.job;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.job.JobKind.Outcome;
import kr.kisgateway.gateway.job.JobStore.JobsUnavailableException;
import kr.kisgateway.gateway.job.JobStore.Part;
import kr.kisgateway.gateway.job.JobStore.Unit;
import kr.kisgateway.gateway.job.JobStore.UnitState;
import kr.kisgateway.gateway.meter.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs, each on a virtual thread with a few concurrent units. A completed unit is recorded first and counted
 * afterwards, so a kill repeats at most the units in flight.
 */
public final class JobRunner implements AutoCloseable {
    /** Maximum concurrent jobs. */
    public static final int RUNNING_MAX = 8;

    /** Interval between attempts to record the end of a job. */
    private static final Duration END_RETRY_INTERVAL = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.job");
    /** Interval between checks whether files can be written. */
    private static final Duration FILE_CHECK_INTERVAL = Duration.ofMillis(500);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    /** How long interrupted units have to end. */
    private static final Duration INTERRUPTED_LIMIT = Duration.ofSeconds(5);

    private final JobStore store;
    private final Map<String, JobKind> kinds;
    private final Supplier<String> ids;
    private final JobFileAccess files;
    private final Duration stopLimit;
    private final InstantSource clock;
    private final ExecutorService threads;
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Semaphore slots = new Semaphore(RUNNING_MAX);
    /** Jobs that a start found beyond the available slots. */
    private final Queue<Job> waiting = new ConcurrentLinkedQueue<>();

    /** Locked while a job moves from waiting to running, and while one is cancelled. */
    private final ReentrantLock transitionLock = new ReentrantLock();

    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Consumer<Job> endListener = _ -> {};

    /** @param ids supplies a new id per call */
    public JobRunner(JobStore store, List<JobKind> kinds, Supplier<String> ids, InstantSource clock) {
        this(store, kinds, ids, JobFileAccess.unlimited(), clock);
    }

    /**
     * @param ids supplies a new id per call
     * @param files what kinds that write files wait for
     */
    public JobRunner(
            JobStore store, List<JobKind> kinds, Supplier<String> ids, JobFileAccess files, InstantSource clock) {
        this(store, kinds, ids, files, STOP_LIMIT, clock);
    }

    /** @param stopLimit how long {@link #close} waits for units in flight before it interrupts them */
    JobRunner(
            JobStore store,
            List<JobKind> kinds,
            Supplier<String> ids,
            JobFileAccess files,
            Duration stopLimit,
            InstantSource clock) {
        this.stopLimit = stopLimit;
        this.store = store;
        this.files = files;
        this.kinds = kinds.stream().collect(Collectors.toUnmodifiableMap(JobKind::name, Function.identity()));
        this.ids = ids;
        this.clock = clock;
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("job-", 0).daemon(true).factory());
    }

    /** Sets what receives each job when it has ended; before the start. Not those that a call or a stop ended. */
    public void onEnded(Consumer<Job> listener) {
        endListener = listener;
    }

    /** Registers the meters of running jobs. */
    public void bindTo(Meters meters) {
        meters.resource("jobs", () -> RUNNING_MAX - slots.availablePermits(), RUNNING_MAX);
    }

    /** Resumes unfinished jobs: as many as there are slots, each further one when another ends. */
    public void start() {
        waiting.addAll(store.findRunning());
        resume();
    }

    private void resume() {
        while (closing.getCount() > 0 && !waiting.isEmpty() && slots.tryAcquire()) {
            Optional<Job> next;
            Optional<Running> run;
            transitionLock.lock();
            try {
                next = Optional.ofNullable(waiting.poll());
                run = next.flatMap(this::register);
            } finally {
                transitionLock.unlock();
            }
            if (run.isPresent()) {
                next.ifPresent(job -> LOG.info(
                        "job_resumed id={} kind={} done={} total={}", job.id(), job.kind(), job.done(), job.total()));
                threads.execute(run.get()::run);
            } else {
                slots.release();
                next.ifPresent(this::failUnknownKind);
            }
        }
    }

    private void releaseSlot() {
        slots.release();
        resume();
    }

    /**
     * A job and its rate.
     *
     * @param perSecond units per second since it was started or resumed; 0 while undetermined or ended
     * @param parts its parts, where its kind reports them
     */
    public record JobStatus(Job job, double perSecond, List<Part> parts, Optional<WrittenFiles> files) {
        /** Seconds until the end at this rate; empty while undetermined. */
        public Optional<Long> etaSeconds() {
            int left = job.total() - job.done() - job.failed();
            return job.state() == Job.State.RUNNING && perSecond > 0
                    ? Optional.of((long) Math.ceil(left / perSecond))
                    : Optional.empty();
        }
    }

    /**
     * The started job, or {@code DISK_LOW} or {@code QUOTA_EXCEEDED}.
     *
     * @param request a JSON object that specifies the work
     * @param units its units, in the order of execution
     */
    public Result<JobStatus> begin(String kind, String request, List<String> units, String tenant) {
        var now = clock.instant();
        var job = new Job(
                ids.get(),
                kind,
                request,
                tenant,
                Job.State.RUNNING,
                now.truncatedTo(ChronoUnit.MILLIS),
                Optional.empty(),
                "",
                units.size(),
                0,
                0,
                List.of(),
                0,
                List.of());
        Optional<Refusal> obstacle = obstacle(kind);
        if (obstacle.isPresent()) {
            return Result.refused(obstacle.get());
        }
        // Jobs that wait since the start have precedence.
        if (!waiting.isEmpty() || !slots.tryAcquire()) {
            return Result.refused(Refusal.of(
                    ErrorCode.QUOTA_EXCEEDED, RUNNING_MAX + " jobs run already; wait for one to end, or cancel one."));
        }
        boolean submitted = false;
        // Before it is recorded: from then on a cancel must find it.
        Optional<Running> run = register(job);
        try {
            try {
                store.create(job, units);
            } catch (RuntimeException e) {
                LOG.error("job_not_recorded id={} kind={} cause=\"{}\"", job.id(), kind, e.getMessage());
                return Result.refused(Refusal.of(
                        ErrorCode.DISK_LOW,
                        "The job could not be recorded, so it was not started; check the disk and the log."));
            }
            LOG.info("job_started id={} kind={} units={} by={}", job.id(), kind, units.size(), tenant);
            run.ifPresentOrElse(started -> threads.execute(started::run), () -> failUnknownKind(job));
            submitted = run.isPresent();
        } finally {
            if (!submitted) {
                running.remove(job.id());
                slots.release();
            }
        }
        return Result.success(
                new JobStatus(job, 0, reportsParts(job) ? initialParts(units) : List.of(), Optional.empty()));
    }

    /** What the store reports of the parts of a job that has just started. */
    private static List<Part> initialParts(List<String> units) {
        var counts = new LinkedHashMap<String, Integer>();
        units.forEach(unit -> counts.merge(unit.substring(unit.indexOf('/') + 1), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(part -> new Part(part.getKey(), part.getValue(), 0, 0, Duration.ZERO))
                .toList();
    }

    /**
     * @throws RefusedException {@code JOBS_UNAVAILABLE} while too many reads are queued, as {@link #list} and {@link
     *     #cancel}
     */
    public Optional<JobStatus> find(String id) {
        return readOrRefuse(() -> store.find(id)
                .map(job -> new JobStatus(
                        job, perSecond(id), reportsParts(job) ? store.parts(id) : List.of(), files(job))));
    }

    /** Files of an ended job, by the first settled unit. */
    private Optional<WrittenFiles> files(Job job) {
        var kind = kinds.get(job.kind());
        return kind == null || job.endedAt().isEmpty()
                ? Optional.empty()
                : store.settledUnit(job.id()).flatMap(unit -> kind.files(job.request(), unit));
    }

    /** Newest first, those older than {@code before}: their figures, without parts, failures and notes. */
    public List<JobStatus> list(Optional<String> before, int limit) {
        return readOrRefuse(() -> store.list(before, limit).stream()
                .map(job -> new JobStatus(job, perSecond(job.id()), List.of(), Optional.empty()))
                .toList());
    }

    private static <T> T readOrRefuse(Supplier<T> read) {
        try {
            return read.get();
        } catch (JobsUnavailableException e) {
            throw new RefusedException(Refusal.of(ErrorCode.JOBS_UNAVAILABLE, String.valueOf(e.getMessage())));
        }
    }

    /** Cancels a job; completed units stay. An ended job is unchanged. */
    public Optional<JobStatus> cancel(String id) {
        Optional<Job> queued = Optional.empty();
        transitionLock.lock();
        try {
            var run = running.get(id);
            if (run != null) {
                run.cancel();
            } else {
                queued = waiting.stream().filter(job -> job.id().equals(id)).findFirst();
                queued.ifPresent(waiting::remove);
            }
        } finally {
            transitionLock.unlock();
        }
        queued.ifPresent(job -> {
            store.recordEnded(id, Job.State.CANCELED, clock.instant(), "");
            LOG.info("job_ended id={} kind={} state={}", id, job.kind(), Job.State.CANCELED);
        });
        return find(id);
    }

    /** Number of running jobs. */
    public int running() {
        return running.size();
    }

    private double perSecond(String id) {
        var run = running.get(id);
        return run == null ? 0 : run.perSecond();
    }

    private boolean reportsParts(Job job) {
        var kind = kinds.get(job.kind());
        return kind != null && kind.reportsParts();
    }

    /** Why jobs of the kind cannot write their files now; empty when they can, or write none. */
    private Optional<Refusal> obstacle(String kind) {
        return Optional.ofNullable(kinds.get(kind))
                .filter(JobKind::needsDiskSpace)
                .flatMap(_ -> files.obstacle().get());
    }

    /** The run of a job, which a cancel finds from now on; empty when this release has no such kind. */
    private Optional<Running> register(Job job) {
        var kind = kinds.get(job.kind());
        if (kind == null) {
            return Optional.empty();
        }
        var run = new Running(job, kind);
        running.put(job.id(), run);
        return Optional.of(run);
    }

    private void failUnknownKind(Job job) {
        try {
            store.recordEnded(job.id(), Job.State.FAILED, clock.instant(), "this version has no job " + job.kind());
        } catch (RuntimeException e) {
            // The next start finds it again; this one must not fail because of it.
            LOG.error("job_end_not_recorded id={} kind={} cause=\"{}\"", job.id(), job.kind(), e.getMessage());
        }
    }

    /** Lets units in flight complete, within a limit; the rest resumes after the next start. */
    @Override
    public void close() {
        closing.countDown();
        running.values().forEach(run -> run.stop.countDown());
        threads.shutdown();
        try {
            if (!threads.awaitTermination(stopLimit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("jobs_still_running count={}", running.size());
                threads.shutdownNow();
                // The store is closed after this: no thread may write to it any more.
                if (!threads.awaitTermination(INTERRUPTED_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.error("jobs_not_terminated count={}", running.size());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Running implements JobKind.Run {
        private final Job job;
        private final JobKind kind;
        private final Instant startedAt;
        private final CountDownLatch stop = new CountDownLatch(1);
        private final AtomicInteger unitsRun = new AtomicInteger();
        private final AtomicBoolean paused = new AtomicBoolean();
        private volatile boolean cancelled;

        Running(Job job, JobKind kind) {
            this.job = job;
            this.kind = kind;
            this.startedAt = clock.instant();
        }

        @Override
        public String id() {
            return job.id();
        }

        @Override
        public String request() {
            return job.request();
        }

        @Override
        public String tenant() {
            return job.tenant();
        }

        @Override
        public boolean isStopped() {
            return stop.getCount() == 0;
        }

        @Override
        public void pause(Duration time) {
            try {
                if (stop.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.debug("job_stopped_while_paused id={}", job.id());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stop.countDown();
            }
        }

        void cancel() {
            cancelled = true;
            stop.countDown();
        }

        double perSecond() {
            double seconds = Duration.between(startedAt, clock.instant()).toMillis() / 1_000.0;
            return seconds > 0 ? unitsRun.get() / seconds : 0;
        }

        void run() {
            try {
                runAll();
                if (!isStopped() || cancelled) {
                    kind.onEnded(this);
                    end(cancelled ? Job.State.CANCELED : Job.State.DONE, "");
                }
            } catch (RuntimeException e) {
                if (isStopped() && !cancelled) {
                    // Units interrupted by the gateway's own stop resume after the next start.
                    LOG.warn("job_interrupted id={} kind={} cause=\"{}\"", job.id(), job.kind(), e.getMessage());
                } else {
                    LOG.error("job_failed id={} kind={}", job.id(), job.kind(), e);
                    end(Job.State.FAILED, String.valueOf(e.getMessage()));
                }
            } finally {
                running.remove(job.id());
                releaseSlot();
            }
        }

        /**
         * A job whose end cannot be recorded, on a full disk, retains its slot and retries; after a restart it runs
         * again.
         */
        private void end(Job.State state, String message) {
            try {
                do {
                    try {
                        store.recordEnded(job.id(), state, clock.instant(), message);
                        LOG.info("job_ended id={} kind={} state={}", job.id(), job.kind(), state);
                        reportEnd(state);
                        return;
                    } catch (RuntimeException e) {
                        LOG.error("job_end_not_recorded id={} state={} cause=\"{}\"", job.id(), state, e.getMessage());
                    }
                } while (!closing.await(END_RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void reportEnd(Job.State state) {
            try {
                if (state != Job.State.CANCELED) {
                    store.find(job.id()).ifPresent(endListener);
                }
            } catch (RuntimeException e) {
                LOG.error("job_end_not_reported id={}", job.id(), e);
            }
        }

        private void runAll() {
            var pending = new ArrayList<Unit>();
            var unsettled = new ArrayList<Unit>();
            for (Unit unit : store.units(job.id())) {
                switch (unit.state()) {
                    case PENDING -> pending.add(unit);
                    case RAN -> unsettled.add(unit);
                    case SETTLED, FAILED -> {
                        // already ended
                    }
                }
            }
            for (int from = 0; from < pending.size() && !isStopped(); from += kind.unitsPerSettlement()) {
                unsettled.addAll(runConcurrently(
                        pending.subList(from, Math.min(pending.size(), from + kind.unitsPerSettlement()))));
                settle(unsettled);
                unsettled.clear();
            }
            settle(unsettled);
        }

        /** Runs {@code units} concurrently; returns those that ran, in their order. */
        private List<Unit> runConcurrently(List<Unit> units) {
            var free = new Semaphore(kind.concurrentUnits());
            var ran = new ConcurrentHashMap<Integer, Unit>();
            var crash = new ConcurrentHashMap<Integer, RuntimeException>();
            // Not virtual: storage that hangs would take the carriers from those of orders.
            try (var workers = Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().name("job-unit-", 0).daemon(true).factory())) {
                for (Unit unit : units) {
                    if (!acquire(free)) {
                        break; // the end of this block interrupts the units in flight
                    }
                    if (isStopped() || !crash.isEmpty()) {
                        break;
                    }
                    workers.execute(() -> {
                        try {
                            runUnit(unit).ifPresent(done -> ran.put(done.n(), done));
                        } catch (RuntimeException e) {
                            crash.put(unit.n(), e);
                        } finally {
                            free.release();
                        }
                    });
                }
            }
            crash.values().stream().findFirst().ifPresent(e -> {
                throw e;
            });
            return units.stream().filter(unit -> ran.containsKey(unit.n())).toList();
        }

        private static boolean acquire(Semaphore free) {
            try {
                free.acquire();
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /**
         * Waits until files can be written, where its kind writes some; returns whether they can, for which a stopped job does
         * not wait.
         */
        private boolean awaitAccess() {
            Optional<Refusal> obstacle = obstacle(job.kind());
            if (obstacle.isPresent() && paused.compareAndSet(false, true)) {
                LOG.warn(
                        "job_waits_for_room id={} kind={} code={}",
                        job.id(),
                        job.kind(),
                        obstacle.get().code());
                files.onPaused().accept(job.id(), obstacle.get());
            }
            while (obstacle.isPresent() && !isStopped()) {
                pause(FILE_CHECK_INTERVAL);
                obstacle = obstacle(job.kind());
            }
            if (paused.compareAndSet(true, false)) {
                if (obstacle.isEmpty()) {
                    LOG.info("job_space_available id={} kind={}", job.id(), job.kind());
                }
                files.onResumed().accept(job.id());
            }
            return obstacle.isEmpty();
        }

        private Optional<Unit> runUnit(Unit unit) {
            if (!awaitAccess()) {
                return Optional.empty();
            }
            Instant from = clock.instant();
            switch (kind.run(this, unit.name())) {
                case Outcome.Done(Optional<String> note) -> {
                    store.recordRan(job.id(), unit.n(), from, clock.instant(), note);
                    unitsRun.incrementAndGet();
                    return Optional.of(new Unit(unit.n(), unit.name(), UnitState.RAN));
                }
                case Outcome.Failed(String code, String message) -> {
                    LOG.warn("job_unit_failed id={} unit={} code={}", job.id(), unit.name(), code);
                    store.recordFailed(job.id(), unit.n(), from, clock.instant(), code, message);
                    unitsRun.incrementAndGet();
                    return Optional.empty();
                }
                case Outcome.Stopped() -> {
                    return Optional.empty();
                }
            }
        }

        private void settle(List<Unit> units) {
            // Where files cannot be written, a stopped job leaves its results in place: the next start settles them.
            if (!units.isEmpty() && awaitAccess()) {
                Map<String, String> notes =
                        kind.settle(this, units.stream().map(Unit::name).toList());
                store.recordSettled(job.id(), units, notes);
            }
        }
    }
}
