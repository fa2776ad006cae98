package kr.kisgateway.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A text that must never be printed: app secret, token, approval key, store key. Only {@link #reveal} gives it away. */
public final class Secret {
    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** Wraps {@code text}. */
    public static Secret of(String text) {
        return new Secret(text);
    }

    /** The text itself, for the one place that must send or hash it. */
    public String reveal() {
        return text;
    }

    /** Compares in constant time, so that answering "no" tells nothing about where the difference is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), that.text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same for every secret: a hash of the text would be a leak as soon as it is logged. */
    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "***";
    }
}
