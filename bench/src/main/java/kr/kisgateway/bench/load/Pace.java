package kr.kisgateway.bench.load;

/**
 * The schedule of requests, in nanoseconds of one clock. An open loop follows its schedule regardless of the answers,
 * and a request that had to wait for a connection counts from its scheduled time: a server that stalls cannot hide the
 * requests that were never sent.
 */
public sealed interface Pace {
    /** Nanoseconds. */
    long SECOND = 1_000_000_000;

    /** No further request will be sent. */
    long OVER = Long.MAX_VALUE;

    /** Scheduled time of the next request, given that it is {@code now}; {@link #OVER} when there is none. */
    long next(long now);

    /** Records that the next request was sent. */
    void sent();

    /** {@code perSecond} requests per second for {@code seconds}, beginning at {@code start}. */
    static Pace open(long start, int perSecond, int seconds) {
        return new Open(start, perSecond, SECOND, (long) perSecond * seconds);
    }

    /** {@code count} requests in equal distances over {@code seconds}, beginning at {@code start}. */
    static Pace even(long start, int count, int seconds) {
        return new Open(start, count, seconds * SECOND, count);
    }

    /** A request whenever a connection is free, until {@code end}. */
    static Pace closed(long end) {
        return new Closed(end);
    }

    /** Each request's time is calculated from its number so that rounding errors do not add up. */
    final class Open implements Pace {
        private final long start;
        private final int count;
        private final long period;
        private final long total;
        private long sent;

        /** @param count requests in each {@code period} */
        private Open(long start, int count, long period, long total) {
            this.start = start;
            this.count = count;
            this.period = period;
            this.total = total;
        }

        @Override
        public long next(long now) {
            return sent == total ? OVER : start + sent / count * period + sent % count * period / count;
        }

        @Override
        public void sent() {
            sent++;
        }
    }

    /** A client that waits for its answer before its next request. */
    final class Closed implements Pace {
        private final long end;

        private Closed(long end) {
            this.end = end;
        }

        @Override
        public long next(long now) {
            return now < end ? now : OVER;
        }

        @Override
        public void sent() {
            // Only the clock ends it.
        }
    }
}
