package kr.kisgateway.api.session;

import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;

/** The calls about the session at KIS. */
public final class SessionCalls {
    private SessionCalls() {}

    /** The state of the session at KIS. */
    public static ApiCall<SessionStatus> status() {
        return ApiCall.get("/v1/session/status", SessionStatus.class);
    }

    /**
     * What KIS pushes and what is polled, and why.
     *
     * @param symbol only the demands of this symbol
     * @param limit at most so many demands; without one 1,000
     */
    public static ApiCall<SessionPool> pool(Optional<String> symbol, OptionalInt limit) {
        return ApiCall.get(
                new ApiCall.Path("/v1/session/pool")
                        .with("symbol", symbol)
                        .with("limit", limit)
                        .toString(),
                SessionPool.class);
    }

    /** The gateways that share a database, and which of them owns the accounts. */
    public static ApiCall<ClusterStatus> cluster() {
        return ApiCall.get("/v1/cluster", ClusterStatus.class);
    }

    /** Times without pushed values (operator). */
    public static ApiCall<FeedGaps> gaps() {
        return ApiCall.get("/v1/session/gaps", FeedGaps.class).forOperator();
    }

    /** Whether the gateway can trade, and what blocks it. */
    public static ApiCall<LiveReadiness> liveReadiness() {
        return ApiCall.get("/v1/session/live-readiness", LiveReadiness.class);
    }

    /** Closes the socket to KIS and opens it again (operator). */
    public static ApiCall<ReconnectAnswer> reconnect() {
        return ApiCall.of(Method.POST, "/v1/session/reconnect", ReconnectAnswer.class);
    }
}
