package kr.kisgateway.client;

/** The outcome of a query to KIS. */
public sealed interface KisReply<T> {
    /** The complete answer. */
    record Ok<T>(T value) implements KisReply<T> {}

    /** No usable answer; nothing changed at KIS. */
    record Failed<T>(KisFailure failure) implements KisReply<T> {}
}
