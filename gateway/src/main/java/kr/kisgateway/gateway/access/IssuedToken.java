package kr.kisgateway.gateway.access;

/**
 * An access token of a virtual app key.
 *
 * @param keyId id of the key
 * @param issuedAt in seconds since 1970
 */
public record IssuedToken(String keyId, long issuedAt, boolean revoked) {}
