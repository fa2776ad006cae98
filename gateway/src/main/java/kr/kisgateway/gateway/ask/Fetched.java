package kr.kisgateway.gateway.ask;

import kr.kisgateway.gateway.error.Refusal;

/** The outcome of asking KIS once. */
public sealed interface Fetched<V> {
    record Got<V>(V value) implements Fetched<V> {}

    /** No answer; the code tells why. */
    record Failed<V>(Refusal refusal) implements Fetched<V> {}
}
