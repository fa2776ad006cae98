package kr.kisgateway.client.master;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * A code of the broker's, and what it is known to mean.
 *
 * @param code as the file has it
 * @param recognized empty for a code that nobody has explained yet
 */
public record Coded<E extends Enum<E>>(String code, Optional<E> recognized) {
    static <E extends Enum<E>> Coded<E> of(String code, E[] meanings, Function<E, String> codeOf) {
        return new Coded<>(
                code,
                Arrays.stream(meanings)
                        .filter(it -> codeOf.apply(it).equals(code))
                        .findFirst());
    }

    /** Whether it is known to mean {@code meaning}. */
    public boolean is(E meaning) {
        return recognized.filter(it -> it == meaning).isPresent();
    }

    @Override
    public String toString() {
        return recognized.map(it -> it + "(" + code + ")").orElse(code);
    }
}
