package kr.kisgateway.bench.load;

/**
 * When requests are meant to go out, in nanoseconds of one clock. An open loop keeps to its schedule whatever the
 * answers do, and a request that had to wait for a connection counts from when it was meant to go: a server that stalls
 * cannot make the generator forget the requests it never sent.
 */
public sealed interface Pace {
    /** No further request will be sent. */
    long OVER = Long.MAX_VALUE;

    /** When the next request is meant to go, given that it is {@code now}; {@link #OVER} when none is. */
    long next(long now);

    /** The next request went. */
    void sent();

    /** {@code perSecond} requests a second for {@code seconds}, beginning at {@code start}. */
    static Pace open(long start, int perSecond, int seconds) {
        return new Open(start, perSecond, (long) perSecond * seconds);
    }

    /** A request whenever a connection is free, until {@code end}. */
    static Pace closed(long end) {
        return new Closed(end);
    }

    /** Each request has its place on the clock, worked out from its number so that no rounding adds up. */
    final class Open implements Pace {
        private static final long SECOND = 1_000_000_000;
        private final long start;
        private final int perSecond;
        private final long total;
        private long sent;

        private Open(long start, int perSecond, long total) {
            this.start = start;
            this.perSecond = perSecond;
            this.total = total;
        }

        @Override
        public long next(long now) {
            return sent == total ? OVER : start + sent / perSecond * SECOND + sent % perSecond * SECOND / perSecond;
        }

        @Override
        public void sent() {
            sent++;
        }
    }

    /** The client that waits for its answer before it asks again. */
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
            // The clock alone ends it.
        }
    }
}
