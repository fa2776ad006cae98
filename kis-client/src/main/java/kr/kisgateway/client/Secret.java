package kr.kisgateway.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/** A text that must never be printed: app secret, token, approval key, store key. Only {@link #reveal} returns it. */
public final class Secret {
    private static final String BEARER = "Bearer ";
    /** Shorter ones, as in tests, may be part of any word. */
    private static final int REDACTED_LENGTH_MIN = 8;

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /**
     * Wraps {@code text}.
     *
     * @throws NullPointerException without one, as from an environment variable that is not set
     */
    public static Secret of(String text) {
        return new Secret(Objects.requireNonNull(text, "the secret is missing: is its environment variable set?"));
    }

    /** The text itself, for the one place that must send or hash it. */
    public String reveal() {
        return text;
    }

    /** {@code upstreamText} with {@code ***} for each occurrence of this secret; of {@code Bearer …} what follows counts. */
    public String redactIn(String upstreamText) {
        String bare = text.startsWith(BEARER) ? text.substring(BEARER.length()) : text;
        return bare.length() >= REDACTED_LENGTH_MIN && upstreamText.contains(bare)
                ? upstreamText.replace(bare, "***")
                : upstreamText;
    }

    /** Whether {@code candidate} equals the text, in a time that does not depend on where they differ. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
    }

    /** A mismatch does not reveal its position by the time it takes; what a caller sends is for {@link #matches}. */
    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Secret that && text.length() == that.text.length() && matches(that.text);
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
