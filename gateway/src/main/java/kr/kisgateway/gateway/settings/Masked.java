package kr.kisgateway.gateway.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A value that must not be seen: it prints as {@code ***} and is compared in constant time. */
public final class Masked {
    private final String value;

    public Masked(String value) {
        this.value = value;
    }

    /** The value itself, for the one place that needs it. */
    public String reveal() {
        return value;
    }

    /** Whether {@code given} is the value, in a time that does not depend on where they differ. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(bytes(value), bytes(candidate));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Masked masked && matches(masked.value);
    }

    @Override
    public int hashCode() {
        // Equal secrets have equal hashes, and the hash of a secret says nothing of it.
        return 1;
    }

    @Override
    public String toString() {
        return "***";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
