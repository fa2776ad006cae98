package kr.kisgateway.gateway.order;

/**
 * One use of an idempotency key, kept with the acceptance it belongs to.
 *
 * @param scope principal and account: two callers may use the same key
 * @param key the caller's key
 * @param hash of the canonical request; the same key with another hash is refused
 */
public record KeyUse(String scope, String key, String hash) {
    /** What the key was used for: a key of one kind answers no request of another. */
    public enum Kind {
        PLACE,
        MODIFY,
        CANCEL
    }

    /** The part that must be unique. */
    public record Name(String scope, String key) {}

    public Name name() {
        return new Name(scope, key);
    }
}
