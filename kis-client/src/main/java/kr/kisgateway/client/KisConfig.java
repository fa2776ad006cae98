package kr.kisgateway.client;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.client.address.Addresses;
import kr.kisgateway.wire.spi.TrafficListener;

/**
 * The complete configuration of a client, validated once. Start from {@link #live} or {@link #paper}.
 *
 * @param environment the KIS environment at the addresses
 * @param restBase scheme, host and port of the REST calls; {@code https}, or {@code http} to this machine only
 * @param wsBase scheme, host and port of the WebSocket; {@code ws} because KIS itself has no TLS, or {@code wss}
 * @param credentials the identity at KIS
 * @param tokens where the access token is stored
 * @param tuning limits, timeouts and retries
 * @param unlistedInPaper whether calls for which KIS's samples name no paper id are sent to paper, too; otherwise they
 *     are refused here, with the remedy
 * @param seed of the jitter in delays; give each process another one
 * @param traffic receives everything that is sent and received, secrets included: a recorder that redacts them
 * @param calls receives the result and the time of each REST call
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
        Optional<TrafficListener> traffic,
        Optional<CallListener> calls) {
    /** Without listeners. */
    public KisConfig(
            Environment environment,
            URI restBase,
            URI wsBase,
            Credentials credentials,
            TokenStore tokens,
            Tuning tuning,
            boolean unlistedInPaper,
            long seed) {
        this(
                environment,
                restBase,
                wsBase,
                credentials,
                tokens,
                tuning,
                unlistedInPaper,
                seed,
                Optional.empty(),
                Optional.empty());
    }

    public KisConfig {
        if (!Addresses.isSafe(restBase)) {
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
        // Both environments have their sockets on one host, each on its own port.
        boolean othersSocket = other.wsBase().getHost().equalsIgnoreCase(wsBase.getHost())
                && other.wsBase().getPort() == wsBase.getPort();
        if (other.restBase().getHost().equalsIgnoreCase(restBase.getHost()) || othersSocket) {
            throw new IllegalArgumentException(
                    "an address is that of KIS's " + (other == Environment.LIVE_FACE ? "live" : "paper") + " face");
        }
    }

    /** KIS's live servers, with {@code limits}. */
    public static KisConfig live(Credentials credentials, TokenStore tokens, Limits limits, long seed) {
        return kis(Environment.LIVE_FACE, credentials, tokens, limits, seed);
    }

    /** KIS's paper servers (모의투자), with {@code limits}. */
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

    /** Other addresses with the same protocol: a simulator's, or a gateway's. */
    public KisConfig withAddresses(URI rest, URI ws) {
        return new KisConfig(environment, rest, ws, credentials, tokens, tuning, unlistedInPaper, seed, traffic, calls);
    }

    public KisConfig withCredentials(Credentials other) {
        return new KisConfig(
                environment, restBase, wsBase, other, tokens, tuning, unlistedInPaper, seed, traffic, calls);
    }

    public KisConfig withTuning(Tuning other) {
        return new KisConfig(
                environment, restBase, wsBase, credentials, tokens, other, unlistedInPaper, seed, traffic, calls);
    }

    public KisConfig withTokens(TokenStore other) {
        return new KisConfig(
                environment, restBase, wsBase, credentials, other, tuning, unlistedInPaper, seed, traffic, calls);
    }

    public KisConfig withUnlistedInPaper(boolean allowed) {
        return new KisConfig(environment, restBase, wsBase, credentials, tokens, tuning, allowed, seed, traffic, calls);
    }

    /** Calls {@code listener} with everything that is sent and received, secrets included. */
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
                Optional.of(listener),
                calls);
    }

    /** Calls {@code listener} with the result and the time of each REST call. */
    public KisConfig withCallListener(CallListener listener) {
        return new KisConfig(
                environment,
                restBase,
                wsBase,
                credentials,
                tokens,
                tuning,
                unlistedInPaper,
                seed,
                traffic,
                Optional.of(listener));
    }

    /** Whether {@code address} is scheme, host and port only. */
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
