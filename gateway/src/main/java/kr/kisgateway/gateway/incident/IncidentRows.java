package kr.kisgateway.gateway.incident;

/** What the rows of the audit are called that an incident report reads, and their fields. */
final class IncidentRows {
    static final String ALERT_RAISED = "alert raised";
    static final String ALERT_SETTLED = "alert settled";
    /** The first call without a usable answer after a minute without one. */
    static final String BROKER_FAILING = "broker failing";
    /** Calls of a minute that were not done, by code. */
    static final String BROKER_ERRORS = "broker errors";

    static final String SESSION_OPEN = "session open";
    static final String SESSION_LOST = "session lost";
    static final String BREAKER = "breaker";
    /** Prices were not the pushed ones; the first of a minute by itself, the others summed. */
    static final String FALLBACK_USED = "fallback used";

    static final String NOTICE_DELIVERED = "notice delivered";
    /** What found no room on its way to the audit. */
    static final String RECORDS_LOST = "incident records lost";

    static final String LEVEL = "level";
    static final String EVENT = "event";
    static final String SUBJECT = "subject";
    static final String ORDER = "order";
    static final String BY = "by";
    static final String TEXT = "text";
    static final String CALL = "call";
    static final String CODE = "code";
    static final String RESULT = "result";
    static final String APP_KEY = "app_key";
    static final String CAUSE = "cause";
    static final String CALLS = "calls";
    static final String STATE = "state";
    static final String CHANNEL = "channel";
    static final String KIND = "kind";
    /** Present in a row of several occurrences, whose differences are not recorded. */
    static final String SUMMED = "summed";

    private IncidentRows() {}
}
