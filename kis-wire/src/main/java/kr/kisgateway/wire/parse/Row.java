package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import kr.kisgateway.market.Symbol;
import tools.jackson.databind.JsonNode;

/**
 * One object of an answer, its keys in any case (KIS itself mixes them, {@code excg_id_dvsn_Cd}), its values trimmed.
 * KIS writes {@code ""} for absent, and both end here: the plain readers require a value, the {@code …Or} readers
 * take a substitute for one that is absent or blank. A value of the wrong form is a {@link BadFieldException},
 * which names the field.
 */
public final class Row {
    private static final int LONGEST_NUMBER = 40;
    private static final Pattern LEDGER_CODE = Pattern.compile("^0+A?(Q\\d{6}|[0-9A-Z]{6})$");
    private static final Pattern DAY = Pattern.compile("[0-9]{8}");
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3])([0-5][0-9]){2}");
    private static final Pattern ZEROS = Pattern.compile("0+");

    private final JsonNode object;

    Row(JsonNode object) {
        this.object = object;
    }

    /** The text of {@code name}; blank is allowed, absent is not. */
    public String text(String name) {
        return Json.text(object, name).orElseThrow(() -> BadFieldException.missing(name));
    }

    /** The text of {@code name}, or {@code substitute} when it is absent or blank. */
    public String textOr(String name, String substitute) {
        return value(name).orElse(substitute);
    }

    /** Whole won, signed: {@code "71500"}, {@code "71500.0000"}, {@code "-2400"}; {@code "71500.5"} is bad. */
    public long won(String name) {
        return wholeNumber(name, requiredText(name));
    }

    /** As {@link #won}, or {@code substitute} when absent or blank. */
    public long wonOr(String name, long substitute) {
        return value(name).map(text -> wholeNumber(name, text)).orElse(substitute);
    }

    /** A number of shares, 0 or more. */
    public long shares(String name) {
        return notNegative(name, requiredText(name));
    }

    /** As {@link #shares}, or {@code substitute} when absent or blank. */
    public long sharesOr(String name, long substitute) {
        return value(name).map(text -> notNegative(name, text)).orElse(substitute);
    }

    /** An order number, compared as an integer because its padding differs between answers; above 0. */
    public long orderNumber(String name) {
        String text = requiredText(name);
        long number = notNegative(name, text);
        if (number == 0) {
            throw new BadFieldException(name, text);
        }
        return number;
    }

    /** A decimal with the scale KIS wrote. */
    public BigDecimal decimal(String name) {
        return decimal(name, requiredText(name));
    }

    /** As {@link #decimal(String)}, or {@code substitute} when absent or blank. */
    public BigDecimal decimalOr(String name, BigDecimal substitute) {
        return value(name).map(text -> decimal(name, text)).orElse(substitute);
    }

    /** As {@link #won}; empty when absent or blank. */
    public OptionalLong wonIfAny(String name) {
        Optional<String> text = value(name);
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(wholeNumber(name, text.get()));
    }

    /** As {@link #decimal(String)}; empty when absent or blank. */
    public Optional<BigDecimal> decimalIfAny(String name) {
        return value(name).map(text -> decimal(name, text));
    }

    /**
     * Whole won of a change (대비), 0 when absent or blank. KIS writes the sign into the value, into a code beside it, or into
     * both; a minus in the value counts, and so do the codes 4 (하한) and 5 (하락).
     *
     * @param sign the column of the code, {@code prdy_vrss_sign}
     */
    public long changeInWon(String name, String sign) {
        long change = wonOr(name, 0);
        return change > 0 && isFalling(sign) ? -change : change;
    }

    /** As {@link #changeInWon}, with decimals. */
    public BigDecimal change(String name, String sign) {
        BigDecimal change = decimalOr(name, BigDecimal.ZERO);
        return change.signum() > 0 && isFalling(sign) ? change.negate() : change;
    }

    /** A day written as {@code yyyyMMdd}. */
    public LocalDate date(String name) {
        return date(name, requiredText(name));
    }

    /** As {@link #date(String)}; empty when absent, blank or only zeros, KIS's form of no date. */
    public Optional<LocalDate> dateIfAny(String name) {
        return value(name).filter(text -> !ZEROS.matcher(text).matches()).map(text -> date(name, text));
    }

    /** A time of day written as {@code HHmmss}. */
    public LocalTime time(String name) {
        return time(name, requiredText(name));
    }

    /** As {@link #time(String)}; empty when absent or blank. */
    public Optional<LocalTime> timeIfAny(String name) {
        return value(name).map(text -> time(name, text));
    }

    /** Whether {@code name} is {@code Y}; absent and blank count as no. */
    public boolean flag(String name) {
        return value(name).filter("Y"::equals).isPresent();
    }

    /** Whether {@code name} has a non-blank text. */
    public boolean has(String name) {
        return value(name).isPresent();
    }

    /**
     * The symbol of {@code name}. The ledger sometimes writes it in 12 characters, zeros and the letter {@code A} in front;
     * other prefixes are not cut off, because an ISIN ends in digits that look like a symbol.
     */
    public Symbol symbol(String name) {
        String text = requiredText(name);
        return Symbol.parse(text)
                .or(() ->
                        LEDGER_CODE.matcher(text).results().findFirst().flatMap(found -> Symbol.parse(found.group(1))))
                .orElseThrow(() -> new BadFieldException(name, text));
    }

    @Override
    public String toString() {
        return "Row[" + object.size() + " fields]"; // not the values: they may be about an account
    }

    private boolean isFalling(String sign) {
        String code = textOr(sign, "");
        return code.equals("4") || code.equals("5");
    }

    static LocalDate date(String name, String text) {
        if (!DAY.matcher(text).matches()) {
            throw new BadFieldException(name, text);
        }
        try {
            return LocalDate.of(number(text, 0, 4), number(text, 4, 6), number(text, 6, 8));
        } catch (DateTimeException noDay) {
            throw new BadFieldException(name, text);
        }
    }

    static LocalTime time(String name, String text) {
        if (!TIME.matcher(text).matches()) {
            throw new BadFieldException(name, text);
        }
        return LocalTime.of(number(text, 0, 2), number(text, 2, 4), number(text, 4, 6));
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private Optional<String> value(String name) {
        return Json.text(object, name).filter(text -> !text.isEmpty());
    }

    private String requiredText(String name) {
        return value(name).orElseThrow(() -> BadFieldException.missing(name));
    }

    static long notNegative(String name, String text) {
        long number = wholeNumber(name, text);
        if (number < 0) {
            throw new BadFieldException(name, text);
        }
        return number;
    }

    static long wholeNumber(String name, String text) {
        try {
            return decimal(name, text).longValueExact();
        } catch (ArithmeticException notWhole) {
            throw new BadFieldException(name, text);
        }
    }

    /** Plain digits only: an exponent such as {@code 1E999999999} would be a number too, and exhaust the memory. */
    static BigDecimal decimal(String name, String text) {
        if (text.length() > LONGEST_NUMBER) {
            throw new BadFieldException(name, text);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '+' && c != '-' && c != '.') {
                throw new BadFieldException(name, text);
            }
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException noNumber) {
            throw new BadFieldException(name, text);
        }
    }
}
