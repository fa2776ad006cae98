package kr.kisgateway.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.client.core.RestOutcome;
import kr.kisgateway.client.core.RestRequest;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
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
 * Sends a request once and says what became of it. Nothing is repeated, redirected, or kept as a cookie; what is secret
 * about a request joins it below everything that writes logs.
 */
final class KisHttp implements AutoCloseable {
    /**
     * A request on its way.
     *
     * @param leaving told when the first byte is about to leave
     * @param notAfter the first byte of the body is not sent past this
     */
    private record Errand(RestRequest request, Runnable leaving, Instant notAfter) {}

    private static final ContentType JSON = ContentType.APPLICATION_JSON.withCharset(StandardCharsets.UTF_8);
    private static final int ANSWER_BYTES_MAX = 4 << 20;
    private static final String REQUEST = "kis.request";

    private final CloseableHttpClient client;
    private final HttpHost host;
    private final Duration longest;
    private final int connections;
    private final InstantSource clock;
    private final Timer timer;
    private final Tap tap;
    private final KnownSecrets secrets;

    KisHttp(URI base, Timeouts timeouts, Pool pool, InstantSource clock, Timer timer, Tap tap, KnownSecrets secrets) {
        this.tap = tap;
        this.secrets = secrets;
        this.host = HttpHost.create(base);
        this.longest = timeouts.response().multipliedBy(2);
        this.clock = clock;
        this.timer = timer;
        this.connections = pool.perRoute();
        this.client = open(timeouts, pool, clock);
    }

    /**
     * Sends {@code request}; never throws, whatever happens.
     *
     * @param leaving told when the first byte is about to leave
     * @param notAfter the first byte of the body is not sent past this
     */
    RestOutcome send(RestRequest request, Runnable leaving, Instant notAfter) {
        long call = tap.next();
        RestOutcome outcome = send(new Errand(
                request,
                () -> {
                    tap.leaves(call, request);
                    leaving.run();
                },
                notAfter));
        tap.ended(call, request, outcome);
        return withoutSecrets(request, outcome);
    }

    /**
     * The answer without what the request carried as secrets, and its texts without any that is known: a server or a proxy may
     * repeat them.
     */
    private RestOutcome withoutSecrets(RestRequest request, RestOutcome outcome) {
        if (!(outcome instanceof RestOutcome.Answered(int status, String more, String body))) {
            return outcome;
        }
        String clean = body;
        for (Secret secret : request.secretHeaders().values()) {
            clean = secret.hiddenIn(clean);
            secrets.learn(secret);
        }
        return new RestOutcome.Answered(status, more, secrets.hiddenInTexts(clean));
    }

