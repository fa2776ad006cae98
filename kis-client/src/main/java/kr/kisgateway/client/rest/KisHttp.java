package kr.kisgateway.client.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import kr.kisgateway.client.Pool;
import kr.kisgateway.client.PoolState;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.Timeouts;
import kr.kisgateway.client.core.Timer;
import kr.kisgateway.client.secret.SecretRedactor;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request once and returns its outcome. Nothing is repeated, redirected, or stored as a cookie; the secrets
 * of a request are added below everything that writes logs.
 */
public final class KisHttp implements AutoCloseable {
    /**
     * A request in flight.
     *
     * @param onDispatch called when the first byte is about to leave
     * @param dispatchBy the first byte of the body is not sent past this
     */
    private record OutboundCall(RestRequest request, Runnable onDispatch, Instant dispatchBy) {}

    private static final ContentType JSON = ContentType.APPLICATION_JSON.withCharset(StandardCharsets.UTF_8);
    private static final int ANSWER_BYTES_MAX = 4 << 20;
    /** KIS sends none; one or two are usual elsewhere. */
    private static final int INTERIM_ANSWERS_MAX = 8;

    private static final String REQUEST = "kis.request";

    private final CloseableHttpClient client;
    private final PoolingHttpClientConnectionManager pool;
    private final HttpHost host;
    private final Duration timeLimit;
    private final int connections;
    private final InstantSource clock;
    private final Timer timer;
    private final Tap tap;
    private final SecretRedactor secrets;

    public KisHttp(
            URI base, Timeouts timeouts, Pool pool, InstantSource clock, Timer timer, Tap tap, SecretRedactor secrets) {
        this.tap = tap;
        this.secrets = secrets;
        this.host = HttpHost.create(base);
        this.timeLimit = timeouts.response().multipliedBy(2);
        this.clock = clock;
        this.timer = timer;
        this.connections = pool.perRoute();
        this.pool = connections(timeouts, pool);
        this.client = open(timeouts, this.pool);
    }

    /**
     * Sends {@code request}; never throws, whatever happens.
     *
     * @param onDispatch called when the first byte is about to leave
     * @param dispatchBy the first byte of the body is not sent past this
     */
    public RestOutcome send(RestRequest request, Runnable onDispatch, Instant dispatchBy) {
        long call = tap.nextCallId();
        RestOutcome outcome = send(new OutboundCall(
                request,
                () -> {
                    tap.recordRequest(call, request);
                    onDispatch.run();
                },
                dispatchBy));
        tap.recordOutcome(call, request, outcome);
        return redactSecrets(request, outcome);
    }

    /**
     * The answer without the request's secrets, and its texts without any recorded secret: a server or a proxy may
     * repeat them.
     */
    private RestOutcome redactSecrets(RestRequest request, RestOutcome outcome) {
        if (!(outcome instanceof RestOutcome.Answered(int status, String continuation, String body))) {
            return outcome;
        }
        String clean = body;
        for (Secret secret : request.secretHeaders().values()) {
            clean = secret.redactIn(clean);
            secrets.addSecret(secret);
        }
        return new RestOutcome.Answered(status, continuation, secrets.redactTexts(clean));
    }

