package kr.kisgateway.market;

import java.util.Objects;
import java.util.Optional;

/**
 * The short code of a Korean instrument (단축코드, KIS {@code PDNO}, {@code MKSC_SHRN_ISCD}): six characters of
 * {@code [0-9A-Z]}, or {@code Q} and six digits for an ETN. A good form says nothing about being listed.
 *
 * @param code the code as the exchange writes it, for example {@code 005930} or {@code 0001A0}
 */
public record Symbol(String code) implements Comparable<Symbol> {
    public Symbol {
        Objects.requireNonNull(code);
        if (!isWellFormed(code)) {
            throw new IllegalArgumentException("not a symbol: " + code);
        }
    }

    /** The symbol that {@code text} spells, or empty when the form is wrong. Nothing is trimmed or capitalised. */
    public static Optional<Symbol> parse(String text) {
        return isWellFormed(text) ? Optional.of(new Symbol(text)) : Optional.empty();
    }

    @Override
    public int compareTo(Symbol other) {
        return code.compareTo(other.code);
    }

    @Override
    public String toString() {
        return code;
    }

    // Written out because symbols are the keys of every hot map, and because the first use of a record's own
    // equals and hashCode builds them at run time, which the start of the program would wait for.
    @Override
    public boolean equals(Object other) {
        return other instanceof Symbol symbol && code.equals(symbol.code);
    }

    @Override
    public int hashCode() {
        return code.hashCode();
    }

    /** {@code [0-9A-Z]{6}|Q[0-9]{6}}, by hand for the same reasons. */
    private static boolean isWellFormed(String text) {
        boolean etn = text.length() == 7 && text.charAt(0) == 'Q';
        if (text.length() != 6 && !etn) {
            return false;
        }
        for (int i = etn ? 1 : 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || !etn && c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return true;
    }
}
