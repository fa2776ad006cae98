package kr.kisgateway.gateway.face;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.gateway.access.IssuedToken;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.meter.Meters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Access tokens and approval keys of virtual app keys. Both carry their content under the gateway's signature, so they are
 * valid after a restart; stored are the times of issue and what was revoked.
 */
final class FaceTokens {
    /** As KIS's. */
    static final Duration LIFE = Duration.ofHours(24);

    /** For this long a further request returns the same token. */
    static final Duration REUSE = Duration.ofHours(6);

    /** Seconds that tokens may be ahead of the clock: each revocation moves the next one by a second. */
    private static final int AHEAD_MAX = 10;

    private static final JsonMapper JSON = new JsonMapper();
    private static final String HEADER = base64("{\"typ\":\"JWT\",\"alg\":\"HS512\"}");
    private static final int APPROVAL_CONTENT = 9;
    private static final int APPROVAL_LENGTH = 16;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LENGTH = 8;
    private static final int SIGNED_MAX = 2_000;

    private final KeyRing keys;
    private final byte[] secret;
    private final InstantSource clock;
    private final Map<String, NavigableMap<Long, Boolean>> revokedByIssue = new ConcurrentHashMap<>();
    /** The token that each key used last; checking its signature costs more than the rest of a cached answer. */
    private final Cache<String, Signed> lastSigned =
            Caffeine.newBuilder().maximumSize(SIGNED_MAX).build();

    /** Registers the meters. */
    void bindTo(Meters meters) {
        meters.cacheLimit("face_tokens", lastSigned::estimatedSize, SIGNED_MAX);
    }

    /** @param issuedAt in seconds since 1970 */
    record Token(String text, long issuedAt) {
        Instant expiresAt() {
            return Instant.ofEpochSecond(issuedAt).plus(LIFE);
        }

        @Override
        public String toString() {
            return "Token[***]";
        }
    }

    /**
     * A token whose signature is right. Whether it is revoked or expired is checked at each call.
     *
     * @param digest of the app key and the text, which is not kept
     */
    private record Signed(byte[] digest, long issuedAt) {}

    /** Whether a token is accepted. */
    enum Verdict {
        VALID,
        INVALID,
        EXPIRED
    }

    /** @param secret signs the tokens; another one makes all of them invalid */
    FaceTokens(KeyRing keys, String secret, InstantSource clock) {
        this.keys = keys;
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
        keys.tokensAfter(clock.instant().minus(LIFE).getEpochSecond()).forEach(this::remember);
    }

    private void remember(IssuedToken token) {
        revokedByIssue
                .computeIfAbsent(token.keyId(), _ -> new ConcurrentSkipListMap<>())
                .put(token.issuedAt(), token.revoked());
    }

    /**
     * The token of the key: the newest one if it is young enough, else a new one, which is durable when this returns. Empty when
     * so many were revoked that the next would be issued in the future.
     */
    Optional<Token> issue(String keyId, String appKey) {
        Instant now = clock.instant();
        var issued = revokedByIssue.computeIfAbsent(keyId, _ -> new ConcurrentSkipListMap<>());
        synchronized (issued) {
            issued.headMap(now.minus(LIFE).getEpochSecond()).clear();
            var newest = issued.lastEntry();
            if (newest != null
                    && !newest.getValue()
                    && now.isBefore(Instant.ofEpochSecond(newest.getKey()).plus(REUSE))) {
                return Optional.of(token(appKey, newest.getKey()));
            }
            // A token of this very second was revoked: its text must not become valid again.
            long second = Math.max(now.getEpochSecond(), newest == null ? 0 : newest.getKey() + 1);
            if (second > now.getEpochSecond() + AHEAD_MAX) {
                return Optional.empty();
            }
            keys.save(new IssuedToken(keyId, second, false));
            issued.put(second, false);
            return Optional.of(token(appKey, second));
        }
    }

    /** Ends a token; false when it is none of the key. */
    boolean revoke(String keyId, String appKey, String text) {
        var issued = issuedAt(text).filter(second -> matches(token(appKey, second), text));
        if (issued.isEmpty()) {
            return false;
        }
        var token = new IssuedToken(keyId, issued.get(), true);
        keys.save(token);
        remember(token);
        lastSigned.invalidate(keyId);
        return true;
    }

    /** Whether {@code text} is a token of the key now. */
    Verdict verify(String keyId, String appKey, String text) {
        var issued = signedAt(keyId, appKey, text);
        if (issued.isEmpty()
                || Boolean.TRUE.equals(Optional.ofNullable(revokedByIssue.get(keyId))
                        .map(byIssue -> byIssue.get(issued.get()))
                        .orElse(false))) {
            return Verdict.INVALID;
        }
        return clock.instant().isBefore(Instant.ofEpochSecond(issued.get()).plus(LIFE))
                ? Verdict.VALID
                : Verdict.EXPIRED;
    }

