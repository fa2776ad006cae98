package kr.kisgateway.gateway.notification;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/** Sends messages by HTTP. Redirects are not followed, and nothing is repeated. */
public final class OutgoingHttp implements AutoCloseable {
    private static final int TOO_MANY = 429;
    private static final int OK_FROM = 200;
    private static final int OK_BELOW = 300;

    private final CloseableHttpClient client;
    private final boolean allowsInner;
    private final Executor workers;

    /** @param allowsInner whether addresses inside the network, and plain HTTP, are allowed */
    public OutgoingHttp(boolean allowsInner, Executor workers) {
        this.allowsInner = allowsInner;
        this.workers = workers;
        var timeout = Timeout.of(Delivery.LIMIT);
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new Resolver(allowsInner))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(timeout)
                                .setSocketTimeout(timeout)
                                .build())
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("kis-gateway")
                .build();
    }

    Delivery send(Message.Http message) {
        var post = post(message.uri(), message.body(), Delivery.LIMIT);
        message.headers().forEach(post::setHeader);
        return execute(
                post,
                Delivery.LIMIT,
                answer -> {
                    int status = answer.getCode();
                    if (status >= OK_FROM && status < OK_BELOW) {
                        return new Delivery.Delivered();
                    }
                    return new Delivery.Failed(
                            "the receiver answered " + status,
                            false,
                            status == TOO_MANY
                                    ? Optional.ofNullable(answer.getFirstHeader("Retry-After"))
                                            .flatMap(header -> seconds(header.getValue()))
                                    : Optional.empty());
                },
                (reason, maybeDelivered) -> new Delivery.Failed(reason, maybeDelivered, Optional.empty()));
    }

    /** An answer, or why there is none. */
    public sealed interface Exchange {
        record Answered(int status, byte[] body) implements Exchange {}

        /** @param reason without address or content, which may be secret */
        record Failed(String reason) implements Exchange {}
    }

    /**
     * Sends JSON and reads the answer.
     *
     * @param limit until the answer begins, and between its parts
     * @param bytesMax of an answer; a longer one is a failure
     */
    public Exchange exchange(URI uri, byte[] json, Duration limit, int bytesMax) {
        return execute(
                post(uri, json, limit),
                limit,
                answer -> {
                    HttpEntity entity = answer.getEntity();
                    byte[] body =
                            entity == null ? new byte[0] : entity.getContent().readNBytes(bytesMax + 1);
                    return body.length > bytesMax
                            ? new Exchange.Failed("the answer is longer than " + bytesMax + " bytes")
                            : new Exchange.Answered(answer.getCode(), body);
                },
                (reason, _) -> new Exchange.Failed(reason));
    }

    private static HttpPost post(URI uri, byte[] json, Duration limit) {
        var post = new HttpPost(uri);
        post.setEntity(new ByteArrayEntity(json, ContentType.APPLICATION_JSON));
        post.setConfig(
                RequestConfig.custom().setResponseTimeout(Timeout.of(limit)).build());
        return post;
    }

    /** Builds the result without an answer. */
    @FunctionalInterface
    private interface Failure<T> {
        /** @param maybeDelivered whether the receiver may have the request */
        T of(String reason, boolean maybeDelivered);
    }

    private <T> T execute(
            HttpPost post,
            Duration limit,
            HttpClientResponseHandler<? extends T> handler,
            Failure<? extends T> failed) {
        if (!allowsInner && !"https".equals(post.getScheme())) {
            return failed.of("the address does not begin with https://", false);
        }
        // The other limits begin again with each byte of an answer.
        CompletableFuture.delayedExecutor(limit.plus(Delivery.LIMIT).toMillis(), TimeUnit.MILLISECONDS, workers)
                .execute(post::cancel);
        try {
            return client.execute(post, handler);
        } catch (OuterAddresses.InnerAddressException e) {
            return failed.of(String.valueOf(e.getMessage()), false);
        } catch (UnknownHostException _) {
            return failed.of("the name of the host is unknown", false);
        } catch (HttpHostConnectException _) {
            return failed.of("the host does not accept the connection", false);
        } catch (IOException e) {
            return failed.of("the connection failed: " + e.getClass().getSimpleName(), true);
        }
    }

    private static Optional<Duration> seconds(String text) {
        try {
            return Optional.of(Duration.ofSeconds(Math.clamp(Long.parseLong(text.strip()), 0L, 3_600L)));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    /** Names are resolved by the rule for addresses inside the network. */
    private record Resolver(boolean allowsInner) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return OuterAddresses.resolve(host, allowsInner);
        }

        @Override
        public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
            return Arrays.stream(resolve(host))
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
        }
    }
}
