package kr.kisgateway.gateway.meter;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Durations of one kind, counted in buckets from which Prometheus computes percentiles. Recording allocates nothing and takes no
 * lock.
 */
public final class LatencyMeter {
    /** Bounds of the buckets; one more counts what is slower. */
    public enum Buckets {
        /** 100 µs to 5 s: what the gateway answers, from memory or after a call. There are some hundred of these. */
        ANSWERS(100, 250, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 250_000, 1_000_000, 5_000_000),
        /** 5 ms to 10 s: over the network. */
        CALLS(5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000),
        /** 10 µs to 1 s: inside the gateway. */
        HANDOVER(10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000),
        /** 1 s to 60 s: where the sender's clock has whole seconds. */
        SECONDS(1_000_000, 2_000_000, 3_000_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000);

        private final long[] micros;

        Buckets(long... micros) {
            this.micros = micros;
        }

        /** The upper bounds, ascending. */
        List<Duration> bounds() {
            return java.util.Arrays.stream(micros)
                    .mapToObj(bound -> Duration.ofNanos(bound * 1_000))
                    .toList();
        }
    }

    private final Timer timer;

    LatencyMeter(Timer timer) {
        this.timer = timer;
    }

    /** Counts one duration; a negative one, of clocks that differ, counts as zero. */
    public void record(long nanos) {
        timer.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    /** Number of durations since the start. */
    public long count() {
        return timer.count();
    }
}
