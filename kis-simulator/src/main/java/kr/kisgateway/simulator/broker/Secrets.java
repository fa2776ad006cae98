package kr.kisgateway.simulator.broker;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The simulator's few cryptographic steps: hashes of keys and derived tokens. */
final class Secrets {
    private Secrets() {}

    /** SHA-256 as 64 hex digits. */
    static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether {@code text} hashes to {@code hash}, in constant time. */
    static boolean matches(String text, String hash) {
        return MessageDigest.isEqual(
                hash(text).getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * A token made of its description and the file's secret. It is derived, not stored: so the file holds no token, and a
     * restart still gives the same one again.
     */
    static String token(String tokenSecret, String keyHash, long issuedAtMillis) {
        try {
            Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(tokenSecret.getBytes(StandardCharsets.UTF_8), "HmacSHA512"));
            byte[] signature = mac.doFinal((keyHash + ' ' + issuedAtMillis).getBytes(StandardCharsets.UTF_8));
            Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
            String header =
                    base64.encodeToString("{\"typ\":\"JWT\",\"alg\":\"HS512\"}".getBytes(StandardCharsets.UTF_8));
            String body = base64.encodeToString(
                    ("{\"sub\":\"token\",\"iss\":\"simulator\",\"iat\":" + issuedAtMillis / 1000 + "}")
                            .getBytes(StandardCharsets.UTF_8));
            return header + '.' + body + '.' + base64.encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA512", e);
        }
    }
}
