package kr.kisgateway.gateway.trace;

/** What became of the spans since the start. */
public interface SpanCounts {
    /** Spans that may wait to be sent; some eight megabytes. */
    int QUEUE_CAPACITY = 8_192;

    /** Where nothing is recorded. */
    SpanCounts NONE = new SpanCounts() {
        @Override
        public long waiting() {
            return 0;
        }

        @Override
        public long exported() {
            return 0;
        }

        @Override
        public long failed() {
            return 0;
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public long overLimit() {
            return 0;
        }
    };

    /** Spans that wait to be sent now. */
    long waiting();

    /** Spans that the collector took. */
    long exported();

    /** Spans that it did not take. */
    long failed();

    /** Spans that found the queue full, or the program at its end. */
    long dropped();

    /** Spans beyond those of one trace. */
    long overLimit();
}
