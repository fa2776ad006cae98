package kr.kisgateway.gateway.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.OwnerLink.Answered;
import kr.kisgateway.gateway.http.OwnerLink.Open;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Passes calls on to the gateway of the cluster that owns the accounts, and its answers back. While they change their owner, calls
 * wait. Nothing is sent twice: a call whose answer was lost is refused with {@link ErrorCode#OWNER_UNAVAILABLE}, unless it changes nothing.
 */
public final class CallForwarder implements CallHandler, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Connections to the owner, which counts them by address. */
    private static final int CONNECTIONS_MAX = 200;

    /** A new order of a key, which makes a repetition the same call. */
    private static final Pattern PLACED = Pattern.compile("/v1/(orders|parents)");
    /** Ends what it names, whenever it is done. */
    private static final Pattern CANCELLED = Pattern.compile("/v1/(orders|parents)/[^/]+/cancel");

    private static final Duration RETRY = Duration.ofSeconds(1);
    /** An answer up to this size leaves its connection before its reader has it. */
    private static final int BUFFERED_MAX = 1 << 20;
    /** Longer answers, and answers without end, at a time. */
    private static final int STREAMED_MAX = 64;

    private static final int CHUNK = 16 * 1024;
    private final OwnerLink link;
    private final NodeSignature signature;
    private final boolean keysRequired;
    private final LoginCookie cookie;
    private final String node;
    private final HandOver handOver;
    private final Semaphore streams = new Semaphore(STREAMED_MAX);

    /**
     * The gateway that owns the accounts now.
     *
     * @param epoch of its ownership
     */
    public record Owner(String node, long epoch, URI address) {
        /** The address of a WebSocket of it. */
        public URI socket(String path) {
            return URI.create(address.toString().replaceFirst("^http", "ws") + path);
        }
    }

    /** An answer of the owner, or its beginning. */
    private record Received(Owner from, ClassicHttpResponse response, byte[] body, boolean complete) {}

    /**
     * @param owner empty while there is none, or it is this gateway
     * @param tls for owners with an encrypted address
     * @param signature of this gateway
     * @param keysRequired whether callers of this gateway need a key
     * @param cookie of a login at this gateway
     * @param node name of this gateway
     * @param handOver for which calls wait
     */
    public CallForwarder(
            Supplier<Optional<Owner>> owner,
            Optional<SSLContext> tls,
            NodeSignature signature,
            boolean keysRequired,
            LoginCookie cookie,
            String node,
            HandOver handOver) {
        this.link = new OwnerLink(owner, tls, node, CONNECTIONS_MAX, handOver);
        this.handOver = handOver;
        this.signature = signature;
        this.keysRequired = keysRequired;
        this.cookie = cookie;
        this.node = node;
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

    /**
     * Passes a call on and answers it. Questions, new orders with an idempotency key, and cancels wait while the accounts change their
     * owner: a switch or a price that is set late, when its caller may have given up, could undo a later one.
     */
    @Override
    public void handle(Call call) {
        if (!mayWait(call.context())) {
            forward(call, Optional.empty());
            return;
        }
        try (var waits = link.waitOf(call.context().req().getRemoteAddr())) {
            forward(call, Optional.of(waits));
        }
    }

    /** The same, and is refused where it would have to wait. */
    public void handleAtOnce(Call call) {
        forward(call, Optional.empty());
    }

    private static boolean mayWait(Context context) {
        String path = context.req().getRequestURI();
        return OwnerLink.isSafe(context.req().getMethod())
                || PLACED.matcher(path).matches()
                        && !Optional.ofNullable(context.header("Idempotency-Key"))
                                .orElse("")
                                .isBlank()
                || CANCELLED.matcher(path).matches();
    }

    /** An answer that was passed on: its status and its body. */
    public record Passed(int status, byte[] body) {}

    /**
     * The same, and shows the answer if it is short.
     *
     * @throws RefusedException {@link ErrorCode#NO_OWNER} when nothing was done
     */
    public Passed forwardAndShow(Call call) {
        Received received = forward(call, Optional.empty());
        return received.complete()
                ? new Passed(received.response().getCode(), received.body())
                : new Passed(0, new byte[0]);
    }

    private Received forward(Call call, Optional<HandOver.Wait> waits) {
        Context context = call.context();
        byte[] body = call.hasBody() ? call.bodyBytes() : new byte[0];
        String method = context.req().getMethod();
        String target = target(context);
        if (context.header(ForwardedCall.HEADER) != null) {
            throw link.noOwner(
                    "Gateway " + node + " does not own the accounts, and does not pass on what another passed on.");
        }
        Received received = link.call(method, waits, open -> {
            try (ClassicHttpResponse response = OwnerLink.execute(open, copy(context, body, target, open))) {
                Received read = read(open.owner(), response);
                boolean untouched = read.complete() && isUntouched(read, open);
                if (!untouched) {
                    link.answered(waits);
                }
                if (!read.complete()) {
                    passLong(context, read);
                }
                return new Answered<>(read, untouched);
            }
        });
        if (received.complete()) {
            pass(context, received);
        }
        return received;
    }

    private BasicClassicHttpRequest copy(Context context, byte[] body, String target, Open open) {
        String method = context.req().getMethod();
        var request = new BasicClassicHttpRequest(method, open.host(), target);
        copyHeaders(context, request, open.owner());
        request.setHeader(ErrorAnswer.TRACE_HEADER, Call.traceId(context));
        request.setHeader(
                ForwardedCall.HEADER,
                ForwardedCall.from(context.req().getRemoteAddr(), keysRequired).header(signature, method, target));
        if (body.length > 0) {
            request.setEntity(new ByteArrayEntity(body, null));
        }
        return request;
    }

    /**
     * Whether the owner did nothing with the call because it stops, has given the accounts away, or has just got them and is not ready
     * to trade.
     */
    private boolean isUntouched(Received received, Open open) {
        if (received.response().getCode() != ErrorCode.NOT_READY.status()) {
            return false;
        }
        JsonNode refusal = refusal(received.body());
        String code = refusal.path("code").asString("");
        // What stops has no blockers: its listener refuses, not its desk.
        boolean stops = refusal.path("details").path("blockers").isMissingNode();
        return code.equals(ErrorCode.NO_OWNER.name())
                || code.equals(ErrorCode.NOT_READY.name()) && (stops || handOver.isRecent(open.sinceNanos()));
    }

    private static JsonNode refusal(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return MissingNode.getInstance(); // not of the API
        }
    }

    private static String target(Context context) {
        return OwnerLink.target(
                context.req().getRequestURI(),
                Optional.ofNullable(context.req().getQueryString()).orElse(""));
    }

    private void copyHeaders(Context context, BasicClassicHttpRequest request, Owner to) {
        var isPassedOn = OwnerLink.passedOn(Optional.ofNullable(context.header("Connection")));
        for (String name : Collections.list(context.req().getHeaderNames())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!isPassedOn.test(lower)) {
                continue;
            }
            for (String value : Collections.list(context.req().getHeaders(name))) {
                request.addHeader(
                        name,
                        lower.equals("cookie")
                                ? value.replace(
                                        cookie.name() + '=', cookieOf(to).name() + '=')
                                : value);
            }
        }
    }

    private static LoginCookie cookieOf(Owner owner) {
        return LoginCookie.of(owner.address().getPort(), false);
    }

    private static Received read(Owner from, ClassicHttpResponse response) throws IOException {
        if (response.getEntity() == null) {
            return new Received(from, response, new byte[0], true);
        }
        if (isEvents(response)) {
            return new Received(from, response, new byte[0], false);
        }
        byte[] body = response.getEntity().getContent().readNBytes(BUFFERED_MAX);
        return new Received(from, response, body, body.length < BUFFERED_MAX);
    }

    private static boolean isEvents(ClassicHttpResponse response) {
        Header type = response.getFirstHeader("Content-Type");
        return type != null
                && (type.getValue().startsWith(Call.EVENTS) || type.getValue().startsWith(Call.LINES));
    }

    private void pass(Context context, Received received) {
        copyHeaders(context, received.from(), received.response());
        try {
            context.res().setContentLength(received.body().length);
            context.res().getOutputStream().write(received.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void passLong(Context context, Received received) {
        if (!streams.tryAcquire()) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.QUOTA_EXCEEDED, STREAMED_MAX + " long answers are being passed on; try again.")
                            .retryAfter(RETRY));
        }
        try {
            copyHeaders(context, received.from(), received.response());
            stream(context, received);
        } finally {
            streams.release();
        }
    }

    private void copyHeaders(Context context, Owner from, ClassicHttpResponse answer) {
        var response = context.res();
        response.setStatus(answer.getCode());
        var set = new HashSet<String>();
        for (Header header : answer.getHeaders()) {
            String lower = header.getName().toLowerCase(Locale.ROOT);
            if (OwnerLink.NOT_PASSED_ON.contains(lower)) {
                continue;
            }
            String value = lower.equals("set-cookie")
                    ? header.getValue().replace(cookieOf(from).name() + '=', cookie.name() + '=')
                    : header.getValue();
            if (set.add(lower)) {
                response.setHeader(header.getName(), value);
            } else {
                response.addHeader(header.getName(), value);
            }
        }
    }

    private static void stream(Context context, Received received) {
        try (InputStream in = received.response().getEntity().getContent()) {
            var out = context.res().getOutputStream();
            out.write(received.body());
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                out.write(chunk, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // A part of the answer has left: the end must not look like its end.
            HttpEdge.client(context).ifPresent(Connections.Client::abort);
            throw new UncheckedIOException(e);
        }
    }

    /** Ends calls that wait for a gateway that is the owner no longer; the client of another is made with its first call. */
    public void ownerChanged() {
        link.ownerChanged();
    }

    @Override
    public void close() {
        link.close();
    }
}
