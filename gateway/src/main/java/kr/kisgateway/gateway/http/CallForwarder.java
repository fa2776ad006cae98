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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * Passes calls on to the gateway of the cluster that owns the accounts, and its answers back. Nothing is sent twice: a call whose
 * answer was lost is refused with {@link ErrorCode#OWNER_UNAVAILABLE}, unless it changes nothing.
 */
public final class CallForwarder implements CallHandler, AutoCloseable {
    /** Connections to the owner, which counts them by address. */
    private static final int CONNECTIONS_MAX = 200;

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
    private record Received(ClassicHttpResponse response, byte[] body, boolean complete) {}

    /**
     * @param owner empty while there is none, or it is this gateway
     * @param tls for owners with an encrypted address
     * @param signature of this gateway
     * @param keysRequired whether callers of this gateway need a key
     * @param cookie of a login at this gateway
     * @param node name of this gateway
     */
    public CallForwarder(
            Supplier<Optional<Owner>> owner,
            Optional<SSLContext> tls,
            NodeSignature signature,
            boolean keysRequired,
            LoginCookie cookie,
            String node) {
        this.link = new OwnerLink(owner, tls, node, CONNECTIONS_MAX);
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

    /** Passes a call on and answers it. */
    @Override
    public void handle(Call call) {
        forward(call.context(), body(call), _ -> {});
    }

    /** An answer that was passed on: its status and its body. */
    public record Passed(int status, byte[] body) {}

    /**
     * The same, and shows the answer if it is short.
     *
     * @throws RefusedException {@link ErrorCode#NO_OWNER} when nothing was done
     */
    public Passed forwardAndShow(Call call) {
        var shown = new AtomicReference<>(new Passed(0, new byte[0]));
        forward(call.context(), body(call), shown::set);
        return shown.get();
    }

    private static byte[] body(Call call) {
        return call.hasBody() ? call.bodyBytes() : new byte[0];
    }

    private void forward(Context context, byte[] body, Consumer<Passed> show) {
        String method = context.req().getMethod();
        String target = target(context);
        if (context.header(ForwardedCall.HEADER) != null) {
            throw link.noOwner(
                    "Gateway " + node + " does not own the accounts, and does not pass on what another passed on.");
        }
        var open = link.open();
        var request = new BasicClassicHttpRequest(method, open.host(), target);
        copyHeaders(context, request, open.owner());
        request.setHeader(ErrorAnswer.TRACE_HEADER, Call.traceId(context));
        request.setHeader(
                ForwardedCall.HEADER,
                ForwardedCall.from(context.req().getRemoteAddr(), keysRequired).header(signature, method, target));
        if (body.length > 0) {
            request.setEntity(new ByteArrayEntity(body, null));
        }
        try (ClassicHttpResponse response = OwnerLink.execute(open, request)) {
            Received received = read(response);
            if (received.complete()) {
                pass(context, open.owner(), received, show);
            } else {
                passLong(context, open.owner(), received);
            }
        } catch (AnswerLostException e) {
            throw new UncheckedIOException(e.reason);
        } catch (IOException e) {
            throw link.failure(e, method, open.owner());
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

    private static Received read(ClassicHttpResponse response) throws IOException {
        if (response.getEntity() == null) {
            return new Received(response, new byte[0], true);
        }
        if (isEvents(response)) {
            return new Received(response, new byte[0], false);
        }
        byte[] body = response.getEntity().getContent().readNBytes(BUFFERED_MAX);
        return new Received(response, body, body.length < BUFFERED_MAX);
    }

    private static boolean isEvents(ClassicHttpResponse response) {
        Header type = response.getFirstHeader("Content-Type");
        return type != null
                && (type.getValue().startsWith(Call.EVENTS) || type.getValue().startsWith(Call.LINES));
    }

    private void pass(Context context, Owner from, Received received, Consumer<Passed> show)
            throws AnswerLostException {
        copyHeaders(context, from, received.response());
        show.accept(new Passed(received.response().getCode(), received.body()));
        try {
            context.res().setContentLength(received.body().length);
            context.res().getOutputStream().write(received.body());
        } catch (IOException e) {
            throw new AnswerLostException(e);
        }
    }

    private void passLong(Context context, Owner from, Received received) throws AnswerLostException {
        if (!streams.tryAcquire()) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.QUOTA_EXCEEDED, STREAMED_MAX + " long answers are being passed on; try again.")
                            .retryAfter(RETRY));
        }
        try {
            copyHeaders(context, from, received.response());
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

    private static void stream(Context context, Received received) throws AnswerLostException {
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
            throw new AnswerLostException(e);
        }
    }

    /** The answer has begun to leave this gateway, and its connection failed, on either side. */
    private static final class AnswerLostException extends IOException {
        private static final long serialVersionUID = 1L;

        private final IOException reason;

        AnswerLostException(IOException reason) {
            super(reason);
            this.reason = reason;
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
