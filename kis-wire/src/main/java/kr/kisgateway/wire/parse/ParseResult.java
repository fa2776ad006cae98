package kr.kisgateway.wire.parse;

import java.util.function.Supplier;

/** An answer parsed into a value, or the field that could not be read. */
public sealed interface ParseResult<T> {
    /** The complete answer was readable. */
    record Ok<T>(T value) implements ParseResult<T> {}

    /** {@code field} was not; {@code message} is the reason, in words. */
    record Bad<T>(String field, String message) implements ParseResult<T> {}

    /** The result of {@code reading}, or the field that failed. */
    static <T> ParseResult<T> of(Supplier<T> reading) {
        try {
            return new Ok<>(reading.get());
        } catch (BadFieldException bad) {
            return new Bad<>(bad.field(), String.valueOf(bad.getMessage()));
        }
    }
}
