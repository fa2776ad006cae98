package kr.kisgateway.gateway.audit;

/** What the gateway reports about itself in rows of the audit. */
public final class AuditReports {
    public static final String STARTED = "gateway started";
    public static final String STOPPED = "gateway stopped";
    /** Rows found no room while the store failed. */
    public static final String ROWS_LOST = "rows lost";
    /** A start found fewer rows than were signed. */
    static final String ROWS_MISSING = "rows missing";
    /** A start found a row that was changed. */
    static final String CHAIN_BROKEN = "chain broken";
    /** A sealed file was removed after its seven years. */
    static final String FILE_REMOVED = "file removed";

    /** Parameter of {@link #STARTED}: how the process before ended, where it did not stop by itself. */
    public static final String AFTER = "after";
    /** Value of {@link #AFTER}. */
    public static final String KILL = "kill";

    private AuditReports() {}
}
