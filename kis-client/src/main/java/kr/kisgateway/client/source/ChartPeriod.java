package kr.kisgateway.client.source;

/** The length of one bar of a chart. */
public enum ChartPeriod {
    DAY,
    /** Monday to Sunday. */
    WEEK,
    MONTH,
    MINUTE,
    FIVE_MINUTES,
    THIRTY_MINUTES;

    /** Whether a bar covers less than a day. */
    public boolean isIntraday() {
        return switch (this) {
            case DAY, WEEK, MONTH -> false;
            case MINUTE, FIVE_MINUTES, THIRTY_MINUTES -> true;
        };
    }
}
