package kr.kisgateway.gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.client.Secret;

/**
 * Signs what the gateways of a cluster send each other, with a secret that all of them have. A signature is for one purpose and one
 * minute.
 */
public final class NodeSignature {
    private static final String ALGORITHM = "HmacSHA256";
    /** Clocks of a cluster differ by ten seconds at most: each is compared with the database's at its start. */
    private static final Duration LIFETIME = Duration.ofSeconds(60);

    private static final Pattern SIGNED = Pattern.compile("([!-~]*) (\\d{1,12}) ([A-Za-z0-9_-]{43})");

    private final Secret secret;
    private final InstantSource clock;

    public NodeSignature(Secret secret, InstantSource clock) {
        this.secret = secret;
        this.clock = clock;
    }

    /**
     * {@code value} with its signature, in one header.
     *
     * @param value printable ASCII without spaces
     * @param purpose what it is about; not part of the text
     */
    public String sign(String value, String purpose) {
        long second = clock.instant().getEpochSecond();
        return value + ' ' + second + ' ' + signature(value, second, purpose);
    }

    /** The value of a text that {@link #sign} made a moment ago for this purpose; empty for any other text. */
    public Optional<String> verified(String signed, String purpose) {
        var parts = SIGNED.matcher(signed);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long second = Long.parseLong(parts.group(2));
        long age = Math.abs(clock.instant().getEpochSecond() - second);
        byte[] expected = signature(parts.group(1), second, purpose).getBytes(StandardCharsets.US_ASCII);
        boolean valid = MessageDigest.isEqual(expected, parts.group(3).getBytes(StandardCharsets.US_ASCII));
        return valid && age <= LIFETIME.toSeconds() ? Optional.of(parts.group(1)) : Optional.empty();
    }

    private String signature(String value, long second, String purpose) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            mac.doFinal((value + '\n' + second + '\n' + purpose).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
