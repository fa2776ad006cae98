package kr.kisgateway.gateway.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.client.Secret;

/**
 * The secret outside the data folder that protects copies of it. What needs a key of its own derives it.
 *
 * @param text printable ASCII, {@value #LENGTH_MIN} characters or more
 */
public record MasterKey(Secret text) {
    static final int LENGTH_MIN = 32;

    private static final int KEY_BYTES = 32;
    private static final String SALT = "kis-gateway";

    static MasterKey random(SecureRandom random) {
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return new MasterKey(Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)));
    }

    /** A secret for one purpose, the same at every start, in letters, digits, hyphens and underscores. */
    public String derive(String purpose, int length) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(text.reveal().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            var derived = new StringBuilder();
            for (var part = 0; derived.length() < length; part++) {
                var block = mac.doFinal((purpose + " part " + part).getBytes(StandardCharsets.UTF_8));
                derived.append(Base64.getUrlEncoder().withoutPadding().encodeToString(block));
            }
            return derived.substring(0, length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** AES-256-GCM under a key for {@code purpose} alone. */
    Aead aead(String purpose) {
        try {
            return new AesGcmJce(Hkdf.computeHkdf(
                    "HMACSHA256",
                    text.reveal().getBytes(StandardCharsets.UTF_8),
                    SALT.getBytes(StandardCharsets.UTF_8),
                    purpose.getBytes(StandardCharsets.UTF_8),
                    KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }
}