    private RestOutcome send(OutboundCall outbound) {
        Instant until = clock.instant().plus(timeLimit);
        // Each unfit connection is gone from the pool, so one beyond its size is a fresh one.
        for (int i = 0; i < connections; i++) {
            Optional<RestOutcome> outcome = sendOnce(outbound, until);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        return sendOnce(outbound, until).orElse(new RestOutcome.NotSent(Unfit.class.getSimpleName(), false));
    }

    /** Empty when the pooled connection was unfit: then nothing was sent. */
    private Optional<RestOutcome> sendOnce(OutboundCall outbound, Instant until) {
        RestRequest request = outbound.request();
        var started = new AtomicBoolean();
        var message = new HttpUriRequestBase(request.method(), URI.create(request.path()));
        message.setAbsoluteRequestUri(false);
        request.body().ifPresent(body -> message.setEntity(new SingleSendBody(body, outbound, clock, started)));
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(REQUEST, outbound);
        var cutOff = new AtomicBoolean();
        // A server that sends a byte now and then would defer the socket's own timeout forever.
        Timer.Handle alarm = timer.at(until, () -> {
            cutOff.set(true);
            message.cancel();
        });
        try {
            return Optional.of(client.execute(host, message, context, KisHttp::read));
        } catch (Unfit _) {
            return Optional.empty();
        } catch (IOException | RuntimeException trouble) {
            return Optional.of(failure(trouble, cutOff.get(), request.body().isEmpty() || started.get()));
        } finally {
            alarm.cancel();
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    private static RestOutcome read(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        byte[] bytes = entity == null ? new byte[0] : bytes(entity);
        Header continuation = response.getFirstHeader("tr_cont");
        return new RestOutcome.Answered(
                response.getCode(),
                continuation == null || continuation.getValue() == null
                        ? ""
                        : continuation.getValue().strip(),
                new String(bytes, StandardCharsets.UTF_8));
    }

    /** The body; of one that announces its length, into as many bytes: the library's own reader takes 8 KB for each. */
    private static byte[] bytes(HttpEntity entity) throws IOException {
        long length = entity.getContentLength();
        InputStream content = entity.getContent();
        if (content == null || length < 0 || length > ANSWER_BYTES_MAX) {
            byte[] bytes = EntityUtils.toByteArray(entity, ANSWER_BYTES_MAX);
            return bytes == null ? new byte[0] : bytes;
        }
        try (content) {
            return content.readNBytes((int) length);
        }
    }

    private static RestOutcome failure(Exception trouble, boolean cutOff, boolean sent) {
        // The class only: messages of I/O exceptions may quote what was being sent.
        String cause = trouble.getClass().getSimpleName();
        boolean timeout = cutOff || trouble instanceof InterruptedIOException;
        return sent ? new RestOutcome.Lost(cause, timeout) : new RestOutcome.NotSent(cause, timeout);
    }

    /** How many connections there are, and what they do. */
    public PoolState pool() {
        var stats = pool.getTotalStats();
        return new PoolState(
                stats.getLeased(), stats.getAvailable(), stats.getPending(), Math.min(stats.getMax(), connections));
    }

    private static PoolingHttpClientConnectionManager connections(Timeouts timeouts, Pool pool) {
        return new ChannelSockets()
                .setConnectionFactory(CheckedConnection::on)
                .setMaxConnTotal(pool.total())
                .setMaxConnPerRoute(pool.perRoute())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(timeouts.connect()))
                        .setSocketTimeout(Timeout.of(timeouts.response()))
                        .setValidateAfterInactivity(TimeValue.of(pool.validateAfter()))
                        .setTimeToLive(TimeValue.of(pool.timeToLive()))
                        .build())
                .build();
    }

    private static CloseableHttpClient open(Timeouts timeouts, PoolingHttpClientConnectionManager connections) {
        Timeout connect = Timeout.of(timeouts.connect());
        Timeout response = Timeout.of(timeouts.response());
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setRequestExecutor(new SecretHeaderExecutor())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(connect)
                        .setResponseTimeout(response)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                // Apache's default repeats a POST that was answered 503 or 429: that would be a second order.
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("kis-client")
                .build();
    }

    /** Sockets with a channel, by which it can be read without waiting whether there is input. */
    private static final class ChannelSockets extends PoolingHttpClientConnectionManagerBuilder {
        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(
                    _ -> SocketChannel.open().socket(),
                    ports,
                    names,
                    RegistryBuilder.<TlsSocketStrategy>create()
                            .register(URIScheme.HTTPS.id, tls)
                            .build());
        }
    }

    /** A body that can be written once: if anything below ever retries, it fails before the first byte. */
    private static final class SingleSendBody extends AbstractHttpEntity {
        private final byte[] bytes;
        private final OutboundCall outbound;
        private final InstantSource clock;
        private final AtomicBoolean started;

        SingleSendBody(Secret body, OutboundCall outbound, InstantSource clock, AtomicBoolean started) {
            super(JSON, null);
            this.bytes = body.reveal().getBytes(StandardCharsets.UTF_8);
            this.outbound = outbound;
            this.clock = clock;
            this.started = started;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            if (clock.instant().isAfter(outbound.dispatchBy())) {
                throw new DeadlinePassed();
            }
            if (!started.compareAndSet(false, true)) {
                throw new SecondSend();
            }
            outbound.onDispatch().run();
            out.write(bytes);
            out.flush();
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public boolean isStreaming() {
            return false;
        }

        @Override
        public long getContentLength() {
            return bytes.length;
        }

        @Override
        public InputStream getContent() {
            throw new UnsupportedOperationException("this body is only written");
        }

        @Override
        public void close() {}
    }