    /** When the text was issued, if it is a token of the key at all. */
    private Optional<Long> signedAt(String keyId, String appKey, String text) {
        byte[] digest = digest(appKey, text);
        var known = lastSigned.getIfPresent(keyId);
        if (known != null && MessageDigest.isEqual(known.digest(), digest)) {
            return Optional.of(known.issuedAt());
        }
        var issued = issuedAt(text).filter(second -> matches(token(appKey, second), text));
        issued.ifPresent(second -> lastSigned.put(keyId, new Signed(digest, second)));
        return issued;
    }

    /** The app key has a fixed length. */
    private static byte[] digest(String appKey, String text) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update(appKey.getBytes(StandardCharsets.UTF_8));
            return sha.digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static boolean matches(Token token, String text) {
        return MessageDigest.isEqual(
                token.text().getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    /** The form that clients read: they find their app key in {@code jti}. */
    private Token token(String appKey, long issuedAt) {
        var content = new LinkedHashMap<String, Object>();
        content.put("sub", "token");
        content.put("aud", uuid(sign("HmacSHA256", "aud " + appKey + issuedAt)));
        content.put("iss", "unogw");
        content.put("exp", issuedAt + LIFE.toSeconds());
        content.put("iat", issuedAt);
        content.put("jti", appKey);
        String signed = HEADER + '.' + base64(JSON.writeValueAsString(content));
        return new Token(
                signed + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(sign("HmacSHA512", signed)),
                issuedAt);
    }

    private static Optional<Long> issuedAt(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            var issued = JSON.readTree(Base64.getUrlDecoder().decode(parts[1])).path("iat");
            return issued.canConvertToLong() && issued.isIntegralNumber()
                    ? Optional.of(issued.longValue()).filter(second -> second > 0 && second < Integer.MAX_VALUE * 2L)
                    : Optional.empty();
        } catch (IllegalArgumentException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** What an approval key was issued for. */
    record Approval(String keyId, String secretFingerprint) {}

    /**
     * A key for WebSockets, valid for a day, in the form of a UUID.
     *
     * @param secretFingerprint of the app secret: the approval key ends with it
     */
    String approvalKey(String keyId, String secretFingerprint) {
        var content = ByteBuffer.allocate(APPROVAL_CONTENT);
        long id = 0;
        for (int i = 0; i < ID_LENGTH; i++) {
            id = id << 5 | BASE32.indexOf(keyId.charAt(i));
        }
        content.put((byte) (id >> 32)).putInt((int) id).putInt((int)
                clock.instant().getEpochSecond());
        var key = ByteBuffer.allocate(APPROVAL_LENGTH);
        var signature = approvalSignature(content.array(), secretFingerprint);
        key.put(scramble(content.array(), signature)).put(signature);
        return uuid(key.array());
    }

    private byte[] approvalSignature(byte[] content, String secretFingerprint) {
        return Arrays.copyOf(
                sign("HmacSHA256", "approval " + HexFormat.of().formatHex(content) + ' ' + secretFingerprint),
                APPROVAL_LENGTH - APPROVAL_CONTENT);
    }

    /**
     * The key to which an approval key belongs, while it is valid.
     *
     * @param fingerprints those of the valid app secrets of a key
     */
    Optional<Approval> approved(String approvalKey, Function<String, List<String>> fingerprints) {
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(approvalKey.replace("-", ""));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != APPROVAL_LENGTH) {
            return Optional.empty();
        }
        var signature = Arrays.copyOfRange(bytes, APPROVAL_CONTENT, APPROVAL_LENGTH);
        var content = scramble(Arrays.copyOf(bytes, APPROVAL_CONTENT), signature);
        var reader = ByteBuffer.wrap(content);
        long number = (reader.get() & 0xFFL) << 32 | reader.getInt() & 0xFFFF_FFFFL;
        var issued = Instant.ofEpochSecond(reader.getInt() & 0xFFFF_FFFFL);
        if (!clock.instant().isBefore(issued.plus(LIFE))) {
            return Optional.empty();
        }
        var keyId = new StringBuilder();
        for (int shift = 5 * (ID_LENGTH - 1); shift >= 0; shift -= 5) {
            keyId.append(BASE32.charAt((int) (number >> shift) & 31));
        }
        String id = keyId.toString();
        return fingerprints.apply(id).stream()
                .filter(fingerprint -> MessageDigest.isEqual(approvalSignature(content, fingerprint), signature))
                .map(fingerprint -> new Approval(id, fingerprint))
                .findFirst();
    }

    /** Hides the content; the same operation reveals it. */
    private byte[] scramble(byte[] content, byte[] signature) {
        var pad = sign("HmacSHA256", "pad " + HexFormat.of().formatHex(signature));
        var out = new byte[content.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (content[i] ^ pad[i]);
        }
        return out;
    }

    /** A hash that only this gateway can make, as 64 hexadecimal digits. */
    String hash(String text) {
        return HexFormat.of().formatHex(sign("HmacSHA256", "hash " + text));
    }

    private byte[] sign(String algorithm, String text) {
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private static String uuid(byte[] bytes) {
        String hex = HexFormat.of().formatHex(bytes, 0, APPROVAL_LENGTH);
        return hex.substring(0, 8)
                + '-'
                + hex.substring(8, 12)
                + '-'
                + hex.substring(12, 16)
                + '-'
                + hex.substring(16, 20)
                + '-'
                + hex.substring(20);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
