package kr.kisgateway.simulator.broker;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.simulator.catalog.Json;

/**
 * Access tokens in KIS's form: a JWT signed with HS512 whose {@code jti} is the app key. KIS's own tools read the app key
 * from it to choose the environment.
 */
public final class AccessTokens {
    private static final String HEADER = "{\"typ\":\"JWT\",\"alg\":\"HS512\"}";

    /** Real app keys have 36 characters. A longer one takes the audience's place: the header has room for 350. */
    private static final int KIS_KEY_LENGTH = 36;

    private AccessTokens() {}

    /**
     * The token of a key for its issue instant. The same arguments yield the same token, so a file that stores the secret
     * stores no tokens.
     */
    public static String of(String secret, String appKey, Instant issuedAt, Instant expiresAt) {
        byte[] seed = hmac(secret, appKey + ' ' + issuedAt.toEpochMilli());
        Json claims = Json.object().field("sub", "token");
        if (appKey.length() <= KIS_KEY_LENGTH) {
            claims.field("aud", UUID.nameUUIDFromBytes(seed).toString());
        }
        claims.field("iss", "unogw")
                .number("exp", expiresAt.getEpochSecond())
                .number("iat", issuedAt.getEpochSecond())
                .field("jti", appKey);
        String content = base64(HEADER.getBytes(StandardCharsets.UTF_8))
                + '.'
                + base64(claims.text().getBytes(StandardCharsets.UTF_8));
        // Two tokens of one second differ in their signature, which covers the milliseconds of the instant.
        return content + '.' + base64(hmac(secret, content + ' ' + issuedAt.toEpochMilli()));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] hmac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA512"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA512", e);
        }
    }
}
