package kr.kisgateway.market;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The short code of a Korean instrument (단축코드, KIS {@code PDNO}, {@code MKSC_SHRN_ISCD}): six characters of {@code
 * [0-9A-Z]}, or {@code Q} and six digits for an ETN. A valid form does not mean that it is listed.
 *
 * @param code the code as the exchange writes it, for example {@code 005930} or {@code 0001A0}
 */
public record Symbol(String code) implements MarketSymbol, Comparable<Symbol> {
    /** @throws InvalidInputException {@code INVALID_SYMBOL} when the form is wrong, with the probably intended code */
    public Symbol {
        Objects.requireNonNull(code);
        if (!isWellFormed(code)) {
            throw invalid(code);
        }
    }

    /** The symbol in {@code text}, or empty when the form is wrong. Nothing is trimmed or capitalised. */
    public static Optional<Symbol> parse(String text) {
        return isWellFormed(text) ? Optional.of(new Symbol(text)) : Optional.empty();
    }

    /**
     * The symbol in {@code text}.
     *
     * @throws InvalidInputException as the constructor
     */
    public static Symbol of(String text) {
        return new Symbol(text);
    }

    /** The Korean ones of {@code symbols}, in their order. */
    public static List<Symbol> among(Collection<? extends MarketSymbol> symbols) {
        return symbols.stream()
                .filter(Symbol.class::isInstance)
                .map(Symbol.class::cast)
                .toList();
    }

    private static InvalidInputException invalid(String text) {
        // Also with a class of shares in KIS's form: BRK/B.
        if (UsSymbol.parse(text.replace('/', '-')).isPresent()) {
            return new InvalidInputException(
                    "INVALID_SYMBOL",
                    text + " is a US stock, and this needs a Korean one (종목코드)",
                    "use the calls for US stocks");
        }
        String form = "a stock has six digits or capitals, such as 005930 or 0001A0, an ETN Q and six digits";
        return new InvalidInputException(
                "INVALID_SYMBOL",
                InvalidInputException.quoted(text) + " is no symbol (종목코드)",
                suggestion(text).map(it -> "did you mean " + it + "? ").orElse("") + form);
    }

    /**
     * The probably intended code, with common errors corrected: leading zeros removed by a spreadsheet, small letters,
     * blanks, a suffix, the A of other vendors.
     */
    public static Optional<String> suggestion(String text) {
        String bare = text.strip().toUpperCase(Locale.ROOT).replaceFirst("\\.[A-Z]{1,4}$", "");
        if (bare.length() == 7 && bare.startsWith("A")) {
            bare = bare.substring(1);
        }
        if (!bare.isEmpty() && bare.length() < 6 && bare.chars().allMatch(c -> c >= '0' && c <= '9')) {
            bare = "0".repeat(6 - bare.length()) + bare;
        }
        return Optional.of(bare).filter(Symbol::isWellFormed);
    }

    @Override
    public Market market() {
        return Market.KOREA;
    }

    @Override
    public int compareTo(Symbol other) {
        return code.compareTo(other.code);
    }

    @Override
    public String toString() {
        return code;
    }

    // Written by hand because symbols are the keys of every hot map, and because the first use of a record's own equals
    // and hashCode generates them at run time, which would delay the start.
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
