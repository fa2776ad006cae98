package kr.kisgateway.client;

import java.util.Optional;

/**
 * The identity of this client at KIS.
 *
 * @param appKey the app key (36 characters at KIS)
 * @param appSecret its secret (180 characters at KIS)
 * @param account the account of orders and account queries
 * @param htsId the customer's login id, to which execution notices are bound; case-sensitive; without it none are
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

    /** Contains no secret and no login id. */
    @Override
    public String toString() {
        return "Credentials[account=" + account + "]";
    }
}
