package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.edge.AnyPathListener.Request;
import kr.kisgateway.edge.SocketOutbox;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.CallForwarder.Owner;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the calls and WebSockets of a listener without routes on to the same listener of the owner, under the caller's address. A
 * WebSocket has one of its own there, and both end together; it ends, too, when another gateway becomes the owner.
 */
public final class ListenerForwarder implements AnyPathListener.Calls, AnyPathListener.Sockets, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration SEND_LIMIT = Duration.ofSeconds(5);
    private static final Duration CHECK = Duration.ofSeconds(1);
    /** From the upgrade to an open WebSocket: its program may have gone meanwhile. */
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);
    /** From a close frame to the program's answer to it. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private static final int ANSWER_BYTES_MAX = 8 << 20;
    /** A message of the owner: some hundred records. */
    private static final int MESSAGE_CHARS_MAX = 1 << 20;
    /** Frames that wait for a slow program, as at the owner. */
    private static final int QUEUE = 4_096;

    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;
    private static final int TRY_AGAIN_LATER = 1013;
    private static final String SOCKET_TARGET = "/";

    private final Supplier<Optional<Owner>> owner;
    private final OwnerLink link;
    private final NodeSignature signature;
    private final Refusals refusals;
    private final Bounds bounds;
    private final LongSupplier nanos;
    private final HttpClient client;
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();

    /**
     * @param calls connections for calls to the owner, which counts all of an edge by its address
     * @param sockets WebSockets at once, which the owner counts with them
     * @param socketsOfNetwork of these, of one network other than this machine
     */
    public record Bounds(int calls, int sockets, int socketsOfNetwork) {
        /** @param connections that the owner lets one address have */
        public static Bounds of(int connections) {
            int sockets = connections * 2 / 3;
            return new Bounds(Math.max(1, connections - sockets), sockets, sockets / 2);
        }
    }

    /**
     * Refusals in the listener's protocol.
     *
     * @param unreadable answers a call that cannot be read, by its status
     * @param refused answers a call that the owner did not
     */
    public record Refusals(IntFunction<Answer.Text> unreadable, BiFunction<Request, Refusal, Answer.Text> refused) {}

    /**
     * @param owner with the address of its listener; empty while there is none
     * @param tls for owners with an encrypted address
     * @param signature of this gateway
     * @param node name of this gateway
     * @param handOver for which calls wait
     * @param nanos a clock that never goes back
     */
    public ListenerForwarder(
            Supplier<Optional<Owner>> owner,
            Optional<SSLContext> tls,
            NodeSignature signature,
            String node,
            Bounds bounds,
            Refusals refusals,
            HandOver handOver,
            LongSupplier nanos) {
        this.owner = owner;
        this.link = new OwnerLink(owner, tls, node, bounds.calls(), handOver);
        this.signature = signature;
        this.bounds = bounds;
        this.nanos = nanos;
        this.refusals = refusals;
        var builder = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).version(HttpClient.Version.HTTP_1_1);
        tls.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    /** Calls passed on so far. */
    public long forwarded() {
        return link.forwarded();
    }

    /** Calls refused so far because no owner could be reached. */
    public long withoutOwner() {
        return link.withoutOwner();
    }

    /** Calls passed on so far whose answer was lost. */
    public long inDoubt() {
        return link.inDoubt();
    }

    /** Open WebSockets. */
    public int sockets() {
        return relays.size();
    }

    /** Ends calls and WebSockets of a gateway that is the owner no longer. */
    public void ownerChanged() {
        link.ownerChanged();
        check();
    }

    /** The same as a repeated task. */
    public Duration check() {
        Optional<Owner> now = owner.get();
        relays.forEach(relay -> relay.check(now, nanos.getAsLong()));
        return CHECK;
    }

    @Override
    public Answer.Text refuse(int status) {
        return refusals.unreadable().apply(status);
    }

    @Override
    public Answer answer(Request request) {
        try {
            if (request.headers().containsKey(ForwardedCall.HEADER_IN_LOWER_CASE)) {
                throw link.noOwner("This gateway does not pass on what another passed on.");
            }
            return forward(request);
        } catch (RefusedException e) {
            return refusals.refused().apply(request, e.refusal());
        } catch (RuntimeException e) {
            // Nothing of the gateway leaks into another protocol; the owner may have the call.
            LOG.error("call_not_forwarded path={}", request.path(), e);
            return refusals.refused()
                    .apply(request, Refusal.of(ErrorCode.OWNER_UNAVAILABLE, "The call could not be passed on."));
        }
    }

    private Answer forward(Request request) {
        Charset charset = charset(request);
        if (!charset.canEncode()) {
            return refuse(BAD_REQUEST);
        }
        String target = OwnerLink.target(request.path(), request.queryText());
        if (!OwnerLink.isSafe(request.method())) {
            // These have no idempotency key: an order must not be sent after its program has given up.
            return forward(request, target, charset, Optional.empty());
        }
        try (var waits = link.waitOf(request.address())) {
            return forward(request, target, charset, Optional.of(waits));
        }
    }

    private Answer forward(Request request, String target, Charset charset, Optional<HandOver.Wait> waits) {
        return link.call(request.method(), waits, open -> {
            try (ClassicHttpResponse response = OwnerLink.execute(open, copy(request, target, charset, open.host()))) {
                Answer answer = answer(response);
                link.answered(waits);
                return new OwnerLink.Answered<>(answer, false);
            }
        });
    }

    private BasicClassicHttpRequest copy(Request request, String target, Charset charset, HttpHost host) {
        var call = new BasicClassicHttpRequest(request.method(), host, target);
        var isPassedOn =
                OwnerLink.passedOn(Optional.ofNullable(request.headers().get("connection")));
        request.headers().forEach((name, value) -> {
            if (isPassedOn.test(name)) {
                call.setHeader(name, value);
            }
        });
        call.setHeader(ForwardedCall.HEADER, forwarded(request.address(), request.method(), target));
        if (!request.body().isEmpty()) {
            call.setEntity(new ByteArrayEntity(request.body().getBytes(charset), null));
        }
        return call;
    }

    private String forwarded(String address, String method, String target) {
        return ForwardedCall.from(address, true).header(signature, method, target);
    }

    /** That in which the body was read. */
    private static Charset charset(Request request) {
        return Optional.ofNullable(ContentType.parseLenient(request.headers().get("content-type")))
                .map(type -> type.getCharset(StandardCharsets.UTF_8))
                .orElse(StandardCharsets.UTF_8);
    }

    private static Answer answer(ClassicHttpResponse response) throws IOException {
        byte[] body = new byte[0];
        if (response.getEntity() != null) {
            try (InputStream content = response.getEntity().getContent()) {
                body = content.readNBytes(ANSWER_BYTES_MAX);
                if (body.length == ANSWER_BYTES_MAX) {
                    throw new IOException("an answer of " + ANSWER_BYTES_MAX + " bytes or more");
                }
            }
        }
        String type = "";
        Map<String, String> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            String name = header.getName().toLowerCase(Locale.ROOT);
            if (name.equals("content-type")) {
                type = header.getValue();
            } else if (!OwnerLink.NOT_PASSED_ON.contains(name)) {
                headers.put(header.getName(), header.getValue());
            }
        }
        return new Answer.Encoded(response.getCode(), type, headers, body);
    }

    @Override
    public OptionalInt refusal(String address) {
        var network = ClientNetwork.of(address);
        boolean full = relays.size() >= bounds.sockets()
                || !network.isLoopbackAddress()
                        && relays.stream()
                                        .filter(it -> it.network.equals(network))
                                        .count()
                                >= bounds.socketsOfNetwork();
        return full || owner.get().isEmpty() ? OptionalInt.of(UNAVAILABLE) : OptionalInt.empty();
    }

    @Override
    public AnyPathListener.Socket open(String address) {
        var relay = new Relay(address);
        relays.add(relay);
        return relay;
    }

    @Override
    public void close() {
        relays.forEach(Relay::end);
        link.close();
        client.shutdownNow();
    }

    /** The WebSocket of a program, and the one at the owner that belongs to it. */
    private final class Relay implements AnyPathListener.Socket, WebSocket.Listener {
        private final String address;
        private final InetAddress network;
        private final long createdNanos = nanos.getAsLong();
        private final CompletableFuture<SocketOutbox> outbox = new CompletableFuture<>();
        private final StringBuilder message = new StringBuilder();
        private volatile Optional<Owner> to = Optional.empty();
        private volatile Optional<WebSocket> upstream = Optional.empty();
        private volatile OptionalLong closingNanos = OptionalLong.empty();
        private volatile boolean ended;

        Relay(String address) {
            this.address = address;
            this.network = ClientNetwork.of(address);
        }

        @Override
        public void opened(SocketOutbox opened) {
            outbox.complete(opened);
            to = owner.get();
            if (ended) {
                opened.drop();
            } else if (to.isEmpty() || !connect(to.get())) {
                ended = true;
                upstream.ifPresent(WebSocket::abort);
                close(opened, TRY_AGAIN_LATER, "no gateway owns the accounts at the moment");
            }
        }

        private boolean connect(Owner at) {
            try {
                client.newWebSocketBuilder()
                        .connectTimeout(CONNECT_LIMIT)
                        .header(ForwardedCall.HEADER, forwarded(address, "GET", SOCKET_TARGET))
                        .buildAsync(at.socket(SOCKET_TARGET), this)
                        .get(CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn("socket_not_forwarded owner={} cause=\"{}\"", at.node(), e.toString());
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /** May come after this relay has ended: then the owner's WebSocket ends, too. */
        @Override
        public void onOpen(WebSocket opened) {
            upstream = Optional.of(opened);
            if (ended) {
                opened.abort();
            } else {
                opened.request(1);
            }
        }

        /** One at a time, and the next is read from the program when it has left: the owner's rate is the program's. */
        @Override
        public void text(String text) {
            upstream.ifPresent(socket -> await(socket.sendText(text, true)));
        }

        @Override
        public void pong() {
            upstream.ifPresent(socket -> await(socket.sendPong(ByteBuffer.allocate(0))));
        }

        private void await(CompletableFuture<WebSocket> sent) {
            try {
                sent.get(SEND_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("socket_not_sent cause=\"{}\"", e.toString());
                end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void closed(int code) {
            ended = true;
            relays.remove(this);
            upstream.ifPresent(WebSocket::abort);
        }

        @Override
        public int queueCapacity() {
            return QUEUE;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            if (message.length() + data.length() > MESSAGE_CHARS_MAX) {
                end();
                return CompletableFuture.completedFuture(true);
            }
            message.append(data);
            if (last) {
                String text = message.toString();
                message.setLength(0);
                outbox.join().send(text);
            }
            from.request(1);
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            close(outbox.join(), code, reason);
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            end();
        }

        private void close(SocketOutbox opened, int code, String reason) {
            closingNanos = OptionalLong.of(nanos.getAsLong());
            opened.close(code, reason);
        }

        void check(Optional<Owner> now, long atNanos) {
            if (!outbox.isDone()) {
                if (atNanos - createdNanos > OPEN_LIMIT.toNanos()) {
                    ended = true;
                    relays.remove(this);
                }
                return;
            }
            OptionalLong closing = closingNanos;
            boolean unanswered = closing.isPresent() && atNanos - closing.getAsLong() > CLOSE_LIMIT.toNanos();
            if (unanswered || to.isPresent() && !to.equals(now)) {
                end();
            }
        }

        /** Without a close frame, as a connection that breaks. */
        void end() {
            ended = true;
            upstream.ifPresent(WebSocket::abort);
            if (outbox.isDone()) {
                outbox.join().drop();
            }
        }
    }
}
