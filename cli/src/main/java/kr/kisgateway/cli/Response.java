package kr.kisgateway.cli;

import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.gatewayclient.ApiResult;
import kr.kisgateway.gatewayclient.Received;

/** Result of a call to the gateway. */
sealed interface Response<A> {
    /** The gateway did what was requested. */
    record Done<A>(A answer, Received received, boolean isReplay) implements Response<A> {}

    /** The gateway refused and gave the reason. */
    record Refused<A>(ApiError error, Received received) implements Response<A> {}

    /**
     * No gateway answered.
     *
     * @param mayHaveArrived whether the gateway may have received the request nevertheless
     */
    record NoAnswer<A>(String reason, boolean mayHaveArrived) implements Response<A> {}

    /** The gateway's answer. */
    static <A> Response<A> of(ApiResult<A> result) {
        return switch (result) {
            case ApiResult.Done<A>(A answer, Received received) -> new Done<>(answer, received, result.isReplay());
            case ApiResult.Refused<A>(ApiError error, Received received) -> new Refused<>(error, received);
        };
    }
}
