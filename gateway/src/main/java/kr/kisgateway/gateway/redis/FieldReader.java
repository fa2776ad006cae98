package kr.kisgateway.gateway.redis;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import kr.kisgateway.market.Symbol;

/** Reads the output of {@link FieldWriter}, field by field in the same order. */
final class FieldReader {
    /** More than any list has: a page of bars, the minutes of a day. */
    private static final int ITEMS_MAX = 10_000;

    /** More digits than any price, rate or sum has. */
    private static final int DIGITS_MAX = 40;

    private final String[] fields;
    private int next;

    FieldReader(String line) {
        this.fields = line.split("\\|", -1);
    }

    String text() {
        if (isAtEnd()) {
            throw new IllegalArgumentException("a field is missing");
        }
        return unescaped(fields[next++]);
    }

    private static String unescaped(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        var text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char character = field.charAt(i);
            if (character == '\\' && ++i < field.length()) {
                text.append(field.charAt(i) == 'p' ? '|' : '\\');
            } else {
                text.append(character);
            }
        }
        return text.toString();
    }

    boolean isAtEnd() {
        return next == fields.length;
    }

    long number() {
        return Long.parseLong(text());
    }

    int integer() {
        return Math.toIntExact(number());
    }

    OptionalLong optionalNumber() {
        String text = text();
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    BigDecimal decimal() {
        return decimal(text());
    }

    /** Otherwise a writer to Redis could put a gigabyte of zeros into an answer by {@code 1E999999999}. */
    private static BigDecimal decimal(String text) {
        if (text.length() > DIGITS_MAX) {
            throw new IllegalArgumentException("too many digits");
        }
        var value = new BigDecimal(text);
        if (Math.abs((long) value.scale()) > DIGITS_MAX) {
            throw new IllegalArgumentException("too large or too small");
        }
        return value;
    }

    Optional<BigDecimal> optionalDecimal() {
        String text = text();
        return text.isEmpty() ? Optional.empty() : Optional.of(decimal(text));
    }

    boolean flag() {
        return switch (text()) {
            case "1" -> true;
            case "0" -> false;
            default -> throw new IllegalArgumentException("neither 0 nor 1");
        };
    }

    LocalDate date() {
        return LocalDate.ofEpochDay(number());
    }

    LocalDateTime time() {
        return LocalDateTime.ofEpochSecond(number(), 0, ZoneOffset.UTC);
    }

    Symbol symbol() {
        return new Symbol(text());
    }

    <T> List<T> list(Function<FieldReader, T> each) {
        int count = integer();
        if (count < 0 || count > ITEMS_MAX) {
            throw new IllegalArgumentException("too many");
        }
        var items = new ArrayList<T>(count);
        for (int i = 0; i < count; i++) {
            items.add(each.apply(this));
        }
        return List.copyOf(items);
    }

    <T> Optional<T> optional(Function<FieldReader, T> reader) {
        return flag() ? Optional.of(reader.apply(this)) : Optional.empty();
    }
}
