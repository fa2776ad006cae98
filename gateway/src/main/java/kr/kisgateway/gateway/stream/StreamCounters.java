package kr.kisgateway.gateway.stream;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import kr.kisgateway.gateway.meter.LatencyMeter;
import kr.kisgateway.gateway.meter.Meters;

/** What the stream counts since the start. */
final class StreamCounters {
    private static final String CLOSED = "stream.clients.closed";
    private static final String CLOSED_TEXT = "Clients that the gateway disconnected";

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

    private volatile Optional<Delays> delays = Optional.empty();

    private record Delays(LatencyMeter meter, LongSupplier nanos) {}

    /** The time of messages, in nanoseconds of any origin; {@link Long#MAX_VALUE} while delays are not measured. */
    long now() {
        var measured = delays;
        return measured.isPresent() ? measured.get().nanos().getAsLong() : Long.MAX_VALUE;
    }

    /** A frame was taken whose oldest message is of {@code publishedAt}. */
    void delivered(long publishedAt) {
        var measured = delays;
        if (publishedAt != Long.MAX_VALUE && measured.isPresent()) {
            measured.get().meter().record(measured.get().nanos().getAsLong() - publishedAt);
        }
    }

    /** Measures delays from now on, by a clock that never goes back. */
    void measureDelays(Meters meters, LongSupplier nanos) {
        delays = Optional.of(new Delays(
                meters.latency(
                        "stream.delay",
                        "From a value's arrival in the stream until a client's connection has taken it, for the oldest"
                                + " value of each frame",
                        LatencyMeter.Buckets.HANDOVER),
                nanos));
    }

    void bindTo(Meters meters, StreamMemory memory) {
        meters.counter(
                "stream.clients.refused", "clients", "Clients refused at a limit of connections", clientsRefused::sum);
        meters.counter(
                "stream.messages", "messages", "Market-data messages offered to clients' mailboxes", offered::sum);
        meters.counter("stream.frames", "frames", "Frames written", frames::sum);
        meters.counter(
                "stream.conflated",
                "messages",
                "Messages replaced by a newer one before they were read",
                conflated::sum);
        meters.counter("stream.gaps", "trades", "Trades that a full mailbox discarded", gaps::sum);
        meters.counter(
                "stream.upstream.gaps",
                "gaps",
                "Gaps between broker and gateway, one for each topic",
                upstreamGaps::sum);
        // Orders or executions no longer fit.
        meters.counter(CLOSED, "clients", CLOSED_TEXT, slowClosed::sum, "reason", "slow");
        // A frame was not read in time.
        meters.counter(CLOSED, "clients", CLOSED_TEXT, writeTimeouts::sum, "reason", "write_timeout");
        // No answer to a ping.
        meters.counter(CLOSED, "clients", CLOSED_TEXT, vanished::sum, "reason", "vanished");
        meters.counter(
                "stream.requests.refused", "requests", "Requests of clients that sent too many", requestsRefused::sum);
        meters.counter("stream.replayed", "messages", "Messages replayed to clients that resumed", replayed::sum);
        meters.counter(
                "stream.bars.restored", "times", "Times that the broker's minutes replaced trades", barsRestored::sum);
        meters.gauge("stream.memory", "bytes", "Bytes queued for all clients", memory::retainedBytes);
        meters.gauge("stream.memory.limit", "bytes", "Bytes beyond which clients are closed", memory::max);
        meters.counter(CLOSED, "clients", CLOSED_TEXT, memory::evictedClients, "reason", "memory");
    }
}
