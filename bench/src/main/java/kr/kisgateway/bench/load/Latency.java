package kr.kisgateway.bench.load;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Latencies of one run to three digits, up to a minute. One thread records. */
public final class Latency {
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
    private static final double NANOS_A_MS = 1e6;

    private final Histogram histogram;

    public Latency() {
        this(new Histogram(LONGEST, 3));
    }

    private Latency(Histogram histogram) {
        this.histogram = histogram;
    }

    /** A snapshot of the recorded values. */
    public Latency copy() {
        return new Latency(histogram.copy());
    }

    public void record(long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, LONGEST));
    }

    /** Records the same value several times, such as for the ticks of one frame. */
    void record(long nanos, long times) {
        histogram.recordValueWithCount(Math.clamp(nanos, 0, LONGEST), times);
    }

    public long count() {
        return histogram.getTotalCount();
    }

    /** The {@code percent} percentile in milliseconds. */
    public double ms(double percent) {
        return histogram.getValueAtPercentile(percent) / NANOS_A_MS;
    }

    /** The common percentiles in milliseconds. */
    public SequencedMap<String, Double> percentiles() {
        var all = new LinkedHashMap<String, Double>();
        all.put("p50", ms(50));
        all.put("p90", ms(90));
        all.put("p99", ms(99));
        all.put("p99.9", ms(99.9));
        all.put("max", histogram.getMaxValue() / NANOS_A_MS);
        return all;
    }

    public void reset() {
        histogram.reset();
    }
}
