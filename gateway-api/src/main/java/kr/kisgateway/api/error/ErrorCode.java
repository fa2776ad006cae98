package kr.kisgateway.api.error;

/**
 * Every error code of the gateway's API. {@code status} is the HTTP status, {@code retryable} whether the same
 * request may succeed later unchanged.
 */
public enum ErrorCode {
    // The request itself.
    /** The body is not JSON, repeats a member, or carries NaN. */
    MALFORMED_JSON(400, false),
    /** A required field is absent. */
    MISSING_FIELD(400, false),
    /** A field, path, header or query value has the wrong type, form or range. */
    INVALID_FIELD(400, false),
    /** A field that does not exist. */
    UNKNOWN_FIELD(400, false),
    /** No such path. */
    NOT_FOUND(404, false),
    /** The path exists, the method does not. */
    METHOD_NOT_ALLOWED(405, false),
    /** The body is larger than the gateway accepts. */
    BODY_TOO_LARGE(413, false),
    /** A body that is not {@code application/json}. */
    UNSUPPORTED_MEDIA_TYPE(415, false),
    /** The request came from a page of another site, or for a host name that is not this machine's. */
    ORIGIN_REFUSED(403, false),
    /** The call needs an API key that exists, is valid and is permitted for the caller's address. */
    UNAUTHENTICATED(401, false),
    /** The key's role, accounts or symbols do not allow it. */
    FORBIDDEN(403, false),
    /** Too many wrong keys came from this address. */
    LOCKED_OUT(429, true),
    /** A key has or had this name. */
    KEY_NAME_TAKEN(409, false),
    /** No such key, or it was revoked already. */
    KEY_NOT_FOUND(404, false),
    /** The file of the keys cannot be read or written. */
    KEYS_UNAVAILABLE(503, true),
    /** The operator call came without {@code X-Operator-Token}. */
    OPERATOR_TOKEN_REQUIRED(400, false),
    /** The operator token is wrong. */
    OPERATOR_TOKEN_WRONG(401, false),
    /** Too many simultaneous requests of this client or of all. */
    QUOTA_EXCEEDED(429, true),
    /** A defect of the gateway; the log has the trace id. */
    INTERNAL_ERROR(500, false),

    // Market data.
    /** Not the form of a symbol. */
    INVALID_SYMBOL(400, false),
    /** A valid form that no market lists. */
    SYMBOL_NOT_FOUND(404, false),
    /** KIS refused for its call rate and nothing is cached. */
    REST_RATE_LIMIT_COOLDOWN(503, true),
    /** No source has a value. */
    QUOTE_UNAVAILABLE(503, true),
    /** The source of market data does not provide this, and never will: paper trading lacks rankings, for one. */
    UNSUPPORTED_BY_SOURCE(501, false),
    /** KIS did not answer in time. */
    UPSTREAM_TIMEOUT(504, true),
    /** The call budget cannot serve the request before its deadline; nothing was sent. */
    QUEUE_TIMEOUT(503, true),
    /** All registrations that KIS allows are in use. */
    REGISTRATIONS_FULL(503, true),

    // Bars, history, jobs.
    /** No source has the bars now. */
    BARS_UNAVAILABLE(503, true),
    /** The source needs a key, and none is set. */
    CREDENTIALS_MISSING(503, false),
    /** The source does not accept the configured key, or not for this. */
    CREDENTIALS_REFUSED(503, false),
    /** No such recording, or not one of yours. */
    RECORDING_NOT_FOUND(404, false),
    /** No such job, or it is no longer retained. */
    JOB_NOT_FOUND(404, false),
    /** Jobs cannot be listed now: too many requests, or their file cannot be read in time. */
    JOBS_UNAVAILABLE(503, true),
    // Stream.
    /** The events after this journal cursor are not, or no longer, available completely: start with a snapshot. */
    CURSOR_UNKNOWN(409, false),

    // Portfolio.
    /** No such account alias. */
    ACCOUNT_NOT_FOUND(404, false),
    /** No source of balances is configured. */
    PORTFOLIO_PROVIDER_NOT_CONFIGURED(503, false),
    /** The source of balances does not answer. */
    PORTFOLIO_PROVIDER_UNAVAILABLE(503, true),

