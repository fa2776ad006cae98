package kr.kisgateway.gateway.settings;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.client.Secret;

/**
 * The settings of a check of real keys.
 *
 * @param appKey {@code KIS_APP_KEY}
 * @param appSecret {@code KIS_APP_SECRET}
 * @param restBase {@code KIS_API_BASE_URL_REAL}, or KIS's own
 * @param problems sentences; empty when the settings are valid
 */
public record LiveKeys(Optional<Secret> appKey, Optional<Secret> appSecret, URI restBase, List<String> problems) {
    public LiveKeys {
        problems = List.copyOf(problems);
    }
}
