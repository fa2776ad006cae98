package kr.kisgateway.gateway.trace;

/** The attributes of spans. */
public enum SpanAttribute {
    METHOD("http.request.method"),
    /** The route with its parameters' names, not the path. */
    ROUTE("http.route"),
    STATUS("http.response.status_code"),
    /** Name of the caller's API key. */
    CALLER("gateway.caller"),
    /** The trace id that the caller chose, where it is no W3C trace id. */
    CALLERS_TRACE_ID("gateway.trace_id"),
    /** Code of a refusal or failure. */
    CODE("gateway.code"),
    ORDER("order.id"),
    /** Events of an order, by their type. */
    EVENTS("journal.events"),
    /** Events of all orders in the same commit. */
    COMMIT_EVENTS("journal.commit_events"),
    /** Lane of the call budget. */
    LANE("budget.lane"),
    /** Whether the budget had a slot in time. */
    GRANTED("budget.granted"),
    TR_ID("kis.tr_id"),
    RT_CD("kis.rt_cd"),
    MSG_CD("kis.msg_cd"),
    RESULT("kis.result"),
    PATH("url.path"),
    /** Two digits of the account number. */
    ACCOUNT("kis.account"),
    /** What an execution notice reports. */
    NOTICE("kis.notice"),
    /** Name of a cache. */
    CACHE("cache.name"),
    /** {@code call} of the caller that makes the request, {@code joined} of those that wait for its answer. */
    ROLE("cache.role"),
    /** Trace id of the request whose call is joined. */
    JOINED("cache.joined_trace_id"),
    CHANNEL("stream.channel");

    private final String wireName;

    SpanAttribute(String wireName) {
        this.wireName = wireName;
    }

    /** The name in a collector. */
    public String wireName() {
        return wireName;
    }
}
