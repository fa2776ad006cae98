package kr.kisgateway.gateway.order;

/**
 * Which account an alias names, without revealing its number: account numbers are short, so only a text derived with a secret key can be
 * stored.
 *
 * @param key identifies the secret key; fingerprints of different keys cannot be compared
 * @param text derived from the account number, with its product code, and the key
 */
public record AccountFingerprint(String key, String text) {
    /** Whether it certainly is another account. */
    boolean contradicts(AccountFingerprint other) {
        return key.equals(other.key) && !text.equals(other.text);
    }
}
