package kr.kisgateway.gateway.face;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import kr.kisgateway.gateway.meter.Meters;

/**
 * KIS's page keys contain the account number, so callers get opaque ones of the same width. Bounded; a key that was dropped, or
 * of another caller, is refused.
 */
final class PageKeys {
    private static final int MAX = 20_000;
    private static final Duration LIFE = Duration.ofHours(1);
    /** The shortest page key that can carry a token. */
    private static final int TOKEN_LENGTH = 20;

    private final UnaryOperator<String> hash;
    private final Cache<String, String> keys =
            Caffeine.newBuilder().maximumSize(MAX).expireAfterAccess(LIFE).build();

    /** @param hash a hash that only this gateway can make, as hexadecimal digits */
    PageKeys(UnaryOperator<String> hash) {
        this.hash = hash;
    }

    /** Registers the meters. */
    void bindTo(Meters meters) {
        meters.cacheLimit("face_page_keys", keys::estimatedSize, MAX);
    }

    /** The token for a page key of KIS, with the same width; a blank one, which means the first page, stays blank. */
    String seal(String keyId, String pageKey) {
        if (pageKey.isBlank()) {
            return pageKey;
        }
        String token = hash.apply(keyId + ' ' + pageKey).substring(0, TOKEN_LENGTH);
        keys.put(keyId + token, pageKey);
        return token + " ".repeat(Math.max(0, pageKey.length() - TOKEN_LENGTH));
    }

    /** KIS's page key for a token; empty for one that was not issued to this key or is too old. */
    Optional<String> open(String keyId, String token) {
        return token.isBlank() ? Optional.of(token) : Optional.ofNullable(keys.getIfPresent(keyId + token.strip()));
    }
}
