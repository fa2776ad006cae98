package kr.kisgateway.gatewayclient;

import kr.kisgateway.api.error.ApiError;

/** What the gateway answered to a call: it did it, or refused. */
public sealed interface ApiResult<A> {

    /** The answer as it was received, with status and headers. */
    Received received();

    /**
     * The answer; for programs that end when something is refused.
     *
     * @throws RefusedException when the call was refused
     */
    A orElseThrow();

    /** Whether this is the stored answer of an earlier call with the same idempotency key. */
    default boolean isReplay() {
        return received().header("Idempotent-Replay").isPresent();
    }

    /** The gateway did what was requested. */
    record Done<A>(A answer, Received received) implements ApiResult<A> {
        @Override
        public A orElseThrow() {
            return answer;
        }
    }

    /** The gateway refused; the error has the reason. */
    record Refused<A>(ApiError error, Received received) implements ApiResult<A> {
        @Override
        public A orElseThrow() {
            throw new RefusedException(error);
        }
    }
}
