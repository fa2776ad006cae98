package kr.kisgateway.gateway.batch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.batch.BatchKind.Resolution;
import kr.kisgateway.gateway.batch.BatchLines.Expected;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.MarketSymbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs batches: cached values are answered at once, the rest is requested from KIS with a few concurrent requests, each
 * answered when it completes. The calling thread owns all counts; workers only request.
 */
public final class BatchRunner {
    /** Maximum symbols of a batch. */
    public static final int SYMBOLS_MAX = 4_000;

    /** Batches that run at once, of any kind: each occupies a connection and up to 24 places in the budget's queue. */
    public static final int RUNNING_MAX = 4;

    /** Of these, batches of one key, so that none takes them all by reading slowly. */
    public static final int KEY_RUNNING_MAX = RUNNING_MAX / 2;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.batch");

    /**
     * Requests of one batch that wait for a slot of the budget or for their answer; more would only fill the budget's queue.
     */
    private static final int CONCURRENT_REQUESTS_MAX = 24;

    private final InstantSource clock;
    private final ExecutorService workers;
    private final ReentrantLock lock = new ReentrantLock();
    /** Running batches by caller. */
    private final Map<String, Integer> running = new HashMap<>();

    /** @param workers runs the requests, one virtual thread each */
    public BatchRunner(InstantSource clock, ExecutorService workers) {
        this.clock = clock;
        this.workers = workers;
    }

    /** Registers the meters of running batches. */
    public void bindTo(Meters meters) {
        meters.resource("batches", this::running, RUNNING_MAX);
    }

