package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** 26 characters that sort by creation time: 48 bits of milliseconds, 80 random bits, Crockford's base 32. */
public final class Ulid {
    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

    private Ulid() {}

    /** The form of {@code prefix} followed by 26 characters. */
    public static Pattern form(String prefix) {
        return Pattern.compile(Pattern.quote(prefix) + "[0-9A-HJKMNP-TV-Z]{26}");
    }

    /** {@code prefix} followed by 26 characters created at {@code now}. */
    public static String create(String prefix, Instant now, RandomGenerator random) {
        var text = new StringBuilder(prefix);
        long millis = now.toEpochMilli();
        for (int shift = 45; shift >= 0; shift -= 5) {
            text.append(DIGITS[(int) (millis >>> shift) & 31]);
        }
        for (int i = 0; i < 16; i++) {
            text.append(DIGITS[random.nextInt(32)]);
        }
        return text.toString();
    }
}
