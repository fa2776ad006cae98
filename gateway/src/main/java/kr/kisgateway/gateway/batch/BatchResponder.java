package kr.kisgateway.gateway.batch;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import kr.kisgateway.api.batch.BatchExpected;
import kr.kisgateway.api.batch.BatchFailure;
import kr.kisgateway.api.batch.BatchStats;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EventConnection;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a batch as newline-delimited JSON: a line with the expected effort, a line for each symbol as soon as its result is
 * available, and a last line with the figures.
 */
public final class BatchResponder {
    private static final byte[] NEW_LINE = {'\n'};
    /** Longer than the slowest request of a batch may take; nothing is written meanwhile. */
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(90);

    /** Total time that all writes of a batch may wait for its reader, in addition to what {@link #READ_RATE_MIN} allows. */
    static final Duration WRITE_WAIT_MAX = Duration.ofSeconds(30);
    /** Minimum bytes per second that a reader must take once {@link #WRITE_WAIT_MAX} is used up. */
    private static final int READ_RATE_MIN = 64 * 1_024;

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(200);
    private static final Logger LOG = LoggerFactory.getLogger("gateway.batch");

    private final BatchRunner batches;
    private final TaskRunner tasks;
    private final Duration writeWaitMax;
    private final int readRateMin;

    /** @param tasks watch the readers */
    public BatchResponder(BatchRunner batches, TaskRunner tasks) {
        this(batches, tasks, WRITE_WAIT_MAX, READ_RATE_MIN);
    }

    BatchResponder(BatchRunner batches, TaskRunner tasks, Duration writeWaitMax, int readRateMin) {
        this.batches = batches;
        this.tasks = tasks;
        this.writeWaitMax = writeWaitMax;
        this.readRateMin = readRateMin;
    }

    /**
     * The symbols named in {@code body}, all permitted to {@code caller}.
     *
     * @throws RefusedException {@code MISSING_FIELD}, {@code INVALID_FIELD} or {@code FORBIDDEN}
     */
    public static List<String> symbols(RequestBody body, Caller caller) {
        var symbols = body.texts("symbols", BatchRunner.SYMBOLS_MAX);
        if (symbols.isEmpty()) {
            throw body.has("symbols") ? RequestBody.invalid("symbols", "names none") : RequestBody.missing("symbols");
        }
        symbols.forEach(caller::requireSymbol);
        return symbols;
    }

    /**
     * Answers {@code call} and returns when the last line is written or the reader is gone.
     *
     * @param write writes the value of a symbol into a buffer as one object
     * @throws RefusedException {@code QUOTA_EXCEEDED} while too many batches run
     */
    public <V> void respond(Call call, List<String> symbols, BatchKind<V> kind, BiConsumer<JsonBuffer, V> write) {
        batches.acquireSlot(call.caller()).ifPresent(refusal -> {
            throw new RefusedException(refusal);
        });
        try {
            var lines = new LineWriter<>(call.startLines(WRITE_LIMIT), write);
            try (var _ = tasks.every("batch-reader-watch", CHECK_INTERVAL, () -> checkReader(lines, call.caller()))) {
                lines.stats(batches.run(symbols, kind, lines));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            batches.releaseSlot(call.caller());
        }
    }

    /**
     * Ends a batch whose reader is too slow: it occupies one of few slots. The waiting time is measured by checking
     * repeatedly whether a write waits, not by a clock that can be set or stopped.
     */
    private void checkReader(LineWriter<?> lines, Caller caller) {
        if (!lines.sending || lines.aborted) {
            return;
        }
        lines.waited = lines.waited.plus(CHECK_INTERVAL);
        if (lines.waited.compareTo(writeWaitMax.plusMillis(lines.bytesSent * 1_000 / readRateMin)) > 0) {
            LOG.warn("batch_reader_too_slow by={} bytes={}", caller.name(), lines.bytesSent);
            lines.aborted = true;
            lines.connection.abort();
        }
    }

    private static final class LineWriter<V> implements BatchLines<V> {
        private final EventConnection connection;
        private final BiConsumer<JsonBuffer, V> write;
        /** Written by the batch's thread only. */
        private volatile boolean sending;

        private volatile long bytesSent;
        /** How long writes have waited; both fields are the watch's. */
        private Duration waited = Duration.ZERO;

        private boolean aborted;

        private LineWriter(EventConnection connection, BiConsumer<JsonBuffer, V> write) {
            this.connection = connection;
            this.write = write;
        }

        @Override
        public boolean expected(Expected expected) {
            return send(new BatchExpected(new BatchExpected.Expected(
                    expected.symbols(),
                    expected.cached(),
                    expected.calls(),
                    ApiValues.thousandths(expected.minimumDuration().toMillis()))));
        }

        @Override
        public boolean succeeded(V value) {
            var json = new JsonBuffer(512);
            write.accept(json, value);
            return send(json);
        }

        @Override
        public boolean failed(String symbol, Refusal refusal) {
            return send(new BatchFailure(
                    symbol.length() > 40 ? symbol.substring(0, 40) : symbol,
                    refusal.code().name(),
                    refusal.message(),
                    refusal.code().retryable()));
        }

        void stats(BatchRunner.Stats stats) {
            long millis = Math.max(1, stats.duration().toMillis());
            send(new BatchStats(new BatchStats.Stats(
                    stats.requested(),
                    stats.succeeded(),
                    stats.failed(),
                    stats.duration().toMillis(),
                    (stats.succeeded() + stats.failed()) * 1_000L / millis)));
        }

        private boolean send(Object record) {
            byte[] json = ApiJson.bytes(record);
            return send(new JsonBuffer(json.length + NEW_LINE.length).raw(json));
        }

        private boolean send(JsonBuffer json) {
            json.raw(NEW_LINE);
            sending = true;
            try {
                return connection.send(json.array(), json.length());
            } finally {
                sending = false;
                bytesSent = bytesSent + json.length();
            }
        }
    }
}