    private int running() {
        lock.lock();
        try {
            return running.values().stream().mapToInt(Integer::intValue).sum();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Figures of a batch.
     *
     * @param requested distinct symbols
     * @param succeeded symbols answered
     * @param failed symbols refused
     */
    public record Stats(int requested, int succeeded, int failed, Duration duration) {}

    /**
     * Takes a slot among the running batches; the caller must {@link #releaseSlot}. Callers that need no key are many
     * programs under one name, so they share all slots.
     *
     * @return the refusal when none is free; otherwise empty
     */
    public Optional<Refusal> acquireSlot(Caller caller) {
        lock.lock();
        try {
            int all = running();
            if (all >= RUNNING_MAX) {
                return Optional.of(Refusal.of(
                        ErrorCode.QUOTA_EXCEEDED,
                        RUNNING_MAX + " batches are running, the limit; retry when one has ended."));
            }
            if (!caller.isLocal() && running.getOrDefault(caller.name(), 0) >= KEY_RUNNING_MAX) {
                return Optional.of(Refusal.of(
                        ErrorCode.QUOTA_EXCEEDED,
                        KEY_RUNNING_MAX + " batches of your key are running, the limit; retry when one has ended."));
            }
            running.merge(caller.name(), 1, Integer::sum);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    public void releaseSlot(Caller caller) {
        lock.lock();
        try {
            running.computeIfPresent(caller.name(), (_, count) -> count > 1 ? count - 1 : null);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Answers the expected effort, then each of {@code symbols} once, in no particular order, and returns when all are
     * answered or the reader is gone.
     *
     * @param symbols texts, which need not be symbols
     */
    public <V> Stats run(List<String> symbols, BatchKind<V> kind, BatchLines<V> lines) throws InterruptedException {
        return new BatchRun<>(kind, lines).all(symbols);
    }

    /** One request and its results. */
    private record GroupAnswer<V>(List<Listed> group, Map<MarketSymbol, Result<V>> results) {}

    /** One batch. */
    private final class BatchRun<V> {
        private final BatchKind<V> kind;
        private final BatchLines<V> lines;
        private final Instant startedAt = clock.instant();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private int succeeded;
        private int failed;

        BatchRun(BatchKind<V> kind, BatchLines<V> lines) {
            this.kind = kind;
            this.lines = lines;
        }

        Stats all(List<String> symbols) throws InterruptedException {
            var different = symbols.stream().distinct().toList();
            var cached = new LinkedHashMap<String, Result<V>>();
            var uncached = new ArrayList<Listed>();
            for (String text : different) {
                switch (kind.resolve(text)) {
                    case Resolution.Immediate<V>(Result<V> result) -> cached.put(text, result);
                    case Resolution.CallNeeded<V>(Listed listed) -> uncached.add(listed);
                }
            }
            var groups = groups(uncached);
            if (lines.expected(expected(different.size(), cached.size(), groups))) {
                cached.forEach(this::writeLine);
                requestGroups(groups);
            }
            return new Stats(different.size(), succeeded, failed, Duration.between(startedAt, clock.instant()));
        }

        private Expected expected(int symbols, int cached, List<List<Listed>> groups) {
            int calls = groups.stream().mapToInt(kind::calls).sum();
            return new Expected(
                    symbols, cached, calls, Duration.ofMillis(calls * 1_000L / Math.max(1, kind.callsPerSecond())));
        }

        private void requestGroups(List<List<Listed>> groups) throws InterruptedException {
            BlockingQueue<GroupAnswer<V>> answers = new ArrayBlockingQueue<>(Math.max(1, groups.size()));
            // At a call per second two are enough, and the last one then does not wait for half a minute.
            int limit = Math.clamp(kind.callsPerSecond() * 3L / 2, 2, CONCURRENT_REQUESTS_MAX);
            int submitted = 0;
            try {
                for (int completed = 0; completed < groups.size() && !stopped.get(); completed++) {
                    while (submitted < groups.size() && submitted - completed < limit) {
                        var group = groups.get(submitted++);
                        workers.execute(() -> answers.add(requestGroup(group)));
                    }
                    writeLine(answers.take());
                }
            } finally {
                // Requests not begun when the reader is gone are skipped.
                stopped.set(true);
            }
        }

        private GroupAnswer<V> requestGroup(List<Listed> group) {
            if (stopped.get()) {
                return new GroupAnswer<>(group, Map.of());
            }
            try {
                return new GroupAnswer<>(group, kind.request(group));
            } catch (RuntimeException e) {
                // A defect of the source must not leave the reader waiting; the log has it.
                LOG.error("batch_request_failed", e);
                return new GroupAnswer<>(group, Map.of());
            }
        }

        private void writeLine(GroupAnswer<V> answer) {
            for (Listed listed : answer.group()) {
                var result = answer.results().get(listed.symbol());
                writeLine(listed.code(), result != null ? result : Result.refused(internalError()));
            }
        }

        private void writeLine(String symbol, Result<V> result) {
            if (stopped.get()) {
                return;
            }
            boolean delivered = switch (result) {
                case Result.Success<V>(V value) -> {
                    succeeded++;
                    yield lines.succeeded(value);
                }
                case Result.Refused<V>(Refusal refusal) -> {
                    failed++;
                    yield lines.failed(symbol, refusal);
                }
            };
            if (!delivered) {
                stopped.set(true);
            }
        }

        private List<List<Listed>> groups(List<Listed> all) {
            var groups = new ArrayList<List<Listed>>();
            all.stream()
                    .collect(Collectors.groupingBy(
                            listed -> listed.symbol().market().id(), TreeMap::new, Collectors.toList()))
                    .values()
                    .forEach(ofMarket -> {
                        for (int from = 0, limit; from < ofMarket.size(); from += limit) {
                            limit = kind.groupSizeMax(ofMarket.get(from));
                            groups.add(List.copyOf(ofMarket.subList(from, Math.min(ofMarket.size(), from + limit))));
                        }
                    });
            return groups;
        }
    }

    private static Refusal internalError() {
        return Refusal.of(ErrorCode.INTERNAL_ERROR, "The gateway failed; its log has the cause.");
    }
}
