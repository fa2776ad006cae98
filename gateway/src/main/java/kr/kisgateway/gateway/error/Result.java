package kr.kisgateway.gateway.error;

import java.util.Optional;
import java.util.function.Function;

/**
 * A value, or the refusal that stands in its place. The method that returns one lists the codes of its refusals.
 *
 * @param <V> the value
 */
public sealed interface Result<V> {
    record Success<V>(V value) implements Result<V> {}

    record Refused<V>(Refusal refusal) implements Result<V> {}

    static <V> Result<V> success(V value) {
        return new Success<>(value);
    }

    static <V> Result<V> refused(Refusal refusal) {
        return new Refused<>(refusal);
    }

    /** The result with its value converted; a refusal is unchanged. */
    default <R> Result<R> map(Function<? super V, ? extends R> conversion) {
        return flatMap(value -> new Success<>(conversion.apply(value)));
    }

    /** The result of {@code next} for the value; a refusal is unchanged, and {@code next} is not called. */
    default <R> Result<R> flatMap(Function<? super V, Result<R>> next) {
        return switch (this) {
            case Success<V>(V value) -> next.apply(value);
            case Refused<V>(Refusal refusal) -> new Refused<>(refusal);
        };
    }

    /** The value; empty when it was refused. */
    default Optional<V> toOptional() {
        return switch (this) {
            case Success<V>(V value) -> Optional.of(value);
            case Refused<V> _ -> Optional.empty();
        };
    }

    /**
     * The value.
     *
     * @throws RefusedException with the refusal
     */
    default V orElseThrow() {
        return switch (this) {
            case Success<V>(V value) -> value;
            case Refused<V>(Refusal refusal) -> throw new RefusedException(refusal);
        };
    }
}
