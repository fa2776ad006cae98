package kr.kisgateway.client;

import java.util.function.Function;

/** The outcome of a query to KIS. */
public sealed interface KisReply<T> {
    /** The complete answer. */
    record Ok<T>(T value) implements KisReply<T> {}

    /** No usable answer; nothing changed at KIS. */
    record Failed<T>(KisFailure failure) implements KisReply<T> {}

    /** The outcome with the answer converted by {@code conversion}. */
    default <R> KisReply<R> map(Function<T, R> conversion) {
        return switch (this) {
            case Ok<T>(T value) -> new Ok<>(conversion.apply(value));
            case Failed<T>(KisFailure failure) -> new Failed<>(failure);
        };
    }
}
