package kr.kisgateway.client.krx;

/** The outcome of a request to the exchange. */
public sealed interface KrxReply<T> {
    /** The complete answer; an empty list when the exchange was closed that day or has not published it yet. */
    record Ok<T>(T value) implements KrxReply<T> {}

    /** No usable answer. */
    record Failed<T>(KrxFailure failure) implements KrxReply<T> {}
}
