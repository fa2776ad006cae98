package kr.kisgateway.cli;

import java.io.PrintStream;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.Received;
import kr.kisgateway.gatewayclient.UnreadableAnswerException;

/**
 * The connection to one gateway. A request that changes something is repeated when no answer came, but only where a
 * repetition cannot do it twice: under the idempotency key of the first attempt, where it is idempotent, or when the
 * gateway cannot have received the first attempt.
 */
final class GatewayConnection implements AutoCloseable {
    /** When a change may be sent again after an attempt without an answer. */
    enum Retry {
        /** It has a key, or sets a state: a repetition has no further effect. */
        IDEMPOTENT,
        /** Another operator may have changed the same thing since, which a late repetition would undo. */
        ONLY_IF_NOT_SENT
    }

    /** Delays before the repetitions; one repetition per delay. */
    private static final List<Duration> RETRY_DELAYS =
            List.of(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(3));

    private final URI base;
    private final PrintStream notes;
    private final Consumer<Duration> pause;
    private final Duration limit;
    private final GatewayClient client;

    /**
     * @param sslContext trust in a gateway's own certificate
     * @param notes where repetitions are displayed
     * @param limit for each answer
     */
    GatewayConnection(
            URI base,
            Identity identity,
            Optional<SSLContext> sslContext,
            PrintStream notes,
            Consumer<Duration> pause,
            Duration limit) {
        this.base = base;
        this.notes = notes;
        this.pause = pause;
        this.limit = limit;
        var trusting = with(GatewayClient.at(base, limit), sslContext, GatewayClient::trusting);
        var withKey = with(trusting, identity.apiKey(), GatewayClient::withKey);
        this.client = with(withKey, identity.operatorToken(), GatewayClient::withOperatorToken);
    }

    /** Sends a call that changes nothing. */
    <A> Response<A> get(ApiCall<A> call) {
        return send(call);
    }

    /** Sends a change. */
    <A> Response<A> change(ApiCall<A> call, Retry retry) {
        boolean mayHaveArrived = false;
        for (int attempt = 0; ; attempt++) {
            Response<A> response = send(call);
            switch (response) {
                case Response.Done<A> _ -> {
                    return response;
                }
                case Response.Refused<A>(ApiError error, Received _) -> {
                    // An interrupted attempt of this command, still being decided.
                    boolean stillDeciding =
                            mayHaveArrived && error.code().equals(ErrorCode.IDEMPOTENCY_IN_FLIGHT.name());
                    if (!stillDeciding || attempt == RETRY_DELAYS.size()) {
                        return response;
                    }
                }
                case Response.NoAnswer<A>(String reason, boolean perhapsArrived) -> {
                    mayHaveArrived |= perhapsArrived;
                    boolean mayRetry = retry == Retry.IDEMPOTENT || !mayHaveArrived;
                    if (!mayRetry || attempt == RETRY_DELAYS.size()) {
                        return new Response.NoAnswer<>(reason, mayHaveArrived);
                    }
                    notes.println("No answer (" + reason + "); retrying"
                            + (call.idempotencyKey().isPresent() ? " with the same key" : "") + ", " + (attempt + 1)
                            + " of " + RETRY_DELAYS.size());
                }
            }
            pause.accept(RETRY_DELAYS.get(attempt));
        }
    }

    /**
     * Sends a request and passes each line of the answer on as it arrives.
     *
     * @param more takes a line; false ends the answer
     * @return the answer without its text, or why there is none
     */
    Response<Received> lines(
            String method, String path, Optional<String> body, Map<String, String> headers, Predicate<String> more) {
        try {
            var received = client.lines(method, path, body, headers, more);
            return new Response.Done<>(received, received, false);
        } catch (GatewayException e) {
            return noAnswer(e);
        }
    }

    private static <T> GatewayClient with(
            GatewayClient plain, Optional<T> value, BiFunction<GatewayClient, T, GatewayClient> more) {
        if (value.isEmpty()) {
            return plain;
        }
        try (plain) {
            return more.apply(plain, value.get());
        }
    }

    private <A> Response<A> send(ApiCall<A> call) {
        try {
            return Response.of(client.send(call));
        } catch (UnreadableAnswerException e) {
            return new Response.NoAnswer<>(
                    "what answers at " + base + " is no gateway: HTTP " + e.status(), mayHaveDone(e.status()));
        } catch (GatewayException e) {
            return noAnswer(e);
        }
    }

    /** Whether a gateway may stand behind an answer that cannot be read: its own was broken on the way, or a proxy got none. */
    private static boolean mayHaveDone(int status) {
        return status / 100 == 2 || status / 100 == 5;
    }

    private <A> Response.NoAnswer<A> noAnswer(GatewayException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UnresolvedAddressException _ -> {
                    return new Response.NoAnswer<>("there is no host " + base.getHost(), false);
                }
                case HttpConnectTimeoutException _ -> {
                    return new Response.NoAnswer<>("no connection to " + base + " in time", false);
                }
                case SSLException broken -> {
                    return new Response.NoAnswer<>(encryptionFailure(broken), false);
                }
                case HttpTimeoutException _ -> {
                    return new Response.NoAnswer<>("no answer from " + base + " in " + limit.toSeconds() + " s", true);
                }
                default -> {
                    // a deeper cause has more details
                }
            }
        }
        Throwable root = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return new Response.NoAnswer<>("nothing listens at " + base, false);
            }
            root = cause;
        }
        // A listener that encrypts answers plain HTTP with bytes of its own, or by closing.
        boolean perhapsEncrypted = "http".equals(base.getScheme())
                && (root instanceof ProtocolException
                        || String.valueOf(root.getMessage()).contains("received no bytes"));
        return new Response.NoAnswer<>(
                "the connection to " + base + " ended before the answer was complete"
                        + (perhapsEncrypted
                                ? "; if the gateway has a certificate (GATEWAY_TLS_CERT), its URL begins with https://"
                                : ""),
                true);
    }

    /** Why there is no encrypted connection, and what to do. */
    private String encryptionFailure(SSLException broken) {
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case CertPathBuilderException _ -> {
                    return "the certificate of " + base
                            + " is not trusted here; set GATEWAY_CA to a file with it (GATEWAY_TLS_CERT of the gateway)";
                }
                case CertificateExpiredException _ -> {
                    return "the certificate of " + base + " has expired; renew the gateway's GATEWAY_TLS_CERT";
                }
                default -> {
                    // a deeper cause has more details
                }
            }
        }
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return "the certificate of " + base
                        + " is not for this name; write a name of the certificate in --url or GATEWAY_URL";
            }
        }
        return "no encryption could be agreed with " + base + "; if the gateway has no certificate (GATEWAY_TLS_CERT),"
                + " write http:// instead of https://, else use a Java with TLS 1.3";
    }

    @Override
    public void close() {
        client.close();
    }
}
