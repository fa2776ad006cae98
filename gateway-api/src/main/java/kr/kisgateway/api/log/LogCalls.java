package kr.kisgateway.api.log;

import kr.kisgateway.api.call.ApiCall;

/** The calls about the log (operator). */
public final class LogCalls {
    private static final String LEVELS = "/v1/log/levels";

    private LogCalls() {}

    /** The streams and their levels. */
    public static ApiCall<LogLevels> levels() {
        return ApiCall.get(LEVELS, LogLevels.class).forOperator();
    }

    /** Sets the level of a stream for a limited time, or ends that. */
    public static ApiCall<LogStreamLevel> setLevel(LogLevelRequest request) {
        return ApiCall.of(ApiCall.Method.PUT, LEVELS, request, LogStreamLevel.class);
    }
}
