package kr.kisgateway.bench.soak;

/** What is counted of a gateway each hour, and how much more of it a day may bring. */
public enum SoakFigure {
    /** Live objects after two collections. */
    HEAP("heap", "MB", 1.0, true),
    /** Buffers outside the heap. */
    DIRECT("direct", "MB", 0.5, true),
    /** Classes, compiled code and what else the JVM keeps beside the heap; the compiler goes on for days, up to its cache's size. */
    NON_HEAP("non_heap", "MB", 5.0, false),
    /** Platform threads. */
    THREADS("threads", "threads", 1.0, true),
    /** Open files and sockets of the process. */
    DESCRIPTORS("descriptors", "descriptors", 1.0, true),
    /** Files of the data folder. */
    FILES("files", "files", 10.0, true),
    /** From an order's scheduled time to its answer. */
    ACCEPT_P50("accept_p50", "ms", 0.5, false),
    ACCEPT_P99("accept_p99", "ms", 5.0, true),
    /** The same of quotes. */
    QUOTE_P50("quote_p50", "ms", 0.5, false),
    QUOTE_P99("quote_p99", "ms", 5.0, true),
    /** From a tick's stamp to its reader, in real time. */
    LAG_P50("lag_p50", "ms", 0.5, false),
    LAG_P99("lag_p99", "ms", 5.0, true);

    /**
     * The largest noise in times of the limit: a growth of three limits of a count, and of six of a delay, is certainly found. Planted leaks are
     * ten to thirty limits.
     */
    private static final int COUNT_NOISE = 2;

    private static final int DELAY_NOISE = 5;

    private final String label;
    private final String unit;
    private final double limit;
    private final boolean planted;

    SoakFigure(String label, String unit, double limit, boolean planted) {
        this.label = label;
        this.unit = unit;
        this.limit = limit;
        this.planted = planted;
    }

    /** Such as {@code heap}. */
    public String label() {
        return label;
    }

    public String unit() {
        return unit;
    }

    /** The largest growth a day of the gateway's clock. */
    public double limit() {
        return limit;
    }

    /** The largest noise a day with which a run can be judged; a count at one moment has less than a delay. */
    public double noiseLimit() {
        return limit * (unit.equals("ms") ? DELAY_NOISE : COUNT_NOISE);
    }

    /** Whether it grows when leaks are planted. */
    public boolean isPlanted() {
        return planted;
    }
}
