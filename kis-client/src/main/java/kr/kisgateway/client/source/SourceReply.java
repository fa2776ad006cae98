package kr.kisgateway.client.source;

import java.util.function.Function;

/** The outcome of a request to a source. */
public sealed interface SourceReply<T> {
    /** The complete answer. */
    record Ok<T>(T value) implements SourceReply<T> {}

    /** No answer, and why. */
    record Failed<T>(SourceFailure failure) implements SourceReply<T> {}

    /** Applies {@code next} to the answer; a failure is returned unchanged. */
    default <R> SourceReply<R> then(Function<? super T, SourceReply<R>> next) {
        return switch (this) {
            case Ok<T>(T value) -> next.apply(value);
            case Failed<T>(SourceFailure failure) -> new Failed<>(failure);
        };
    }
}