    private static final class DeadlinePassed extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** The connection is not safe for another request; nothing of it was sent. */
    private static final class Unfit extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static final class SecondSend extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Adds query and secret headers at the last step: the steps above write request lines and headers to their logs. */
    private static final class SecretHeaderExecutor extends HttpRequestExecutor {
        @Override
        public ClassicHttpResponse execute(
                ClassicHttpRequest bareRequest,
                HttpClientConnection connection,
                HttpResponseInformationCallback information,
                HttpContext context)
                throws IOException, HttpException {
            if (!(context.getAttribute(REQUEST) instanceof OutboundCall outbound)) {
                return super.execute(bareRequest, connection, information, context);
            }
            if (connection instanceof CheckedConnection checked && !checked.isReusable()) {
                throw new Unfit();
            }
            RestRequest request = outbound.request();
            if (request.body().isEmpty()) {
                outbound.onDispatch().run();
            }
            String query = request.query().reveal();
            var completeRequest = new BasicClassicHttpRequest(
                    bareRequest.getMethod(), query.isEmpty() ? request.path() : request.path() + "?" + query);
            completeRequest.setAuthority(bareRequest.getAuthority());
            completeRequest.setScheme(bareRequest.getScheme());
            completeRequest.setEntity(bareRequest.getEntity());
            List.of(bareRequest.getHeaders()).forEach(completeRequest::addHeader);
            request.headers().forEach(completeRequest::setHeader);
            request.secretHeaders().forEach((name, value) -> completeRequest.setHeader(name, value.reveal()));
            return super.execute(completeRequest, connection, limited(information), context);
        }

        /** Passes on a few interim answers: the library reads them as long as a server sends them. */
        private static HttpResponseInformationCallback limited(@Nullable HttpResponseInformationCallback information) {
            var count = new AtomicInteger();
            return (interim, connection, context) -> {
                if (count.incrementAndGet() > INTERIM_ANSWERS_MAX) {
                    throw new ProtocolException("more than " + INTERIM_ANSWERS_MAX + " interim answers");
                }
                if (information != null) {
                    information.execute(interim, connection, context);
                }
            };
        }
    }

    /**
     * Apache's own connection copies every byte into its wire log when that is turned on; this one cannot. And it checks
     * whether it may carry another request: one that the server has closed would lose an order's answer, one with
     * unsolicited input would give an order the answer of another.
     */
    private static final class CheckedConnection extends DefaultBHttpClientConnection
            implements ManagedHttpClientConnection {
        private Optional<Socket> socket = Optional.empty();
        /** Below TLS, if there is any. */
        private Optional<SocketChannel> channel = Optional.empty();
        /** Has what TLS has decrypted and no caller has read; the channel does not show that. */
        private Optional<InputStream> decrypted = Optional.empty();

        private Timeout timeout = Timeout.DISABLED;
        private Optional<SessionInputBuffer> read = Optional.empty();
        private boolean isUsed;

        CheckedConnection() {
            super(Http1Config.DEFAULT);
        }

        static ManagedHttpClientConnection on(@Nullable Socket socket) throws IOException {
            var connection = new CheckedConnection();
            if (socket != null) {
                connection.bind(socket);
            }
            return connection;
        }

        @Override
        public void bind(Socket bound) throws IOException {
            super.bind(bound);
            socket = Optional.of(bound);
            channel = Optional.ofNullable(bound.getChannel());
            timeout = Timeout.ofMilliseconds(bound.getSoTimeout());
        }

        @Override
        public void bind(SSLSocket encrypted, Socket below) throws IOException {
            bind(encrypted);
            channel = Optional.ofNullable(below.getChannel());
            decrypted = Optional.of(encrypted.getInputStream());
        }

        @Override
        public @Nullable Socket getSocket() {
            return socket.orElse(null);
        }

        @Override
        public void setSocketTimeout(Timeout requested) {
            super.setSocketTimeout(requested);
            timeout = requested;
        }

        boolean isReusable() throws IOException {
            // Until an answer had a body, the buffer is not known, and may have more than was read.
            return !isUsed || read.filter(buffer -> buffer.length() == 0).isPresent() && !isStale();
        }

        /**
         * Whether the server has closed the connection, or sent what was not requested. Apache's own check waits a millisecond
         * for input; this one reads what is there, and a connection with input is not used again.
         */
        @Override
        public boolean isStale() throws IOException {
            if (channel.isEmpty()) {
                return super.isStale();
            }
            SocketChannel below = channel.get();
            if (!below.isOpen() || decrypted.isPresent() && decrypted.get().available() > 0) {
                return true;
            }
            below.configureBlocking(false);
            try {
                return below.read(ByteBuffer.allocate(1)) != 0;
            } catch (IOException _) {
                return true;
            } finally {
                below.configureBlocking(true);
            }
        }

        @Override
        protected InputStream createContentInputStream(long length, SessionInputBuffer buffer, InputStream in) {
            read = Optional.of(buffer);
            return super.createContentInputStream(length, buffer, in);
        }

        @Override
        public void passivate() {
            isUsed = true;
            super.setSocketTimeout(Timeout.ZERO_MILLISECONDS);
        }

        @Override
        public void activate() {
            super.setSocketTimeout(timeout);
        }

        @Override
        public String toString() {
            return "connection "
                    + Integer.toHexString(System.identityHashCode(this)).toLowerCase(Locale.ROOT);
        }
    }
}
