package kr.kisgateway.gateway.kis.stream;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.meter.LatencyMeter;
import kr.kisgateway.gateway.meter.Meters;

/** Counts of data that the feed could not use. */
final class FeedCounters {
    private static final long SEOUL_SECONDS = 9 * 3_600;
    private static final long DAY_SECONDS = 86_400;
    /** Beyond it the trade is of another day, or the clock is not the exchange's. */
    private static final long LATE_MAX_SECONDS = 3_600;

    final LongAdder badFrames = new LongAdder();
    final LongAdder unregisteredRows = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder missedTrades = new LongAdder();

    final LeastDelay leastDelay = new LeastDelay();

    /** Empty until the meters are registered. */
    private volatile Optional<LatencyMeter> delay = Optional.empty();

    /**
     * A trade of the Korean market was received.
     *
     * @param timeOfDay of the exchange, as HHmmss; 0 when it is not known
     */
    void received(int timeOfDay, long receivedAtMs) {
        var meter = delay;
        if (timeOfDay == 0 || meter.isEmpty()) {
            return;
        }
        long traded = timeOfDay / 10_000 * 3_600L + timeOfDay / 100 % 100 * 60L + timeOfDay % 100;
        long received = Math.floorMod(receivedAtMs / 1_000 + SEOUL_SECONDS, DAY_SECONDS);
        long delay = received - traded;
        if (delay < LATE_MAX_SECONDS) {
            meter.get().record(delay * 1_000_000_000L);
            if (delay > -LATE_MAX_SECONDS) {
                leastDelay.add(delay, receivedAtMs);
            }
        }
    }

    void bindTo(Meters meters) {
        delay = Optional.of(meters.latency(
                "feed.delay",
                "From the exchange's time of a Korean trade until it is received. The time has whole seconds, so a value is"
                        + " up to a second off, and delays below one are one bucket",
                LatencyMeter.Buckets.SECONDS));
        meters.counter("feed.bad.frames", "frames", "Unreadable frames that were skipped", badFrames::sum);
        meters.counter("feed.unregistered.rows", "rows", "Rows of TRs that are not registered", unregisteredRows::sum);
        meters.counter(
                "feed.gaps", "registrations", "Registrations that missed values while the socket was down", gaps::sum);
        meters.counter(
                "feed.missed.trades", "times", "Times that the day's volume showed missing trades", missedTrades::sum);
    }
}
