package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.CallForwarder.Owner;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections to the gateway of the cluster that owns the accounts, on one of its ports. What it did not answer becomes a refusal. */
final class OwnerLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    /** Longer than any call lasts, also one that waits for a person's answer. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(180);
    /** Before the owner closes an idle connection: a call sent meanwhile would be in doubt. */
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(20);

    private static final Duration RETRY = Duration.ofSeconds(1);
    /** Between two trials: the owner may be known, and not listen yet. */
    private static final Duration TRIAL = Duration.ofMillis(200);
    /** The same where the owner judged the call: each trial counts for the caller's limits. */
    private static final Duration ANSWERED_TRIAL = Duration.ofSeconds(1);

    private static final int ASCII_END = 0x80;
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

    /** Headers of a connection, and those that the library sets. */
    static final Set<String> NOT_PASSED_ON = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect",
            "content-length",
            "host",
            "date",
            "server");

    private final Supplier<Optional<Owner>> owner;
    private final Optional<SSLContext> tls;
    private final String node;
    private final int connectionsMax;
    private final HandOver handOver;
    private final AtomicReference<Optional<Open>> link = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Known> known;
    private final LongAdder forwarded = new LongAdder();
    private final LongAdder withoutOwner = new LongAdder();
    private final LongAdder inDoubt = new LongAdder();

    /**
     * A client of one owner, which ends with its ownership.
     *
     * @param sinceNanos when this gateway first knew the owner
     */
    record Open(Owner owner, HttpHost host, CloseableHttpClient client, long sinceNanos) {}

    /** Who owns the accounts, and since when this gateway knows. */
    private record Known(Optional<Owner> owner, long sinceNanos) {}

    /**
     * @param owner empty while there is none, or it is this gateway
     * @param tls for owners with an encrypted address
     * @param node name of this gateway
     * @param connectionsMax connections to the owner, which counts them by address
     * @param handOver of the accounts, at this gateway
     */
    OwnerLink(
            Supplier<Optional<Owner>> owner,
            Optional<SSLContext> tls,
            String node,
            int connectionsMax,
            HandOver handOver) {
        this.owner = owner;
        this.tls = tls;
        this.node = node;
        this.connectionsMax = connectionsMax;
        this.handOver = handOver;
        // The owner at the start of this gateway may have been it for long.
        this.known = new AtomicReference<>(new Known(owner.get(), handOver.longAgo()));
    }

    long forwarded() {
        return forwarded.sum();
    }

    long withoutOwner() {
        return withoutOwner.sum();
    }

    long inDoubt() {
        return inDoubt.sum();
    }

    /**
     * An answer of the owner.
     *
     * @param untouched whether it did nothing with the call, and the next trial may find one that does
     */
    record Answered<T>(T answer, boolean untouched) {}

    /** Its answer has begun: a call that was passed on, and waits no more. */
    void answered(Optional<HandOver.Wait> waits) {
        handOver.ownerAnswered();
        forwarded.increment();
        waits.ifPresent(HandOver.Wait::close);
    }

    /** One trial of a call, which reports an answer that is not untouched by {@link #answered} when it begins. */
    interface Trial<T> {
        /** @throws IOException when the owner did not answer */
        Answered<T> run(Open open) throws IOException;
    }

    /**
     * Tries a call until an owner has it, and returns its answer. A trial follows another only when nothing was done with the first.
     *
     * @param waits of a call that waits while the accounts change their owner; empty where it is refused
     * @throws RefusedException {@link ErrorCode#NO_OWNER} when no gateway did anything with it, {@link ErrorCode#OWNER_UNAVAILABLE}
     *     when its answer was lost
     */
    <T> T call(String method, Optional<HandOver.Wait> waits, Trial<T> trial) {
        while (true) {
            Optional<Open> open = current();
            if (open.isPresent()) {
                try {
                    Answered<T> answered = trial.run(open.get());
                    if (!answered.untouched()) {
                        return answered.answer();
                    }
                    if (!isTriedAgain(waits, ANSWERED_TRIAL)) {
                        forwarded.increment();
                        return answered.answer();
                    }
                } catch (IOException e) {
                    if (!isUnsent(e)) {
                        throw lost(e, method, open.get().owner());
                    }
                    // A place in the pool is missing: the owner has the calls that take all of them.
                    if (e instanceof ConnectionRequestTimeoutException || !isTriedAgain(waits, TRIAL)) {
                        throw unreachable(e, false, open.get().owner());
                    }
                }
            } else if (!isTriedAgain(waits, TRIAL)) {
                throw noOwner("No gateway that owns the accounts can be reached at the moment: repeat the call.");
            }
        }
    }

    private static boolean isTriedAgain(Optional<HandOver.Wait> waits, Duration pause) {
        return waits.map(it -> it.awaitTrial(pause)).orElse(false);
    }

    /** The waits of a call from {@code address}. */
    HandOver.Wait waitOf(String address) {
        return handOver.waitOf(address);
    }

    /** Whether a method changes nothing. */
    static boolean isSafe(String method) {
        return SAFE_METHODS.contains(method);
    }

    /** The answer to a call; the caller closes it. */
    static ClassicHttpResponse execute(Open open, BasicClassicHttpRequest request) throws IOException {
        HttpClientContext context = HttpClientContext.create();
        try {
            return open.client().executeOpen(open.host(), request, context);
        } catch (IllegalStateException e) {
            // The client was closed. It knows the request from when it has a connection for it.
            throw context.getRequest() == null ? new NotSentException(e) : new IOException(e);
        }
    }

    /** The client was closed before the call had a connection, because another gateway is the owner now. */
    private static final class NotSentException extends IOException {
        private static final long serialVersionUID = 1L;

        NotSentException(IllegalStateException cause) {
            super("the client of a former owner", cause);
        }
    }

    /** Path and query in ASCII, so that the owner reads what was signed. */
    static String target(String path, String query) {
        String target = query.isEmpty() ? path : path + '?' + query;
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(target)) {
            return target;
        }
        return target.codePoints()
                .mapToObj(Character::toString)
                .map(it -> it.codePointAt(0) < ASCII_END ? it : URLEncoder.encode(it, StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }

    /**
     * Whether a header of a call is passed on, by its name in lower case. This gateway has judged the page that called: the owner has
     * another host.
     *
     * @param connection the value of the header {@code Connection}
     */
    static Predicate<String> passedOn(Optional<String> connection) {
        var names = new HashSet<>(NOT_PASSED_ON);
        connection.ifPresent(value -> Arrays.stream(value.split(","))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .forEach(names::add));
        return name -> !names.contains(name) && !name.equals("origin") && !name.startsWith("sec-fetch-");
    }

    private static boolean isUnsent(IOException e) {
        return e instanceof NotSentException
                || e instanceof ConnectTimeoutException
                || e instanceof HttpHostConnectException
                || e instanceof NoRouteToHostException
                || e instanceof ConnectionRequestTimeoutException
                || e instanceof UnknownHostException
                || e instanceof SSLHandshakeException;
    }

    /** The refusal of a call that {@code to} did not answer; it may have done something. */
    private RefusedException lost(IOException cause, String method, Owner to) {
        if (isSafe(method)) {
            return unreachable(cause, true, to);
        }
        LOG.warn("call_not_forwarded owner={} sent=true cause=\"{}\"", to.node(), cause.toString());
        forwarded.increment();
        inDoubt.increment();
        return new RefusedException(Refusal.of(
                        ErrorCode.OWNER_UNAVAILABLE,
                        "Gateway " + to.node() + " has the call and did not answer it to " + node + ".")
                .retryAfter(RETRY));
    }

    /** The refusal of a call that can be repeated. */
    private RefusedException unreachable(IOException cause, boolean sent, Owner to) {
        LOG.warn("call_not_forwarded owner={} sent={} cause=\"{}\"", to.node(), sent, cause.toString());
        return noOwner("Gateway " + to.node() + " owns the accounts and cannot be reached from " + node
                + ": repeat the call.");
    }

    RefusedException noOwner(String message) {
        withoutOwner.increment();
        return new RefusedException(Refusal.of(ErrorCode.NO_OWNER, message).retryAfter(RETRY));
    }

    /** The client of the present owner; empty without one. That of a former one is closed, with the calls that wait for it. */
    private Optional<Open> current() {
        // In this order: an owner that was read before the client could close that of the next one.
        Optional<Open> before = link.get();
        Optional<Owner> now = owner.get();
        if (before.map(Open::owner).equals(now)) {
            return before;
        }
        Optional<Open> next = now.map(this::connect);
        if (link.compareAndSet(before, next)) {
            before.ifPresent(OwnerLink::close);
            handOver.ownerChanged();
            return next;
        }
        next.ifPresent(OwnerLink::close);
        return link.get();
    }

    /** Ends calls that wait for a gateway that is the owner no longer; the client of another is made with its first call. */
    void ownerChanged() {
        Optional<Open> before = link.get();
        Optional<Owner> now = owner.get();
        sinceOf(now);
        if (!before.map(Open::owner).equals(now)) {
            if (link.compareAndSet(before, Optional.empty())) {
                before.ifPresent(OwnerLink::close);
            }
            handOver.ownerChanged();
        }
    }

    /** Since when this gateway knows the present owner; one that was away for a moment has not just begun. */
    private long sinceOf(Optional<Owner> now) {
        return known.updateAndGet(it -> now.isEmpty() || it.owner().equals(now) ? it : new Known(now, handOver.nanos()))
                .sinceNanos();
    }

    private Open connect(Owner to) {
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(connectionsMax)
                .setMaxConnPerRoute(connectionsMax)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(CONNECT_LIMIT))
                        .setSocketTimeout(Timeout.of(ANSWER_LIMIT))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build());
        tls.ifPresent(it -> connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(it)));
        var client = HttpClients.custom()
                .setConnectionManager(connections.build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(CONNECT_LIMIT))
                        .setResponseTimeout(Timeout.of(ANSWER_LIMIT))
                        .build())
                .evictIdleConnections(TimeValue.of(IDLE_LIMIT))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableDefaultUserAgent()
                .build();
        return new Open(to, HttpHost.create(to.address()), client, sinceOf(Optional.of(to)));
    }

    private static void close(Open link) {
        link.client().close(CloseMode.IMMEDIATE);
    }

    @Override
    public void close() {
        link.getAndSet(Optional.empty()).ifPresent(OwnerLink::close);
    }
}
