package kr.kisgateway.gateway.chain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A chain of rows: the hash of a row is the SHA-256 of the hash before it and of the row's bytes. To change a row unnoticed one has to
 * compute all later hashes again, which a signature of a later hash reveals.
 */
public final class HashChain {
    /** Bytes of a hash. */
    public static final int HASH_BYTES = 32;

    private HashChain() {}

    /** What stands before the first row of the chain called {@code name}. */
    public static byte[] start(String name) {
        return sha256().digest(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The hash of a row. */
    public static byte[] next(byte[] previous, byte[] row) {
        var digest = sha256();
        digest.update(previous);
        return digest.digest(row);
    }

    /** A digest for files. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