    // The contract of an order.
    INVALID_SIDE(400, false),
    INVALID_QTY(400, false),
    INVALID_PRICE(400, false),
    INVALID_ORDER_TYPE(400, false),
    PRICE_REQUIRED_FOR_LIMIT(400, false),
    PRICE_NOT_ALLOWED_FOR_MARKET(400, false),
    IDEMPOTENCY_KEY_REQUIRED(400, false),
    /** The key was used for another order; nothing was done. */
    IDEMPOTENCY_KEY_BODY_MISMATCH(409, false),
    /** The first request with this key is still being decided. */
    IDEMPOTENCY_IN_FLIGHT(409, true),
    ORDER_NOT_FOUND(404, false),
    /** The order's state does not allow the request. */
    INVALID_TRANSITION(400, false),
    /** The order has ended. */
    ORDER_ALREADY_TERMINAL(409, false),

    // Risk: refused before anything was recorded or sent.
    /** The kill switch is on; cancels pass. */
    KILL_SWITCH(400, false),
    /** The gateway accepts no orders ({@code GATEWAY_READ_ONLY}); cancels pass. */
    READ_ONLY(400, false),
    /** Live trading is not allowed, or not for this account. */
    LIVE_DISABLED(400, false),
    /** The account has no recorded dry run, which its first live order needs. */
    DRY_RUN_REQUIRED(400, false),
    /** The day's orders are used up. */
    DAILY_LIMIT_EXCEEDED(400, false),
    /** Too many shares in one order. */
    MAX_QTY_EXCEEDED(400, false),
    /** Too many won in one order, or no price to evaluate it. */
    NOTIONAL_LIMIT_EXCEEDED(400, false),
    /** On a deny list, not on an allow list, halted, under administration or with an exchange warning. */
    SYMBOL_RESTRICTED(400, false),
    /** Outside the day's price limits. */
    PRICE_OUT_OF_LIMITS(400, false),
    /** The price is off the tick table; details name the nearest valid prices. */
    INVALID_TICK_SIZE(400, false),
    /** Too far from the last price. */
    PRICE_COLLAR(400, false),
    /** It could trade with an open order of the same account. */
    SELF_CROSS(400, false),
    /** The exchange accepts no such order now. */
    OUT_OF_TRADING_WINDOW(400, false),
    /** Fewer shares may be sold. */
    INSUFFICIENT_POSITION_QTY(400, false),
    /** The position, the cash or the day's result is unknown, and unknown counts as unsafe. */
    POSITION_PROVIDER_UNAVAILABLE(503, true),
    /** The account would have too much of the symbol. */
    POSITION_LIMIT_EXCEEDED(400, false),
    /** The reported cash, less what earlier orders take, does not cover it. */
    INSUFFICIENT_CASH(400, false),
    /** The account lost too much today; sells pass. */
    DAILY_LOSS_LIMIT(400, false),
    /** Too many orders in the last second. */
    ORDER_RATE_LIMIT(429, true),

    /** The gateway cannot trade now; details name the blockers. Nothing was recorded; cancels still pass. */
    NOT_READY(503, true),
    /** No order of a batch was accepted; details have each one's reason and the old system's code 901. */
    BATCH_FAILED(400, false),

    // How an order ended.
    /** KIS refused the order. */
    BROKER_REJECTED(400, false),
    /** KIS did not accept the order in the allowed number of attempts. */
    RETRY_EXHAUSTED(400, false),
    /** The order's {@code dispatch_by} passed before it was sent. */
    NOT_SENT(400, false),

    /** The journal's disk is nearly full, so no new order is accepted; nothing was recorded, and cancels still pass. */
    DISK_LOW(503, true),
    /** The journal cannot be written: the outcome is unknown, repeat with the same key. */
    JOURNAL_UNAVAILABLE(503, true);

    private final int status;
    private final boolean retryable;

    ErrorCode(int status, boolean retryable) {
        this.status = status;
        this.retryable = retryable;
    }

    /** The HTTP status of an answer with this code. */
    public int status() {
        return status;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
