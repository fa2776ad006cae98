package kr.kisgateway.gateway.cache;

import kr.kisgateway.gateway.error.Refusal;

/** The outcome of one call to KIS. */
public sealed interface CallResult<V> {
    record Success<V>(V value) implements CallResult<V> {}

    /** No answer; the code gives the reason. */
    record Failure<V>(Refusal refusal) implements CallResult<V> {}
}
