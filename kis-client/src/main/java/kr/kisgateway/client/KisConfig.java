package kr.kisgateway.client;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.client.fetch.Fetcher;
import kr.kisgateway.wire.spi.TrafficListener;

/**
 * Everything a client needs to know, checked once. Start from {@link #live} or {@link #paper}.
 *
 * @param environment which face answers at the addresses
 * @param restBase scheme, host and port of the REST calls; {@code https}, or {@code http} to this machine only
 * @param wsBase scheme, host and port of the WebSocket; {@code ws} because KIS itself speaks it plain, or {@code wss}
 * @param credentials whom KIS knows us as
 * @param tokens where the access token is kept
 * @param tuning how hard and how patiently to try
 * @param unlistedInPaper whether paper is asked also for calls of which KIS's samples name no paper id; otherwise they
 *     are refused here, with what to do instead
 * @param seed of the jitter in delays; give each process another one
 * @param traffic hears everything that passes, secrets included: a recorder that takes them out
 */
public record KisConfig(
        Environment environment,
        URI restBase,
        URI wsBase,
        Credentials credentials,
        TokenStore tokens,
        Tuning tuning,
        boolean unlistedInPaper,
        long seed,
        Optional<TrafficListener> traffic) {
    /** One that nobody listens to. */
    public KisConfig(
            Environment environment,
            URI restBase,
            URI wsBase,
            Credentials credentials,
            TokenStore tokens,
            Tuning tuning,
            boolean unlistedInPaper,
            long seed) {
        this(environment, restBase, wsBase, credentials, tokens, tuning, unlistedInPaper, seed, Optional.empty());
    }

    public KisConfig {
        if (!Fetcher.isSafe(restBase)) {
            throw new IllegalArgumentException("the REST address must be https (plain http only to this machine)");
        }
        if (!scheme(wsBase).equals("ws") && !scheme(wsBase).equals("wss")) {
            throw new IllegalArgumentException("the WebSocket address must be ws or wss");
        }
        for (URI base : List.of(restBase, wsBase)) {
            if (!isBase(base)) {
                throw new IllegalArgumentException(
                        "an address is scheme, host and port alone, and its host a name that DNS" + " allows: "
                                + base.getScheme() + "://…");
            }
        }
        Environment other = environment == Environment.LIVE_FACE ? Environment.PAPER_FACE : Environment.LIVE_FACE;
        // Both faces have their sockets on one host, each on a port of its own.
        boolean othersSocket = other.wsBase().getHost().equalsIgnoreCase(wsBase.getHost())
                && other.wsBase().getPort() == wsBase.getPort();
        if (other.restBase().getHost().equalsIgnoreCase(restBase.getHost()) || othersSocket) {
            throw new IllegalArgumentException(
                    "an address is that of KIS's " + (other == Environment.LIVE_FACE ? "live" : "paper") + " face");
        }
    }

    /** KIS's live servers, with the limits given. */
    public static KisConfig live(Credentials credentials, TokenStore tokens, Limits limits, long seed) {
        return kis(Environment.LIVE_FACE, credentials, tokens, limits, seed);
    }

    /** KIS's paper servers (모의투자), with the limits given. */
    public static KisConfig paper(Credentials credentials, TokenStore tokens, Limits limits, long seed) {
        return kis(Environment.PAPER_FACE, credentials, tokens, limits, seed);
    }

    private static KisConfig kis(
            Environment environment, Credentials credentials, TokenStore tokens, Limits limits, long seed) {
        return new KisConfig(
                environment,
                environment.restBase(),
                environment.wsBase(),
                credentials,
                tokens,
                Tuning.standard(limits),
                false,
                seed);
    }

    /** Other addresses that speak the same way: a simulator's, or a gateway's. */
    public KisConfig withAddresses(URI rest, URI ws) {
        return new KisConfig(environment, rest, ws, credentials, tokens, tuning, unlistedInPaper, seed, traffic);
    }

    public KisConfig withTuning(Tuning other) {
        return new KisConfig(environment, restBase, wsBase, credentials, tokens, other, unlistedInPaper, seed, traffic);
    }

    public KisConfig withTokens(TokenStore other) {
        return new KisConfig(environment, restBase, wsBase, credentials, other, tuning, unlistedInPaper, seed, traffic);
    }

    public KisConfig withUnlistedInPaper(boolean allowed) {
        return new KisConfig(environment, restBase, wsBase, credentials, tokens, tuning, allowed, seed, traffic);
    }

    /** Has {@code hearing} told of everything that passes, secrets included. */
    public KisConfig withTraffic(TrafficListener listener) {
        return new KisConfig(
                environment,
                restBase,
                wsBase,
                credentials,
                tokens,
                tuning,
                unlistedInPaper,
                seed,
                Optional.of(listener));
    }

    /** Whether {@code address} says where and nothing more. */
    static boolean isBase(URI address) {
        return address.getHost() != null
                && address.getRawUserInfo() == null
                && (address.getRawPath() == null
                        || address.getRawPath().replace("/", "").isEmpty())
                && address.getRawQuery() == null
                && address.getRawFragment() == null;
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }
}
