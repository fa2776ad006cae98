package kr.kisgateway.client;

import java.util.Optional;

/**
 * Whom KIS knows us as.
 *
 * @param appKey the app key (36 characters at KIS)
 * @param appSecret its secret (180 characters at KIS)
 * @param account the account that is traded and asked about
 * @param htsId the customer's login id, to which execution notices are bound; capitals matter; without it none are
 *     registered
 */
public record Credentials(Secret appKey, Secret appSecret, AccountNumber account, Optional<String> htsId) {
    public Credentials {
        if (appKey.reveal().isBlank() || appSecret.reveal().isBlank()) {
            throw new IllegalArgumentException("app key and app secret must not be empty");
        }
        if (htsId.isPresent() && htsId.get().isBlank()) {
            throw new IllegalArgumentException("an HTS id must not be blank: leave it out");
        }
    }

    /** No secret, no login id. */
    @Override
    public String toString() {
        return "Credentials[account=" + account + "]";
    }
}
