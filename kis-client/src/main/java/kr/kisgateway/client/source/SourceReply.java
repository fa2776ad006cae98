package kr.kisgateway.client.source;

import java.util.function.Function;

/** The outcome of a question to a source. */
public sealed interface SourceReply<T> {
    /** The whole answer. */
    record Ok<T>(T value) implements SourceReply<T> {}

    /** None, and why. */
    record Failed<T>(SourceFailure failure) implements SourceReply<T> {}

    /** What {@code next} makes of the answer; a failure stays what it is. */
    default <R> SourceReply<R> then(Function<? super T, SourceReply<R>> next) {
        return switch (this) {
            case Ok<T>(T value) -> next.apply(value);
            case Failed<T>(SourceFailure failure) -> new Failed<>(failure);
        };
    }
}
