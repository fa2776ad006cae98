package kr.kisgateway.client;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything a client needs to know, checked once.
 *
 * @param restBase scheme, host and port of the REST calls; {@code https}, or {@code http} to this machine only
 * @param wsBase scheme, host and port of the WebSocket; {@code ws} because KIS itself speaks it plain, or {@code wss}
 * @param environment which face answers there
 * @param appKey the app key (36 characters at KIS)
 * @param appSecret its secret (180 characters at KIS)
 * @param account the account that is traded and asked about
 * @param htsId the customer's login id, to which execution notices are bound; without it none are registered
 * @param limits what KIS allows
 * @param timeouts how long to wait for what
 * @param tokenFile where the access token is kept, encrypted, so that a restart does not issue another
 * @param storeKey what encrypts it; keep it outside the folder of {@code tokenFile}
 * @param unlistedInPaper whether paper is asked also for calls of which KIS's samples name no paper id; otherwise they
 *     are refused here, with what to do instead
 * @param seed of the jitter in reconnect delays; give each process another one
 */
public record KisConfig(
        URI restBase,
        URI wsBase,
        Environment environment,
        Secret appKey,
        Secret appSecret,
        AccountNumber account,
        Optional<String> htsId,
        Limits limits,
        Timeouts timeouts,
        Path tokenFile,
        Secret storeKey,
        boolean unlistedInPaper,
        long seed) {
    public KisConfig {
        if (!scheme(restBase).equals("https") && !(scheme(restBase).equals("http") && isLoopback(restBase))) {
            throw new IllegalArgumentException("the REST address must be https (plain http only to this machine)");
        }
        if (!scheme(wsBase).equals("ws") && !scheme(wsBase).equals("wss")) {
            throw new IllegalArgumentException("the WebSocket address must be ws or wss");
        }
        if (appKey.reveal().isBlank() || appSecret.reveal().isBlank()) {
            throw new IllegalArgumentException("app key and app secret must not be empty");
        }
        if (storeKey.reveal().length() < 16) {
            throw new IllegalArgumentException("the store key must have at least 16 characters");
        }
        if (htsId.isPresent() && htsId.get().isBlank()) {
            throw new IllegalArgumentException("an HTS id must not be blank: leave it out");
        }
    }

    /** No secret, no account, no login id. */
    @Override
    public String toString() {
        return "KisConfig[" + environment + " " + restBase + " " + wsBase + " account=" + account + "]";
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }

    private static boolean isLoopback(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost();
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }
}
