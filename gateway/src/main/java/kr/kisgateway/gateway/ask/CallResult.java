package kr.kisgateway.gateway.ask;

import kr.kisgateway.gateway.error.Refusal;

/** The outcome of asking KIS once. */
public sealed interface CallResult<V> {
    record Success<V>(V value) implements CallResult<V> {}

    /** No answer; the code tells why. */
    record Failure<V>(Refusal refusal) implements CallResult<V> {}
}
