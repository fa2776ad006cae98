package kr.kisgateway.gateway.settings;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What a check of real keys needs.
 *
 * @param appKey {@code KIS_APP_KEY}
 * @param appSecret {@code KIS_APP_SECRET}
 * @param restBase {@code KIS_API_BASE_URL_REAL}, or KIS's own
 * @param problems what is wrong with them, in words; empty when nothing is
 */
public record LiveKeys(Optional<Masked> appKey, Optional<Masked> appSecret, URI restBase, List<String> problems) {
    public LiveKeys {
        problems = List.copyOf(problems);
    }
}
