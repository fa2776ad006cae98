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
import kr.kisgateway.gateway.notification.ChannelMessages.Message;
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

/**
 * Sends messages to other hosts. An address inside the network of the gateway is refused where its name is resolved, for every
 * connection, so that a name which resolves differently the second time is refused, too. Redirects are not followed, and
 * nothing is repeated.
 */
final class OutgoingHttp implements AutoCloseable {
    /** Time for a message from the connect to the end of the answer. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final int TOO_MANY = 429;
    private static final int OK_FROM = 200;
    private static final int OK_BELOW = 300;

    /** How the delivery of a message ended. */
    sealed interface Result {
        record Delivered() implements Result {}

        /**
         * It was not delivered, or may not have been.
         *
         * @param reason without address or content, which may be secret
         * @param maybeDelivered whether the receiver may have it
         * @param retryAfter what the receiver asked for
         */
        record Failed(String reason, boolean maybeDelivered, Optional<Duration> retryAfter) implements Result {}
    }

    /** The name resolves to an address inside the network. */
    static final class InnerAddressException extends UnknownHostException {
        InnerAddressException() {
            super("the name resolves to an address inside the network");
        }
    }

    private final CloseableHttpClient client;
    private final boolean allowsInner;
    private final Executor workers;

    /** @param allowsInner whether addresses inside the network, and plain HTTP, are allowed */
    OutgoingHttp(boolean allowsInner, Executor workers) {
        this.allowsInner = allowsInner;
        this.workers = workers;
        var timeout = Timeout.of(LIMIT);
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(allowsInner ? SystemDefaultDnsResolver.INSTANCE : new OuterAddresses())
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

    Result send(Message message) {
        if (!allowsInner && !"https".equals(message.uri().getScheme())) {
            return notSent("the address does not begin with https://");
        }
        var post = new HttpPost(message.uri());
        message.headers().forEach(post::setHeader);
        post.setEntity(new ByteArrayEntity(message.body(), ContentType.APPLICATION_JSON));
        // The other limits begin again with each byte of an answer.
        CompletableFuture.delayedExecutor(LIMIT.toMillis() * 2, TimeUnit.MILLISECONDS, workers)
                .execute(post::cancel);
        try {
            return client.execute(post, answer -> {
                int status = answer.getCode();
                if (status >= OK_FROM && status < OK_BELOW) {
                    return new Result.Delivered();
                }
                return new Result.Failed(
                        "the receiver answered " + status,
                        false,
                        status == TOO_MANY
                                ? Optional.ofNullable(answer.getFirstHeader("Retry-After"))
                                        .flatMap(header -> seconds(header.getValue()))
                                : Optional.empty());
            });
        } catch (InnerAddressException e) {
            return notSent(
                    String.valueOf(e.getMessage()) + "; ALERTS_INNER_ADDRESSES=true allows that, if it is meant");
        } catch (UnknownHostException _) {
            return notSent("the name of the host is unknown");
        } catch (HttpHostConnectException _) {
            return notSent("the host does not accept the connection");
        } catch (IOException e) {
            return new Result.Failed("the connection failed: " + e.getClass().getSimpleName(), true, Optional.empty());
        }
    }

    private static Result notSent(String reason) {
        return new Result.Failed(reason, false, Optional.empty());
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

    /** Resolves names, but not to addresses inside the network. */
    private static final class OuterAddresses implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] addresses = SystemDefaultDnsResolver.INSTANCE.resolve(host);
            if (Arrays.stream(addresses).anyMatch(OutgoingHttp::isInner)) {
                throw new InnerAddressException();
            }
            return addresses;
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

    /** Whether an address is of this machine, of a private network or of no single host. */
    static boolean isInner(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean isShared = bytes.length == 4
                && (first == 0 || first == 100 && (second & 0xc0) == 64 || first == 192 && second == 0 || first >= 240);
        boolean isUniqueLocal = bytes.length == 16 && (first & 0xfe) == 0xfc;
        boolean isTranslated = bytes.length == 16 && first == 0 && second == 0x64;
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || isShared
                || isUniqueLocal
                || isTranslated;
    }
}
