package kr.kisgateway.client.batch;

import java.time.Duration;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Lane;

/**
 * The options of a batch.
 *
 * @param workers queries in flight or waiting for their slot at once, 1 to {@value #WORKERS_MAX}
 * @param tries most attempts of a query after transient failures, in addition to the client's own
 *     retries
 * @param call lane, tenant and timeout of each query
 * @param stop ends the batch early
 * @param listener receives the progress
 */
public record BatchOptions(int workers, int tries, CallOptions call, BatchStop stop, BatchListener listener) {
    /** A query waits for its slot here or in the budget's queue; more would only fill that. */
    public static final int WORKERS_MAX = 200;

    private static final int WORKERS = 40;
    private static final int TRIES = 3;

    public BatchOptions {
        if (workers < 1 || workers > WORKERS_MAX || tries < 1) {
            throw new IllegalArgumentException("workers are 1 to " + WORKERS_MAX + ", tries at least 1");
        }
    }

    /** 40 workers, 3 tries, lane HISTORY as tenant {@code batch} with a timeout of 60 s, no listener. */
    public static BatchOptions standard() {
        return new BatchOptions(
                WORKERS,
                TRIES,
                CallOptions.standard()
                        .withLane(Lane.HISTORY)
                        .withTenant("batch")
                        .withTimeout(Duration.ofSeconds(60)),
                new BatchStop(),
                new BatchListener() {});
    }

    public BatchOptions withWorkers(int other) {
        return new BatchOptions(other, tries, call, stop, listener);
    }

    public BatchOptions withTries(int other) {
        return new BatchOptions(workers, other, call, stop, listener);
    }

    public BatchOptions with(CallOptions other) {
        return new BatchOptions(workers, tries, other, stop, listener);
    }

    /** With {@code other}, which serves one batch. */
    public BatchOptions with(BatchStop other) {
        return new BatchOptions(workers, tries, call, other, listener);
    }

    public BatchOptions with(BatchListener other) {
        return new BatchOptions(workers, tries, call, stop, other);
    }
}
