package kr.kisgateway.gateway.access;

import java.time.Instant;

/**
 * A browser that presented an API key once and has a cookie since. It may do what the key may, and ends with the key's secret.
 *
 * @param token hash of the cookie's value
 * @param keySecret fingerprint of the secret that was presented
 * @param usedAt time of its last call
 */
record Login(SecretHash token, String keyId, String keySecret, Instant createdAt, Instant usedAt) {
    /** Before the fingerprints of logins, which are no secrets of keys. */
    static final String FINGERPRINT = "login ";

    /** Distinguishes it from the key's secrets and from other logins. */
    String fingerprint() {
        return FINGERPRINT + token.fingerprint();
    }

    /** The time at which it ends without a further call. */
    Instant idleEnd(LoginLimits limits) {
        return usedAt.plus(limits.idle());
    }

    /** The time at which it ends whatever its calls. */
    Instant end(LoginLimits limits) {
        return createdAt.plus(limits.max());
    }

    boolean isOver(LoginLimits limits, Instant now) {
        return !now.isBefore(idleEnd(limits)) || !now.isBefore(end(limits));
    }

    /** What a changing call must carry beside the cookie: a page of another site can cause the cookie to be sent, not read it. */
    static String csrfToken(String token) {
        return SecretHash.of("csrf " + token).hex();
    }

    Login usedAt(Instant now) {
        return new Login(token, keyId, keySecret, createdAt, now);
    }
}
