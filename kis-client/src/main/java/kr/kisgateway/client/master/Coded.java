package kr.kisgateway.client.master;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * A code of the broker with its documented meaning.
 *
 * @param code as the file has it
 * @param recognized empty for an undocumented code
 */
public record Coded<E extends Enum<E>>(String code, Optional<E> recognized) {
    static <E extends Enum<E>> Coded<E> of(String code, E[] meanings, Function<E, String> codeOf) {
        return new Coded<>(
                code,
                Arrays.stream(meanings)
                        .filter(it -> codeOf.apply(it).equals(code))
                        .findFirst());
    }

    /** Whether it means {@code meaning}. */
    public boolean is(E meaning) {
        return recognized.filter(it -> it == meaning).isPresent();
    }

    @Override
    public String toString() {
        return recognized.map(it -> it + "(" + code + ")").orElse(code);
    }
}
