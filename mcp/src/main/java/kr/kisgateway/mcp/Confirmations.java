package kr.kisgateway.mcp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what a caller may do next, for two minutes: nothing is retained, so a confirmation outlives a restart. Each has a number of
 * its own, which becomes the idempotency key of what it confirms: used twice, it has no second effect. Safe for any number of threads.
 */
final class Confirmations {
    static final Duration LIFE = Duration.ofSeconds(120);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int NUMBER_BYTES = 16;
    private static final int SIGNATURE_BYTES = 32;
    private static final int LENGTH = Long.BYTES + NUMBER_BYTES + SIGNATURE_BYTES;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param secret signs
     * @param random a cryptographically strong source
     */
    Confirmations(String secret, InstantSource clock, RandomGenerator random) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.clock = clock;
        this.random = random;
    }

    /** @param expires at which it is not valid any more */
    record Issued(String token, Instant expires) {}

    /** The result of a check. */
    sealed interface Checked {
        /** @param number of the confirmation, 32 hexadecimal digits */
        record Valid(String number, Instant expires) implements Checked {}

        record Expired() implements Checked {}

        /** Of another caller, of something else, changed, or none at all. */
        record Other() implements Checked {}
    }

    /**
     * Confirms that {@code caller} may do {@code what}.
     *
     * @param what exactly, in one form
     */
    Issued issue(String caller, String what) {
        var number = new byte[NUMBER_BYTES];
        random.nextBytes(number);
        Instant expires = clock.instant().plus(LIFE);
        byte[] head = head(expires.toEpochMilli(), number);
        var token = ByteBuffer.allocate(LENGTH)
                .put(head)
                .put(signature(head, caller, what))
                .array();
        return new Issued(ENCODER.encodeToString(token), expires);
    }

    /** Checks that {@code token} confirms to {@code caller} exactly {@code what}. */
    Checked check(String token, String caller, String what) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return new Checked.Other();
        }
        if (bytes.length != LENGTH || !isCanonical(token, bytes)) {
            return new Checked.Other();
        }
        var buffer = ByteBuffer.wrap(bytes);
        long expires = buffer.getLong();
        var number = new byte[NUMBER_BYTES];
        buffer.get(number);
        var signature = new byte[SIGNATURE_BYTES];
        buffer.get(signature);
        if (!MessageDigest.isEqual(signature, signature(head(expires, number), caller, what))) {
            return new Checked.Other();
        }
        return clock.millis() < expires
                ? new Checked.Valid(HexFormat.of().formatHex(number), Instant.ofEpochMilli(expires))
                : new Checked.Expired();
    }

    /** Base64 has several texts for the same bytes: with padding, or with other unused bits in the last digit. */
    private static boolean isCanonical(String token, byte[] bytes) {
        return MessageDigest.isEqual(ENCODER.encode(bytes), token.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] head(long expires, byte[] number) {
        return ByteBuffer.allocate(Long.BYTES + NUMBER_BYTES)
                .putLong(expires)
                .put(number)
                .array();
    }

    private byte[] signature(byte[] head, String caller, String what) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(head);
            byte[] name = caller.getBytes(StandardCharsets.UTF_8);
            // The length separates the two texts.
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
            mac.update(name);
            return mac.doFinal(what.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
