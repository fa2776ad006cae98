package kr.kisgateway.gateway.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of a key's secret. The secret has 256 random bits, so the hash cannot be reversed by guessing, and a slow
 * hash would only delay the gateway.
 */
public final class SecretHash {
    private static final HexFormat HEX = HexFormat.of();
    private static final int FINGERPRINT_LENGTH = 16;

    private final byte[] bytes;

    private SecretHash(byte[] bytes) {
        this.bytes = bytes;
    }

    public static SecretHash of(String secret) {
        try {
            return new SecretHash(
                    MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** @throws IllegalArgumentException when it is not hexadecimal */
    public static SecretHash ofHex(String hex) {
        return new SecretHash(HEX.parseHex(hex));
    }

    /** For storage. */
    public String hex() {
        return HEX.formatHex(bytes);
    }

    /** Distinguishes this secret from another of the same key without revealing it. */
    String fingerprint() {
        return hex().substring(0, FINGERPRINT_LENGTH);
    }

    /** Compares in constant time. */
    boolean matches(SecretHash other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretHash hash && matches(hash);
    }

    @Override
    public int hashCode() {
        // Equal hashes have equal codes, and the code must not reveal the hash.
        return 1;
    }

    @Override
    public String toString() {
        return "***";
    }
}