    private RestOutcome send(Errand errand) {
        Instant until = clock.instant().plus(longest);
        // Each connection that turns out unfit is gone from the pool, so one beyond its size is a fresh one.
        for (int i = 0; i < connections; i++) {
            Optional<RestOutcome> outcome = sendOnce(errand, until);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        return sendOnce(errand, until).orElse(new RestOutcome.NotSent(Unfit.class.getSimpleName(), false));
    }

    /** Empty when the connection that the pool gave was unfit: then nothing was sent. */
    private Optional<RestOutcome> sendOnce(Errand errand, Instant until) {
        RestRequest request = errand.request();
        var started = new AtomicBoolean();
        var message = new HttpUriRequestBase(request.method(), URI.create(request.path()));
        message.setAbsoluteRequestUri(false);
        request.body().ifPresent(body -> message.setEntity(new BodyOnce(body, errand, clock, started)));
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(REQUEST, errand);
        var cutOff = new AtomicBoolean();
        // A server that sends a byte now and then would hold the socket's own timeout off for ever.
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
        byte[] bytes = entity == null ? new byte[0] : EntityUtils.toByteArray(entity, ANSWER_BYTES_MAX);
        Header more = response.getFirstHeader("tr_cont");
        return new RestOutcome.Answered(
                response.getCode(),
                more == null || more.getValue() == null ? "" : more.getValue().strip(),
                new String(bytes == null ? new byte[0] : bytes, StandardCharsets.UTF_8));
    }

    private static RestOutcome failure(Exception trouble, boolean cutOff, boolean sent) {
        // The class alone: messages of I/O exceptions may quote what was being sent.
        String cause = trouble.getClass().getSimpleName();
        boolean timeout = cutOff || trouble instanceof InterruptedIOException;
        return sent ? new RestOutcome.Lost(cause, timeout) : new RestOutcome.NotSent(cause, timeout);
    }

    private static CloseableHttpClient open(Timeouts timeouts, Pool pool, InstantSource clock) {
        Timeout connect = Timeout.of(timeouts.connect());
        Timeout response = Timeout.of(timeouts.response());
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(socket -> QuietConnection.on(socket, clock))
                .setMaxConnTotal(pool.total())
                .setMaxConnPerRoute(pool.perRoute())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(response)
                        .setValidateAfterInactivity(TimeValue.of(pool.validateAfter()))
                        .setTimeToLive(TimeValue.of(pool.timeToLive()))
                        .build())
                .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setRequestExecutor(new SecretsLast())
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

    /** A body that can be written once: should anything below ever try again, it fails before the first byte. */
    private static final class BodyOnce extends AbstractHttpEntity {
        private final byte[] bytes;
        private final Errand errand;
        private final InstantSource clock;
        private final AtomicBoolean started;

        BodyOnce(Secret body, Errand errand, InstantSource clock, AtomicBoolean started) {
            super(JSON, null);
            this.bytes = body.reveal().getBytes(StandardCharsets.UTF_8);
            this.errand = errand;
            this.clock = clock;
            this.started = started;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            if (clock.instant().isAfter(errand.notAfter())) {
                throw new DeadlinePassed();
            }
            if (!started.compareAndSet(false, true)) {
                throw new SecondSend();
            }
            errand.leaving().run();
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

    /** The connection cannot be trusted with another request; nothing of it was sent. */
    private static final class Unfit extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static final class SecondSend extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Adds query and secret headers at the last step: the steps above write request lines and headers to their logs. */
    private static final class SecretsLast extends HttpRequestExecutor {
        @Override
        public ClassicHttpResponse execute(
                ClassicHttpRequest bare,
                HttpClientConnection connection,
                HttpResponseInformationCallback information,
                HttpContext context)
                throws IOException, HttpException {
            if (!(context.getAttribute(REQUEST) instanceof Errand errand)) {
                return super.execute(bare, connection, information, context);
            }
            if (connection instanceof QuietConnection quiet && !quiet.isFit()) {
                throw new Unfit();
            }
            RestRequest request = errand.request();
            if (request.body().isEmpty()) {
                errand.leaving().run();
            }
            String query = request.query().reveal();
            var whole = new BasicClassicHttpRequest(
                    bare.getMethod(), query.isEmpty() ? request.path() : request.path() + "?" + query);
            whole.setAuthority(bare.getAuthority());
            whole.setScheme(bare.getScheme());
            whole.setEntity(bare.getEntity());
            List.of(bare.getHeaders()).forEach(whole::addHeader);
            request.headers().forEach(whole::setHeader);
            request.secretHeaders().forEach((name, value) -> whole.setHeader(name, value.reveal()));
            return super.execute(whole, connection, information, context);
        }
    }

    /**
     * Apache's own connection copies every byte into its wire log when that is turned on; this one cannot. And it knows
     * whether it may carry another request: one that the server has closed would lose an order's answer, one on which
     * something came that nobody had asked for would give an order the answer of another.
     */
    private static final class QuietConnection extends DefaultBHttpClientConnection
            implements ManagedHttpClientConnection {
        /** A pause within which a server is not expected to close what it has just answered on. */
        private static final Duration TRUSTED = Duration.ofMillis(20);

        private Optional<Socket> socket = Optional.empty();
        private Timeout timeout = Timeout.DISABLED;
        private final InstantSource clock;
        private Optional<SessionInputBuffer> read = Optional.empty();
        private Optional<Instant> restingSince = Optional.empty();

        QuietConnection(InstantSource clock) {
            super(Http1Config.DEFAULT);
            this.clock = clock;
        }

        static ManagedHttpClientConnection on(@Nullable Socket socket, InstantSource clock) throws IOException {
            var connection = new QuietConnection(clock);
            if (socket != null) {
                connection.bind(socket);
            }
            return connection;
        }

        @Override
        public void bind(Socket bound) throws IOException {
            super.bind(bound);
            socket = Optional.of(bound);
            timeout = Timeout.ofMilliseconds(bound.getSoTimeout());
        }

        @Override
        public @Nullable Socket getSocket() {
            return socket.orElse(null);
        }

        @Override
        public void setSocketTimeout(Timeout wanted) {
            super.setSocketTimeout(wanted);
            timeout = wanted;
        }

        /** Looking for an end costs a millisecond, so it is done only where there was time for one to arrive. */
        boolean isFit() throws IOException {
            if (restingSince.isEmpty() || socket.isEmpty()) {
                return true;
            }
            Duration rested = Duration.between(restingSince.get(), clock.instant());
            boolean ended = rested.compareTo(TRUSTED) > 0 && isStale();
            return !ended
                    && read.map(SessionInputBuffer::length).orElse(0) == 0
                    && socket.get().getInputStream().available() == 0;
        }

        @Override
        protected InputStream createContentInputStream(long length, SessionInputBuffer buffer, InputStream in) {
            read = Optional.of(buffer);
            return super.createContentInputStream(length, buffer, in);
        }

        @Override
        public void passivate() {
            restingSince = Optional.of(clock.instant());
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
