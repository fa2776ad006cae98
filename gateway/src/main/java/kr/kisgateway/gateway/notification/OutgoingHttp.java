package kr.kisgateway.gateway.notification;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/** Sends messages by HTTP. Redirects are not followed, and nothing is repeated. */
final class OutgoingHttp implements AutoCloseable {
    private static final int TOO_MANY = 429;
    private static final int OK_FROM = 200;
    private static final int OK_BELOW = 300;

    private final CloseableHttpClient client;
    private final boolean allowsInner;
    private final Executor workers;

    /** @param allowsInner whether addresses inside the network, and plain HTTP, are allowed */
    OutgoingHttp(boolean allowsInner, Executor workers) {
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
                .setDefaultRequestConfig(
                        RequestConfig.custom().setResponseTimeout(timeout).build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("kis-gateway")
                .build();
    }

    Delivery send(Message.Http message) {
        if (!allowsInner && !"https".equals(message.uri().getScheme())) {
            return Delivery.notSent("the address does not begin with https://");
        }
        var post = new HttpPost(message.uri());
        message.headers().forEach(post::setHeader);
        post.setEntity(new ByteArrayEntity(message.body(), ContentType.APPLICATION_JSON));
        // The other limits begin again with each byte of an answer.
        CompletableFuture.delayedExecutor(Delivery.LIMIT.toMillis() * 2, TimeUnit.MILLISECONDS, workers)
                .execute(post::cancel);
        try {
            return client.execute(post, answer -> {
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
            });
        } catch (OuterAddresses.InnerAddressException e) {
            return Delivery.notSent(String.valueOf(e.getMessage()));
        } catch (UnknownHostException _) {
            return Delivery.notSent("the name of the host is unknown");
        } catch (HttpHostConnectException _) {
            return Delivery.notSent("the host does not accept the connection");
        } catch (IOException e) {
            return new Delivery.Failed(
                    "the connection failed: " + e.getClass().getSimpleName(), true, Optional.empty());
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
