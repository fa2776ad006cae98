package kr.kisgateway.gateway.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.edge.BodyRule;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.trace.IncomingTrace;
import kr.kisgateway.market.NearestWord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer. A handler answers exactly once, or throws a {@link RefusedException}. */
public final class Call {
    /** A host name or address and its port; no character that needs escaping in JSON. */
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::\\d{1,5})?");

    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");
    static final String JSON = "application/json";
    static final String EVENTS = "text/event-stream";
    static final String LINES = "application/x-ndjson";
    /** Body size that most requests stay below. */
    private static final int TYPICAL_BODY_BYTES = 4_096;

    private static final String WEBHOOKS = "/v1/webhooks/";

    private static final String BODY_READ_ATTRIBUTE = "kr.kisgateway.body-read";

    private final Context context;
    private final Caller caller;
    /** The gatekeeper's decision on this call for a higher role. */
    private final Function<Role, Caller> admission;

    private final int bodyBytesMax;
    private final LargeAnswerLimiter answerLimiter;
    private final Exchange exchange;
    private final Optional<ApiVersion> version;
    private final InnerCalls innerCalls;

    Call(
            Context context,
            Exchange exchange,
            Caller caller,
            Function<Role, Caller> admission,
            int bodyBytesMax,
            LargeAnswerLimiter answerLimiter,
            Optional<ApiVersion> version,
            InnerCalls innerCalls) {
        this.innerCalls = innerCalls;
        this.version = version;
        this.context = context;
        this.exchange = exchange;
        this.caller = caller;
        this.admission = admission;
        this.bodyBytesMax = bodyBytesMax;
        this.answerLimiter = answerLimiter;
    }

    /** The caller. */
    public Caller caller() {
        return caller;
    }

    /**
     * The caller, who must have {@code role} because of the body's content.
     *
     * @throws RefusedException as the edge throws for a route with that role
     */
    public Caller require(Role role) {
        return caller.role().covers(role) ? caller : admission.apply(role);
    }

    /** Of a route without a key: the caller whom the handler has authenticated, for the audit. */
    public void madeBy(Caller authenticated) {
        exchange.by(authenticated);
    }

    /** A parameter of the path, decoded. */
    public String pathParameter(String name) {
        return context.pathParam(name);
    }

    /** A query parameter; a repeated one is refused, because either value could be meant. */
    public Optional<String> query(String name) {
        var values = context.queryParams(name);
        if (values.size() > 1) {
            throw invalid(name, "is given more than once");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    public String requiredQuery(String name) {
        return query(name)
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new RefusedException(
                        Refusal.of(ErrorCode.MISSING_FIELD, "The query parameter \"" + name + "\" is required.")
                                .with("field", name)));
    }

    /** The query parameter {@code limit}, an integer from 1 to {@code max}. */
    public int limit(int defaultValue, int max) {
        return wholeNumber("limit", defaultValue, max);
    }

    /** The query parameter {@code name}, an integer from 1 to {@code max}. */
    public int wholeNumber(String name, int defaultValue, int max) {
        return query(name)
                .map(text -> {
                    if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > max) {
                        throw invalid(name, "must be a whole number from 1 to " + max);
                    }
                    return Integer.parseInt(text);
                })
                .orElse(defaultValue);
    }

    /** The value of the cookie by which the caller is logged in, if it sent one. */
    public Optional<String> loginToken() {
        return exchange.credentials().login().map(Gatekeeper.LoginCredentials::token);
    }

    /** The peer's IP address. */
    public String address() {
        return context.req().getRemoteAddr();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(context.header(name));
    }

    /**
     * The address at which the caller reached this server, as {@code http://127.0.0.1:8890}; empty for an invalid Host.
     */
    public Optional<String> baseUrl() {
        String scheme = context.req().isSecure() ? "https" : "http";
        return header("Host").filter(host -> HOST.matcher(host).matches()).map(host -> scheme + "://" + host);
    }

    public String traceId() {
        return traceId(context);
    }

    /** The JSON object of the body, read strictly. */
    public RequestBody body() {
        return body(bodyBytesMax);
    }

    /** The same, of at most {@code bytesMax} bytes, which must not exceed the server's own limit. */
    public RequestBody body(int bytesMax) {
        var type = context.contentType();
        if (type == null || !isJson(type)) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body must be sent as Content-Type: application/json."));
        }
        var body = RequestBody.parse(readBody(Math.min(bytesMax, bodyBytesMax)));
        exchange.read(body);
        return body;
    }

    /** The body as it is, for a protocol with refusals of its own. */
    public String bodyText() {
        return new String(readBody(bodyBytesMax), StandardCharsets.UTF_8);
    }

    /** The body as it is, for another server. */
    byte[] bodyBytes() {
        return readBody(bodyBytesMax);
    }

    Context context() {
        return context;
    }

    /** Makes another call of the API as this call's caller; blocks. */
    public InnerCalls.InnerAnswer make(InnerCalls.InnerCall call) {
        return innerCalls.make(context.req(), context.res(), call);
    }

    /** Whether the request has a body. */
    public boolean hasBody() {
        return context.req().getContentLengthLong() > 0 || context.header("Transfer-Encoding") != null;
    }

    public void answerHeader(String name, String value) {
        context.res().setHeader(name, value);
    }

    /** Answers quotes or bars, which are written by hand. */
    public void answer(JsonBuffer json) {
        exchange.answered(200, Optional.empty());
        answerLimiter.write(context, caller, 200, json.array(), json.length());
    }

    /** Answers a record of the API, or a list of them. */
    public void answer(Object record) {
        answer(200, record);
    }

    /** Answers a record of the API, or a list of them, with this status. */
    public void answer(int status, Object record) {
        answer(status, ApiJson.bytes(inForm(record)));
    }

    /** The record in the form of the call's version. */
    private Object inForm(Object record) {
        return version.map(it -> it.answer(record)).orElse(record);
    }

    /**
     * Makes and answers a page, of which the caller chooses the length. Pages of one key are made one after another:
     * {@code page} must not wait for KIS.
     *
     * @throws RefusedException as {@link AnswerTurns#make}
     */
    public void answerPage(Supplier<Object> page) {
        answer(200, answerLimiter.make(context, caller, () -> ApiJson.bytes(inForm(page.get()))));
    }

    /** As {@link #answerPage}, for quotes and bars, which are written by hand. */
    public void answerWritten(Supplier<JsonBuffer> page) {
        answer(answerLimiter.make(context, caller, page));
    }

    /** As {@link #answerPage}, for a JSON text that is copied. */
    void answerCopied(Supplier<byte[]> json) {
        answer(200, answerLimiter.make(context, caller, json));
    }

    /** Makes and answers a text as {@link #answerPage} does a page. */
    public <T> void answerText(Supplier<T> page, Function<T, String> contentType, Function<T, byte[]> text) {
        var made = answerLimiter.make(context, caller, page);
        var bytes = text.apply(made);
        exchange.answered(200, Optional.empty());
        answerLimiter.write(context, caller, 200, contentType.apply(made), bytes, bytes.length);
    }

    /** Answers a JSON text that exists already, for example a stored first answer. */
    public void answer(int status, byte[] json) {
        exchange.answered(status, code(status));
        answerLimiter.write(context, caller, status, json, json.length);
    }

    /**
     * Starts an answer of Server-Sent Events, which lasts until the handler returns.
     *
     * @param writeLimit how long the socket may accept nothing; events must be sent more often than that
     */
    public EventConnection startEvents(Duration writeLimit) {
        return EventAnswer.begin(context, EVENTS, writeLimit);
    }

    /**
     * Starts an answer of JSON objects, one per line, which lasts until the handler returns; parameters as {@link
     * #startEvents}.
     */
    public EventConnection startLines(Duration writeLimit) {
        return EventAnswer.begin(context, LINES, writeLimit);
    }

    /** Refuses, naming a path, query or header value. */
    public static RefusedException invalid(String name, String what) {
        return new RefusedException(Refusal.of(ErrorCode.INVALID_FIELD, "The value \"" + name + "\" " + what + ".")
                .with("field", name));
    }

    /** Refuses a path or query value that is none of {@code accepted}, with the probably intended one. */
    public static RefusedException notOneOf(String name, String given, List<String> accepted) {
        return new RefusedException(invalid(name, "must be one of " + String.join(", ", accepted))
                .refusal()
                .suggesting(given, accepted));
    }

    /** Refuses a query parameter that is not in {@code known}, with the probably intended one. */
    static RefusedException unknownQuery(String name, List<String> allowed) {
        var meant = NearestWord.of(name, allowed);
        var refusal = invalid(
                        RequestBody.truncate(name),
                        "is no query parameter of this call; "
                                + meant.map(it -> "did you mean \"" + it + "\"? It")
                                        .orElse("it") + " takes "
                                + (allowed.isEmpty() ? "none" : String.join(", ", allowed)))
                .refusal();
        return new RefusedException(
                meant.map(it -> refusal.with("suggestion", it)).orElse(refusal));
    }

    /** The path for the log: what follows the name of a webhook is its secret. */
    static String loggedPath(Context context) {
        String path = context.path();
        int end = path.startsWith(WEBHOOKS) ? path.indexOf('/', WEBHOOKS.length()) : -1;
        return end < 0 ? path : path.substring(0, end) + "/***";
    }

    /** What the audit records of an answer with {@code status} that is no refusal; empty for a success. */
    static Optional<String> code(int status) {
        return status < 400 ? Optional.empty() : Optional.of("HTTP_" + status);
    }

    /** The trace that the request belongs to. */
    static IncomingTrace trace(Context context) {
        return (IncomingTrace)
                Objects.requireNonNull(context.req().getAttribute(EdgeGuard.TRACE), "set by the first handler");
    }

    static String traceId(Context context) {
        return trace(context).id();
    }

    static void answer(Context context, int status, Object record) {
        byte[] json = ApiJson.bytes(record);
        answer(context, status, json, json.length);
    }

    static void answer(Context context, int status, byte[] json, int length) {
        answer(context, status, JSON, json, length);
    }

    static void answer(Context context, int status, String contentType, byte[] json, int length) {
        var response = context.res();
        response.setStatus(status);
        response.setContentType(contentType);
        response.setContentLength(length);
        try {
            // Directly into the server's buffer: a stream object in between costs a fifth of a quote.
            response.getOutputStream().write(json, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a handler has read the body, so that nothing is left to drain. */
    static boolean isBodyRead(Context context) {
        return context.req().getAttribute(BODY_READ_ATTRIBUTE) != null;
    }

    private byte[] readBody(int bytesMax) {
        long announced = context.req().getContentLengthLong();
        context.req().setAttribute(BODY_READ_ATTRIBUTE, true);
        if (announced > bytesMax) {
            throw tooLarge(bytesMax);
        }
        // Without a length the stream's own method allocates 16 KiB for the smallest order. A length is only announced:
        // memory is allocated as the bytes arrive.
        int max = announced >= 0 ? (int) announced : bytesMax + 1;
        var client = HttpEdge.client(context);
        client.ifPresent(Connections.Client::awaitBody);
        try {
            var body = new byte[Math.min(max, TYPICAL_BODY_BYTES)];
            var in = context.req().getInputStream();
            int length = in.readNBytes(body, 0, body.length);
            while (length == body.length && length < max) {
                body = Arrays.copyOf(body, Math.min(max, 2 * length));
                length += in.readNBytes(body, length, body.length - length);
            }
            if (length > bytesMax) {
                throw tooLarge(bytesMax);
            }
            return length == body.length ? body : Arrays.copyOf(body, length);
        } catch (IOException | RuntimeException e) {
            if (e instanceof RuntimeException unexpected && !BodyRule.isUnreadable(e)) {
                throw unexpected;
            }
            LOG.debug("body_not_read path={}", loggedPath(context), e);
            context.res().setHeader("Connection", "close");
            throw new RefusedException(
                    Refusal.of(ErrorCode.INVALID_FIELD, "The body is incomplete, or its chunks cannot be read.")
                            .with("field", "body"));
        } finally {
            client.ifPresent(Connections.Client::beginRequest);
        }
    }

    private static RefusedException tooLarge(int bytesMax) {
        return new RefusedException(
                Refusal.of(ErrorCode.BODY_TOO_LARGE, "The body has more than " + bytesMax + " bytes.")
                        .with("bytes_max", bytesMax));
    }

    private static boolean isJson(String type) {
        var parts = type.toLowerCase(Locale.ROOT).split(";", 2);
        var charset = parts.length == 2 ? parts[1].replace("\"", "").strip() : "charset=utf-8";
        return parts[0].strip().equals(JSON) && charset.equals("charset=utf-8");
    }
}
