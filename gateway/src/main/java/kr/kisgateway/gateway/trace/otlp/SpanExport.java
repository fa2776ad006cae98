package kr.kisgateway.gateway.trace.otlp;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.gateway.trace.SpanCounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue between the threads that end spans and the one that sends them. A full queue drops the newest span and counts it, so a
 * request never waits. Spans that the collector did not take are counted and lost: there is no second try, and after a failure the
 * collector is left alone for a while. The log has one line when it begins to fail and one when it works again.
 */
final class SpanExport implements SpanProcessor, AutoCloseable {
    /** Spans of one request to the collector. */
    static final int BATCH = 512;

    /** Time of a request to the collector. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration FAILURE_PAUSE = Duration.ofSeconds(5);
    /** Time of a stop for what waits. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.trace");

    private final ArrayBlockingQueue<SpanData> queue = new ArrayBlockingQueue<>(SpanCounts.QUEUE_CAPACITY);
    private final SpanExporter exporter;
    private final InstantSource clock;
    private final AtomicLong accepted = new AtomicLong();
    private final LongAdder exported = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final TaskRunner.Task task;
    /** Owned by the task: when the collector is tried again, and what was lost since it fails. */
    private Optional<Outage> outage = Optional.empty();

    private record Outage(Instant retryAt, long lostBefore) {}

    /** @param clock a clock that is never adjusted */
    SpanExport(SpanExporter exporter, InstantSource clock, TaskRunner tasks) {
        this.exporter = exporter;
        this.clock = clock;
        this.task = tasks.repeat("trace-export", INTERVAL, this::exportBatch, this::exportRest);
    }

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        // spans are exported when they end
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!queue.offer(span.toSpanData())) {
            dropped.increment();
        } else if (accepted.incrementAndGet() % BATCH == 0) {
            task.wakeUp();
        }
    }

    /** Sends a batch; returns the pause before the next. */
    private Duration exportBatch() {
        if (outage.isPresent()) {
            var left = Duration.between(clock.instant(), outage.get().retryAt());
            if (left.isPositive()) {
                return left;
            }
        }
        var batch = new ArrayList<SpanData>(Math.min(queue.size(), BATCH));
        queue.drainTo(batch, BATCH);
        if (batch.isEmpty()) {
            return INTERVAL;
        }
        if (!send(batch, LIMIT)) {
            return FAILURE_PAUSE;
        }
        return queue.size() >= BATCH ? Duration.ZERO : INTERVAL;
    }

    /** At the end of the program. */
    private void exportRest() {
        Instant until = clock.instant().plus(STOP_LIMIT);
        var left = STOP_LIMIT;
        while (left.isPositive() && !queue.isEmpty() && outage.isEmpty()) {
            var batch = new ArrayList<SpanData>(BATCH);
            queue.drainTo(batch, BATCH);
            send(batch, left);
            left = Duration.between(clock.instant(), until);
        }
        dropped.add(queue.size());
        queue.clear();
    }

    private boolean send(List<SpanData> batch, Duration limit) {
        CompletableResultCode result = exporter.export(batch).join(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (result.isSuccess()) {
            exported.add(batch.size());
            outage.ifPresent(over -> LOG.info("traces_exported_again lost={}", lost() - over.lostBefore()));
            outage = Optional.empty();
            return true;
        }
        long lostBefore = outage.map(Outage::lostBefore).orElseGet(this::lost);
        failed.add(batch.size());
        if (outage.isEmpty()) {
            LOG.warn(
                    "traces_not_exported cause={} action=\"the collector at TRACING_ENDPOINT does not take them; they are lost"
                            + " and counted until it does, and nothing else is affected\"",
                    cause(result));
        }
        outage = Optional.of(new Outage(clock.instant().plus(FAILURE_PAUSE), lostBefore));
        return false;
    }

    private long lost() {
        return failed.sum() + dropped.sum();
    }

    /** The kind of the failure: its text may have the address, and that a key. */
    private static String cause(CompletableResultCode result) {
        Throwable failure = result.getFailureThrowable();
        if (failure == null) {
            return "timeout";
        }
        Throwable cause = failure.getCause();
        return (cause == null ? failure : cause).getClass().getSimpleName();
    }

    /** Spans that wait. */
    long waiting() {
        return queue.size();
    }

    /** Spans that the collector took. */
    long exported() {
        return exported.sum();
    }

    /** Spans that it did not take. */
    long failed() {
        return failed.sum();
    }

    /** Spans that found the queue full, or the program at its end. */
    long dropped() {
        return dropped.sum();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }

    @Override
    public void close() {
        task.close();
        if (!task.awaitEnd(STOP_LIMIT.plusSeconds(1))) {
            LOG.warn("traces_not_flushed spans={}", waiting());
        }
    }
}
