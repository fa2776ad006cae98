package kr.kisgateway.wire.parse;

/**
 * Reads the {@code ^}-separated fields of a payload one after the other, in one pass over the characters.
 *
 * <p>The usual field, plain digits, is read in a tight loop; anything else (a sign, spaces, an empty field) takes the
 * slow path. The first invalid field is recorded in {@link #fault}; reading goes on, so the
 * caller checks once at the end of a record instead of after every field.
 */
final class Fields {
    static final int NO_FAULT = -1;

    /** More digits could exceed the range of a long; no market figure has as many. */
    private static final int MAX_DIGITS = 18;

    private final char[] chars;
    private final int end;

    /** The start of the next field; one past {@link #end} when all have been read. */
    private int at;

    private int fault = NO_FAULT;

    Fields(char[] chars, int from, int end) {
        this.chars = chars;
        this.at = from;
        this.end = end;
    }

    int position() {
        return at;
    }

    /** Whether the last field read ended exactly with the payload. */
    boolean isExhausted() {
        return at == end + 1;
    }

    /** The start of the first bad field, or {@link #NO_FAULT}. */
    int fault() {
        return fault;
    }

    void fail(int position) {
        if (fault == NO_FAULT) {
            fault = Math.min(position, end);
        }
    }

    /** A whole number without sign; 0 when the field is empty. */
    long number() {
        char[] a = chars;
        int i = at;
        int last = end;
        long value = 0;
        while (i < last) {
            int digit = a[i] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
            i++;
        }
        int length = i - at;
        if (length > MAX_DIGITS || length == 0 || (i < last && a[i] != '^')) {
            return parseIrregular(false);
        }
        at = i + 1;
        return value;
    }

    /**
     * The next {@code into.length} fields as whole numbers without sign, 0 where a field is empty. As {@link #number} for
     * each, but the position stays in a register: most of an order book is this.
     */
    void numbers(long[] into) {
        char[] a = chars;
        int i = at;
        int last = end;
        for (int slot = 0; slot < into.length; slot++) {
            int from = i;
            long value = 0;
            int digit = -1;
            while (i < last && (digit = a[i] - '0') >= 0 && digit <= 9) {
                value = value * 10 + digit;
                i++;
            }
            int length = i - from;
            if (length > MAX_DIGITS || length == 0 || (i < last && a[i] != '^')) {
                at = from;
                value = parseIrregular(false);
                i = at - 1;
            }
            into[slot] = value;
            i++;
        }
        at = i;
    }

    /** A required whole number without sign. */
    long required() {
        int from = at;
        long value = number();
        if (value == 0 && blank(from)) {
            fail(from);
        }
        return value;
    }

    /** A whole number with or without sign; 0 when the field is empty. */
    long signed() {
        if (at < end && chars[at] == '-' && at + 1 < end && chars[at + 1] >= '0' && chars[at + 1] <= '9') {
            at++;
            return -number();
        }
        return at < end && chars[at] >= '0' && chars[at] <= '9' ? number() : parseIrregular(true);
    }

    /** A time of day as {@code HHmmss}. */
    int time() {
        int from = at;
        long value = required();
        if (value > 235_959 || value % 10_000 > 5_959 || value % 100 > 59) {
            fail(from);
        }
        return (int) value;
    }

    /** A date as {@code yyyyMMdd}; 0 when the field is empty. */
    int date() {
        int from = at;
        long value = number();
        if (value > 99_991_231) {
            fail(from);
        }
        return (int) value;
    }

    /** The only character of a field, or a space when it has none or several. */
    char code() {
        int from = at;
        skip(1);
        return at - from == 2 ? chars[from] : ' ';
    }

    /** Skips {@code count} fields. */
    void skip(int count) {
        char[] a = chars;
        int i = at;
        int last = end;
        int left = count;
        while (left > 0 && i < last) {
            if (a[i++] == '^') {
                left--;
            }
        }
        // The last field of the payload has no trailing ^; its end counts as one.
        if (left > 0) {
            if (left > 1 || i > last) {
                fail(Math.min(i, last));
            }
            i = last + 1;
        }
        at = i;
    }

    private boolean blank(int from) {
        for (int i = from; i < at - 1; i++) {
            if (chars[i] != ' ') {
                return false;
            }
        }
        return true;
    }

    private long parseIrregular(boolean signAllowed) {
        int from = at;
        if (from > end) {
            fail(end);
            return 0;
        }
        int stop = from;
        while (stop < end && chars[stop] != '^') {
            stop++;
        }
        at = stop + 1;
        int i = from;
        int last = stop;
        while (i < last && chars[i] == ' ') {
            i++;
        }
        while (last > i && chars[last - 1] == ' ') {
            last--;
        }
        if (i == last) {
            return 0;
        }
        boolean negative = chars[i] == '-';
        if (negative || chars[i] == '+') {
            i++;
        }
        while (i < last - 1 && chars[i] == '0') {
            i++;
        }
        if (i == last || last - i > MAX_DIGITS) {
            fail(from);
            return 0;
        }
        long value = 0;
        for (; i < last; i++) {
            int digit = chars[i] - '0';
            if (digit < 0 || digit > 9) {
                fail(from);
                return 0;
            }
            value = value * 10 + digit;
        }
        if (negative && !signAllowed && value != 0) {
            fail(from);
            return 0;
        }
        return negative ? -value : value;
    }
}
