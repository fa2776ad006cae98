package kr.kisgateway.wire.parse;

import java.util.function.Supplier;

/** An answer read into a value, or the field that could not be read. */
public sealed interface ParseResult<T> {
    /** The whole answer made sense. */
    record Ok<T>(T value) implements ParseResult<T> {}

    /** {@code field} did not; {@code message} says why, in words. */
    record Bad<T>(String field, String message) implements ParseResult<T> {}

    /** What {@code reading} returns, or the field it stumbled over. */
    static <T> ParseResult<T> of(Supplier<T> reading) {
        try {
            return new Ok<>(reading.get());
        } catch (BadFieldException bad) {
            return new Bad<>(bad.field(), String.valueOf(bad.getMessage()));
        }
    }
}
