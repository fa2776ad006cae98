package kr.kisgateway.gateway.kis.stream;

import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.meter.Meters;

/** Counts of data that the feed could not use. */
final class FeedCounters {
    final LongAdder badFrames = new LongAdder();
    final LongAdder unregisteredRows = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder missedTrades = new LongAdder();

    void bindTo(Meters meters) {
        meters.counter("feed.bad.frames", "frames", "Unreadable frames that were skipped", badFrames::sum);
        meters.counter("feed.unregistered.rows", "rows", "Rows of TRs that are not registered", unregisteredRows::sum);
        meters.counter(
                "feed.gaps", "registrations", "Registrations that missed values while the socket was down", gaps::sum);
        meters.counter(
                "feed.missed.trades", "times", "Times that the day's volume showed missing trades", missedTrades::sum);
    }
}
