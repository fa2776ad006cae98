package kr.kisgateway.gateway.stream;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.api.quote.QuoteMetrics;

/** Counters of the stream since the start. */
public final class StreamCounters {
    final AtomicLong clients = new AtomicLong();
    final LongAdder clientsRefused = new LongAdder();
    final LongAdder offered = new LongAdder();
    final LongAdder conflated = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder upstreamGaps = new LongAdder();
    final LongAdder frames = new LongAdder();
    final LongAdder slowClosed = new LongAdder();
    final LongAdder writeTimeouts = new LongAdder();
    final LongAdder vanished = new LongAdder();
    final LongAdder requestsRefused = new LongAdder();
    final LongAdder replayed = new LongAdder();
    final LongAdder barsRestored = new LongAdder();

    private final StreamMemory memory;
    private final SubscriptionQuota subscriptions;

    StreamCounters(StreamMemory memory, SubscriptionQuota subscriptions) {
        this.memory = memory;
        this.subscriptions = subscriptions;
    }

    /** Connected clients. */
    public long clients() {
        return clients.get();
    }

    /** Messages replaced by a newer one before they were read. */
    public long conflated() {
        return conflated.sum();
    }

    /** Trades that did not fit into a full mailbox. */
    public long gaps() {
        return gaps.sum();
    }

    /** Clients disconnected because orders or executions no longer fit. */
    public long slowClosed() {
        return slowClosed.sum();
    }

    /** Clients dropped because a frame was not read in time. */
    public long writeTimeouts() {
        return writeTimeouts.sum();
    }

    /** Clients dropped because they stopped answering. */
    public long vanished() {
        return vanished.sum();
    }

    /** Requests ignored because their client sent too many. */
    public long requestsRefused() {
        return requestsRefused.sum();
    }

    /** Bytes queued for all clients together. */
    public long memoryBytes() {
        return memory.retainedBytes();
    }

    /** Clients evicted because all clients together had too much queued. */
    public long memoryClosed() {
        return memory.evictedClients();
    }

    /** The counters as {@code /v1/metrics/quote} answers them. */
    public QuoteMetrics.Stream figures() {
        return new QuoteMetrics.Stream(
                clients.get(),
                clientsRefused.sum(),
                offered.sum(),
                frames.sum(),
                conflated.sum(),
                gaps.sum(),
                upstreamGaps.sum(),
                slowClosed.sum(),
                writeTimeouts.sum(),
                vanished.sum(),
                requestsRefused.sum(),
                replayed.sum(),
                barsRestored.sum(),
                subscriptions.taken(),
                memory.retainedBytes(),
                memory.max(),
                memory.evictedClients());
    }
}
