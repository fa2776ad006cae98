package kr.kisgateway.gateway.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import kr.kisgateway.market.Currency;
import org.jspecify.annotations.Nullable;

/**
 * A growing buffer of JSON text in UTF-8. The caller opens and closes objects and arrays; commas are inserted
 * automatically. One writer, one thread, used once. For quotes from memory, ticks and bars only: they are encoded tens of
 * thousands of times a second, and a general mapper costs more than the HTTP server around it. Everything else is a record of
 * the API.
 */
public final class JsonBuffer {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LONG_MIN = Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;
    private boolean comma;

    public JsonBuffer() {
        this(512);
    }

    /** @param expected expected bytes of the text; more is allowed */
    public JsonBuffer(int expected) {
        bytes = new byte[Math.max(16, expected)];
    }

    public JsonBuffer beginObject() {
        open('{');
        return this;
    }

    public JsonBuffer endObject() {
        close('}');
        return this;
    }

    public JsonBuffer beginArray() {
        open('[');
        return this;
    }

    public JsonBuffer endArray() {
        close(']');
        return this;
    }

    /** A member's name, which must be plain ASCII without quotes or backslashes; its value comes next. */
    public JsonBuffer name(String name) {
        var chars = name.length();
        ensure(chars + 4);
        if (comma) {
            bytes[length++] = ',';
        }
        bytes[length++] = '"';
        for (var i = 0; i < chars; i++) {
            bytes[length++] = (byte) name.charAt(i);
        }
        bytes[length++] = '"';
        bytes[length++] = ':';
        comma = false;
        return this;
    }

    public JsonBuffer field(String name, long value) {
        return name(name).value(value);
    }

    public JsonBuffer field(String name, boolean value) {
        return name(name).value(value);
    }

    public JsonBuffer field(String name, @Nullable String value) {
        return name(name).value(value);
    }

    public JsonBuffer field(String name, @Nullable BigDecimal value) {
        return name(name).value(value);
    }

    /** The whole number, or null when it is absent. */
    public JsonBuffer field(String name, java.util.OptionalLong value) {
        name(name);
        return value.isPresent() ? value(value.getAsLong()) : nullValue();
    }

    /** The text, or null when it is absent. */
    public JsonBuffer field(String name, Optional<String> value) {
        return name(name).value(value.orElse(null));
    }

    /** As {@link #amount(Currency, long)}. */
    public JsonBuffer amount(String name, Currency currency, long units) {
        return name(name).amount(currency, units);
    }

    /** An amount in units of its currency as the API writes it: exact, without trailing zeros. */
    public JsonBuffer amount(Currency currency, long units) {
        return currency.decimals() == 0 ? value(units) : value(ApiValues.amount(currency, units));
    }

    public JsonBuffer fieldNull(String name) {
        return name(name).nullValue();
    }

    /** {@code thousandths} as a decimal without trailing zeros: 1500 is written 1.5. */
    public JsonBuffer fieldThousandths(String name, long thousandths) {
        name(name);
        var integerPart = thousandths / 1000;
        var rest = (int) Math.abs(thousandths % 1000);
        if (thousandths < 0 && integerPart == 0) {
            put('-');
        }
        value(integerPart);
        if (rest > 0) {
            put('.');
            put((char) ('0' + rest / 100));
            if (rest % 100 > 0) {
                put((char) ('0' + rest / 10 % 10));
                if (rest % 10 > 0) {
                    put((char) ('0' + rest % 10));
                }
            }
        }
        return this;
    }

    public JsonBuffer value(long value) {
        separate();
        ensure(20);
        if (value == Long.MIN_VALUE) {
            return raw(LONG_MIN);
        }
        if (value < 0) {
            bytes[length++] = '-';
            value = -value;
        }
        var end = length + digits(value);
        var at = end;
        do {
            var quotient = value / 10;
            bytes[--at] = (byte) ('0' + (value - quotient * 10));
            value = quotient;
        } while (value != 0);
        length = end;
        return this;
    }

    public JsonBuffer value(boolean value) {
        separate();
        return raw(value ? TRUE : FALSE);
    }

    public JsonBuffer value(@Nullable BigDecimal value) {
        if (value == null) {
            return nullValue();
        }
        separate();
        return raw(value.toPlainString().getBytes(StandardCharsets.US_ASCII));
    }

    public JsonBuffer value(@Nullable String value) {
        if (value == null) {
            return nullValue();
        }
        separate();
        put('"');
        var chars = value.length();
        ensure(chars + 1);
        for (var i = 0; i < chars; i++) {
            var c = value.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                escape(c);
            } else if (c < 0x80) {
                put((char) c);
            } else if (Character.isHighSurrogate(c) && i + 1 < chars && Character.isLowSurrogate(value.charAt(i + 1))) {
                utf8(Character.toCodePoint(c, value.charAt(++i)));
            } else {
                // A lone surrogate has no UTF-8 form.
                utf8(Character.isSurrogate(c) ? 0xFFFD : c);
            }
        }
        put('"');
        return this;
    }

    public JsonBuffer nullValue() {
        separate();
        return raw(NULL);
    }

    /** Text that is JSON already, as one value. */
    public JsonBuffer json(byte[] value) {
        separate();
        return raw(value);
    }

    /** Bytes exactly as they are, without a comma before them; the caller ensures valid JSON. */
    public JsonBuffer raw(byte[] text) {
        ensure(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    public int length() {
        return length;
    }

    /** The buffer itself, of which {@link #length()} bytes are text; valid until the next write. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void open(char bracket) {
        separate();
        put(bracket);
        comma = false;
    }

    private void close(char bracket) {
        put(bracket);
        comma = true;
    }

    private void separate() {
        if (comma) {
            put(',');
        }
        comma = true;
    }

    private void escape(char c) {
        put('\\');
        switch (c) {
            case '"', '\\' -> put(c);
            case '\n' -> put('n');
            case '\r' -> put('r');
            case '\t' -> put('t');
            default -> {
                put('u');
                put('0');
                put('0');
                put((char) HEX[c >> 4]);
                put((char) HEX[c & 15]);
            }
        }
    }

    private void utf8(int point) {
        if (point < 0x800) {
            put((char) (0xC0 | point >> 6));
        } else if (point < 0x10000) {
            put((char) (0xE0 | point >> 12));
            put((char) (0x80 | point >> 6 & 0x3F));
        } else {
            put((char) (0xF0 | point >> 18));
            put((char) (0x80 | point >> 12 & 0x3F));
            put((char) (0x80 | point >> 6 & 0x3F));
        }
        put((char) (0x80 | point & 0x3F));
    }

    private void put(char octet) {
        if (length == bytes.length) {
            ensure(1);
        }
        bytes[length++] = (byte) octet;
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    private static int digits(long value) {
        var digits = 1;
        for (var limit = 10L; digits < 19 && value >= limit; limit *= 10) {
            digits++;
        }
        return digits;
    }
}
