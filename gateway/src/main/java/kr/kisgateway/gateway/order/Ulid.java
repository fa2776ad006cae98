package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.random.RandomGenerator;

/** 26 characters that sort by creation time: 48 bits of milliseconds, 80 random bits, Crockford's base 32. */
public final class Ulid {
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;

    private Ulid() {}

    /** Whether {@code text} is {@code prefix} followed by 26 characters as {@link #create} makes them. */
    public static boolean isValid(String prefix, String text) {
        if (text.length() != prefix.length() + LENGTH || !text.startsWith(prefix)) {
            return false;
        }
        for (int i = prefix.length(); i < text.length(); i++) {
            if (DIGITS.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** {@code prefix} followed by 26 characters created at {@code now}. */
    public static String create(String prefix, Instant now, RandomGenerator random) {
        var text = new StringBuilder(prefix);
        long millis = now.toEpochMilli();
        for (int shift = 45; shift >= 0; shift -= 5) {
            text.append(DIGITS.charAt((int) (millis >>> shift) & 31));
        }
        for (int i = 0; i < 16; i++) {
            text.append(DIGITS.charAt(random.nextInt(32)));
        }
        return text.toString();
    }
}
