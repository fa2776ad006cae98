package kr.kisgateway.market;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The short code of a Korean instrument (단축코드, KIS {@code PDNO}, {@code MKSC_SHRN_ISCD}): six characters of
 * {@code [0-9A-Z]}, or {@code Q} and six digits for an ETN. A good form says nothing about being listed.
 *
 * @param code the code as the exchange writes it, for example {@code 005930} or {@code 0001A0}
 */
public record Symbol(String code) implements Comparable<Symbol> {
    private static final Pattern FORM = Pattern.compile("[0-9A-Z]{6}|Q[0-9]{6}");

    public Symbol {
        Objects.requireNonNull(code);
        if (!FORM.matcher(code).matches()) {
            throw new IllegalArgumentException("not a symbol: " + code);
        }
    }

    /** The symbol that {@code text} spells, or empty when the form is wrong. Nothing is trimmed or capitalised. */
    public static Optional<Symbol> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new Symbol(text)) : Optional.empty();
    }

    @Override
    public int compareTo(Symbol other) {
        return code.compareTo(other.code);
    }

    @Override
    public String toString() {
        return code;
    }
}
