package kr.kisgateway.client.krx;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Symbol;
import tools.jackson.databind.JsonNode;

/**
 * One object of an answer. Every value is a text; {@code -} and the empty text mean none, thousands may be separated by
 * commas. A missing name is an error: a renamed field must not read as "no value".
 */
final class KrxRow {
    /** A field that cannot be read; caught where the answer is read. */
    static final class BadFieldException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadFieldException(String field, String problem) {
            super(field + " " + problem);
        }
    }

    private static final int DIGITS_MAX = 40;

    private final JsonNode object;

    KrxRow(JsonNode object) {
        this.object = object;
    }

    Optional<String> text(String name) {
        JsonNode value = object.get(name);
        if (value == null || !value.isValueNode()) {
            throw new BadFieldException(name, "is missing");
        }
        String text = value.isNull() ? "" : value.asString().strip();
        return text.isEmpty() || text.equals("-") ? Optional.empty() : Optional.of(text);
    }

    String required(String name) {
        return text(name).orElseThrow(() -> new BadFieldException(name, "is empty"));
    }

    Symbol symbol(String name) {
        return Symbol.parse(required(name)).orElseThrow(() -> new BadFieldException(name, "is no short code"));
    }

    Optional<BigDecimal> decimal(String name) {
        return text(name).map(text -> {
            String digits = text.replace(",", "");
            // Digits, sign and point only: an exponent could name a million digits.
            if (digits.length() > DIGITS_MAX
                    || !digits.chars().allMatch(c -> c >= '0' && c <= '9' || "+-.".indexOf(c) >= 0)) {
                throw new BadFieldException(name, "is no number");
            }
            try {
                return new BigDecimal(digits);
            } catch (NumberFormatException _) {
                throw new BadFieldException(name, "is no number");
            }
        });
    }

    OptionalLong wholeNumber(String name) {
        Optional<BigDecimal> value = decimal(name);
        try {
            return value.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(value.get().longValueExact());
        } catch (ArithmeticException _) {
            throw new BadFieldException(name, "is no whole number");
        }
    }

    /** A price; 0 is none. */
    OptionalLong price(String name) {
        OptionalLong value = wholeNumber(name);
        return value.orElse(0) == 0 ? OptionalLong.empty() : value;
    }

    Optional<LocalDate> date(String name) {
        return text(name).map(text -> {
            try {
                if (text.length() != 8) {
                    throw new BadFieldException(name, "is no date");
                }
                return LocalDate.of(
                        Integer.parseInt(text, 0, 4, 10),
                        Integer.parseInt(text, 4, 6, 10),
                        Integer.parseInt(text, 6, 8, 10));
            } catch (NumberFormatException | DateTimeException _) {
                throw new BadFieldException(name, "is no date");
            }
        });
    }

    /** The requested day; figures of another one would be mistaken for it. */
    LocalDate sameDay(String name, LocalDate requestedDay) {
        return date(name)
                .filter(requestedDay::equals)
                .orElseThrow(() -> new BadFieldException(name, "is not the requested day"));
    }
}
